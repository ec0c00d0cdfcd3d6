package memorystore

import (
	"sync"
	"time"
)

// An interval is the goroutine that prunes, when there is one.
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

// Prune removes the sessions that have expired and returns how many they were. The order of use stays as it is. Other calls get their turn
// in between.
func (s *Store) Prune() int {
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

// StartInterval prunes every period from now on, in place of what interval there was; zero and less only ends that one. A closed store starts
// none.
func (s *Store) StartInterval(period time.Duration) {
	s.interval.mu.Lock()
	defer s.interval.mu.Unlock()
	s.interval.end()
	if period <= 0 || s.interval.closed {
		return
	}
	stop := make(chan struct{})
	s.interval.stop = stop
	go func() {
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.Prune()
			case <-stop:
				return
			}
		}
	}()
}

// StopInterval ends the pruning. It may be called when there is none, and does not wait for a prune that runs: Dispose may call it.
func (s *Store) StopInterval() { s.StartInterval(0) }
