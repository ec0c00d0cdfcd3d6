package engine

import (
	"context"
	"sync"
	"time"
)

// patienceForOthers is how long a check that is run again alone waits for calls of other checks which those have given up.
const patienceForOthers = 5 * time.Second

// flight counts the calls that the store has not returned from, given up or not.
type flight struct {
	mu    sync.Mutex
	calls int
	lost  int           // how many were left when they were last waited for in vain
	empty chan struct{} // closed when the last of them ends; nil without calls
}

// leave counts a call until the returned function is called.
func (f *flight) leave() (arrive func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls++; f.calls == 1 {
		f.empty = make(chan struct{})
	}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.calls--; f.calls == 0 {
			close(f.empty)
			f.empty = nil
		}
	}
}

// wait returns when no call is left, or after some time. Calls that it has waited for in vain it does not wait for again.
func (f *flight) wait(ctx context.Context, atMost time.Duration) {
	f.mu.Lock()
	calls, empty := f.calls, f.empty
	lost := min(f.lost, calls)
	f.mu.Unlock()
	if calls == lost {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	select {
	case <-empty:
	case <-ctx.Done():
		f.mu.Lock()
		defer f.mu.Unlock()
		f.lost = f.calls
	}
}
