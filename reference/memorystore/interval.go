package memorystore

import (
	"sync"
	"time"
)

// An interval is the goroutine that prunes, if there is one.
type interval struct {
	mu     sync.Mutex
	stop   chan struct{} // nil: there is none
	closed bool
}

// end ends the goroutine. The caller holds the lock.
func (i *interval) end() {
	if i.stop != nil {
		close(i.stop)
		i.stop = nil
	}
}

// Prune removes the sessions that have expired and returns their number. It does not change the order of use. Other calls get their turn in
// between.
func (s *Store) Prune() int {
	s.mu.Lock()
	s.pruning++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pruning--
		s.condense()
	}()
	n := 0
	for c := uint32(0); ; c++ {
		gone, removed, more := s.pruneChunk(c)
		s.dispose(gone)
		n += removed
		if !more {
			return n
		}
	}
}

// pruneChunk prunes one chunk of the slab, and reports whether there are others.
func (s *Store) pruneChunk(c uint32) (gone departures, n int, more bool) {
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if int(c) >= len(s.slab.chunks) {
		return nil, 0, false
	}
	for i := c << chunkBits; i < (c+1)<<chunkBits && i < s.slab.made; i++ {
		if s.slab.at(i).expired(now) {
			gone = append(gone, s.drop(i, Expired)...)
			n++
		}
	}
	return gone, n, true
}

// start begins to prune every period, in place of an earlier interval. Zero or less only ends the earlier one.
func (i *interval) start(period time.Duration, prune func() int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.end()
	if period <= 0 || i.closed {
		return
	}
	stop := make(chan struct{})
	i.stop = stop
	go func() {
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				prune()
			case <-stop:
				return
			}
		}
	}()
}

// close ends the goroutine for good.
func (i *interval) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.end()
	i.closed = true
}

// StartInterval begins to prune every period, in place of an earlier interval. Zero or less only ends the earlier one. A closed store starts no
// interval.
func (s *Store) StartInterval(period time.Duration) { s.interval.start(period, s.Prune) }

// StopInterval ends the interval, if there is one. It does not wait for a running prune, so Dispose may call it.
func (s *Store) StopInterval() { s.StartInterval(0) }
