package wire

import (
	"io"
	"sync"
)

// An Outbox writes messages to w in the background. It writes all that are queued at once, because a write costs more than a message.
// Sending never blocks, so a reader that stalls cannot stall the sender. The calls in flight bound the queue.
type Outbox struct {
	w    io.WriteCloser
	wake chan struct{}
	Done chan struct{} // closed when all is written

	mu      sync.Mutex
	queue   []byte
	closed  bool
	writing bool
}

// NewOutbox starts an Outbox. A failed write is reported to failed, once, from the Outbox's goroutine.
func NewOutbox(w io.WriteCloser, failed func(error)) *Outbox {
	o := &Outbox{w: w, wake: make(chan struct{}, 1), Done: make(chan struct{})}
	go o.run(failed)
	return o
}

func (o *Outbox) run(failed func(error)) {
	defer close(o.Done)
	defer o.w.Close() //nolint:errcheck // whether everything was written is known before
	var spare []byte  // the memory of the previous batch, for the queue
	for {
		o.mu.Lock()
		batch, closed := o.queue, o.closed
		o.queue = spare[:0]
		o.writing = len(batch) > 0
		o.mu.Unlock()
		if spare = batch; cap(spare) > 1<<20 {
			spare = nil
		}
		if len(batch) == 0 {
			if closed {
				return
			}
			<-o.wake
			continue
		}
		_, err := o.w.Write(batch)
		if err != nil {
			failed(err)
			return
		}
	}
}

// Send queues one message and the newline that ends it.
func (o *Outbox) Send(message []byte) { o.put(message, false) }

// SendAlone is Send for a message that no other one follows soon. If w takes the message at once, the background is not needed.
func (o *Outbox) SendAlone(message []byte) { o.put(message, true) }

func (o *Outbox) put(message []byte, alone bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	idle := len(o.queue) == 0 && !o.writing
	o.queue = append(append(o.queue, message...), '\n')
	if alone && idle {
		// The background writes the rest, and meets the error if there is one.
		n := writeSome(o.w, o.queue)
		o.queue = append(o.queue[:0], o.queue[n:]...)
	}
	if len(o.queue) > 0 {
		o.signal()
	}
}

// Finish makes the Outbox write its queue, close w and end. It does not wait.
func (o *Outbox) Finish() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.signal()
}

// Busy reports whether something has not been written yet.
func (o *Outbox) Busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.writing || len(o.queue) > 0
}

func (o *Outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}
