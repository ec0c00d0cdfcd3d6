package engine

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

const (
	// lateError is how long a store takes for an error that it did not have at once: it has waited for something and given up.
	lateError = 200 * time.Millisecond
	// aftermath is how long a store may be the worse for having given up, such as one that leaves its backend alone for a while.
	aftermath = 10 * time.Second
)

// giveUps remembers when a call was last answered with a late error, and when one was last not answered whose like had been. On a busy machine a
// store that waits for its backend for a bounded time gives up although nothing is wrong with it. A store that stands still for a call of one
// check answers no other.
type giveUps struct {
	mu         sync.Mutex
	last, hung time.Time
}

// note remembers a call that was answered with err, nil for success, after some time. A call of a slow store that was not answered in time
// may have waited for others.
func (g *giveUps) note(err error, took time.Duration, slow bool) {
	if err == nil || took < lateError || !answered(err) && !slow || errors.Is(err, fs.ErrNotExist) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = time.Now()
}

// noteHang remembers a call that was not answered although others of its kind were.
func (g *giveUps) noteHang() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hung = time.Now()
}

// mayConcern reports whether a late error, or for a check that ran beside others an unanswered call, may have to do with a check that has begun
// at some time and is over now.
func (g *giveUps) mayConcern(begun time.Time, beside bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	within := func(at time.Time) bool { return !at.IsZero() && at.Add(aftermath).After(begun) }
	return within(g.last) || beside && within(g.hung)
}

// pauses come before the retries of a check.
var pauses = []time.Duration{500 * time.Millisecond, 2 * time.Second}

// retryAfterPause reruns, alone, a check that failed while some call was given up: what a busy machine has brought about is not held
// against the store. Only a pass takes the failure away, and tells of it: a fault that shows now and then looks the same. A check that had
// nothing to judge because of its calls is rerun as well.
func (s *Suite) retryAfterPause(ctx context.Context, c Check, begun time.Time, beside bool, v contract.Verdict) contract.Verdict {
	for n, pause := range pauses {
		undecided := v.Status == contract.Skip && len(v.Calls) > 0
		if v.Status != contract.Fail && !undecided || !s.conditionOf(c).giveUps.mayConcern(begun, beside && n == 0) {
			break
		}
		select {
		case <-ctx.Done():
			return v
		case <-time.After(pause):
		}
		begun = time.Now()
		again, _ := s.tries(ctx, c, true, attempts+n)
		switch {
		case again.Status == contract.Pass && v.Status == contract.Fail:
			again.Observed = strings.TrimPrefix(again.Observed+"; failed while calls were given up, and not by itself: "+v.Message, "; ")
			return again
		case again.Status == contract.Pass:
			return again
		case again.Status == v.Status, again.Status == contract.Fail:
			v = again
		default:
			return v
		}
	}
	return v
}
