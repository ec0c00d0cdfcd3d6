package bridge

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// maxNoise is how much a program may write to its standard output that is not the protocol.
const maxNoise = 16 << 20

// A link is the channel under the JSON-RPC client of a process. The client forgives what it cannot place; the link does not: it
// keeps the books on the requests, so that a reply to nothing is a diagnosis and not a reply that never came.
type link struct {
	p   *Process
	out *outbox
	in  *lineReader
	// check validates a message, with Options.Validate.
	check *checker

	mu      sync.Mutex
	pending map[int64]request
	last    int64
	noise   noise
}

// A request is what a diagnosis tells of a request.
type request struct {
	ID     int64  `json:"id"`
	Method string `json:"method"`
	Params struct {
		Method string          `json:"method"`
		ID     json.RawMessage `json:"id"`
	} `json:"params"`
}

func (r request) String() string {
	if r.Method != "call" {
		return r.Method
	}
	return string(bytes.TrimSpace(slices.Concat([]byte(r.Params.Method+" "), r.Params.ID)))
}

// noise is what a program wrote to its standard output beside the protocol.
type noise struct {
	lines int
	bytes int
	first []string
}

func (n *noise) add(line []byte) {
	n.lines++
	n.bytes += len(line)
	if len(n.first) < 3 {
		n.first = append(n.first, shorten(line))
	}
}

// Send implements channel.Channel.
func (l *link) Send(message []byte) error {
	var r request
	if err := json.Unmarshal(message, &r); err != nil {
		return fmt.Errorf("bridge: request: %w", err)
	}
	if l.check != nil {
		if err := l.check.request(r.Method, message); err != nil {
			return l.p.fail(Invalid, fmt.Sprintf("was to be sent a %s request that violates the protocol: %v", r.Method, err),
				"this is a fault of storecheck, not of the target")
		}
	}
	l.mu.Lock()
	l.pending[r.ID] = r
	l.last = max(l.last, r.ID)
	l.mu.Unlock()
	l.out.send(message)
	return nil
}

// Recv implements channel.Channel.
func (l *link) Recv() (message []byte, err error) {
	defer func() {
		if err != nil {
			l.p.readOnce.Do(func() { close(l.p.readDone) })
		}
	}()
	for {
		line, err := l.in.next()
		switch {
		case err == errLineTooLong && line[0] == '{':
			return nil, l.p.fail(TooLarge, fmt.Sprintf("wrote a message of more than %d MiB", maxFrame>>20), "", line)
		case err == nil && line[0] == '{' && bytes.Contains(line, []byte(`"jsonrpc"`)):
			return line, l.receive(line)
		case err != nil && err != errLineTooLong:
			return nil, l.p.outputEnded()
		}
		l.mu.Lock()
		l.noise.add(line)
		flood := l.noise.bytes > maxNoise
		l.mu.Unlock()
		if flood {
			return nil, l.p.fail(Flood, fmt.Sprintf("wrote more than %d MiB to its standard output that are not the protocol", maxNoise>>20),
				"standard output belongs to the protocol: write everything else to standard error", []byte(l.firstNoise()))
		}
	}
}

// receive takes the message of one line.
func (l *link) receive(line []byte) error {
	var m struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  *string         `json:"method"`
		Result  json.RawMessage `json:"result"`
		Error   *struct {
			Code    *int    `json:"code"`
			Message *string `json:"message"`
		} `json:"error"`
	}
	bad := func(why string) error {
		return l.p.fail(BadReply, "wrote a message that is no JSON-RPC reply: "+why, "", line)
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return bad(err.Error())
	}
	switch {
	case m.Version != "2.0":
		return bad(`the member jsonrpc is not "2.0"`)
	case m.Method != nil:
		return bad("it has a method; a target answers and never asks")
	case (m.Result == nil) == (m.Error == nil):
		return bad("it needs either a result or an error")
	case m.Error != nil && (m.Error.Code == nil || m.Error.Message == nil):
		return bad("an error needs a code and a message")
	case m.Error != nil && (len(m.ID) == 0 || string(m.ID) == "null"):
		return bad("the target could not read a request: " + *m.Error.Message)
	}
	id, err := strconv.ParseInt(string(m.ID), 10, 64)
	l.mu.Lock()
	r, waiting := l.pending[id]
	delete(l.pending, id)
	last := l.last
	l.mu.Unlock()
	switch {
	case err != nil || id < 1 || id > last:
		return l.p.fail(UnknownReply, fmt.Sprintf("answered a request that was never made: id %s", cmp.Or(string(m.ID), "missing")),
			"a reply carries the id of its request unchanged, as a number")
	case !waiting:
		return l.p.fail(DoubleReply, fmt.Sprintf("answered request %d twice", id),
			"every request is answered once; a callback that comes again is counted in the outcome or reported as an event")
	}
	if l.check != nil {
		if err := l.check.reply(r.Method, line); err != nil {
			return l.p.fail(Invalid, fmt.Sprintf("answered %s with a message that violates the protocol: %v", r.Method, err), "", line)
		}
	}
	return nil
}

// Close implements channel.Channel. It ends the input of the program.
func (l *link) Close() error {
	l.out.finish()
	return nil
}

// unanswered returns the calls that wait for an answer, oldest first.
func (l *link) unanswered() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var calls []string
	for _, id := range slices.Sorted(maps.Keys(l.pending)) {
		if r := l.pending[id]; r.Method != "ping" {
			calls = append(calls, r.String())
		}
	}
	return calls
}

// firstNoise returns the first line of noise, or "".
func (l *link) firstNoise() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.noise.first) == 0 {
		return ""
	}
	return l.noise.first[0]
}
