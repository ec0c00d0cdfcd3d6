package conformance

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// lateError is from when on an error is one that the store did not have at once: it has waited for something, and given up.
const lateError = 200 * time.Millisecond

// aftermath is how long a store may be the worse for it that it has given up, such as one that tries its backend no more for a while.
const aftermath = 10 * time.Second

// givenUp tells when a call was last answered with a late error. On a machine that is busy, with these checks or anything else, a store that
// waits for its backend for a bounded time gives up although nothing is wrong with it.
type givenUp struct {
	mu   sync.Mutex
	last time.Time
}

// note remembers a call that was answered with err, nil for success, after some time.
func (g *givenUp) note(err error, took time.Duration) {
	if err == nil || took < lateError || !answered(err) || errors.Is(err, fs.ErrNotExist) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = time.Now()
}

// bears reports whether it may have a bearing on a check that has begun then and is over now.
func (g *givenUp) bears(begun time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.last.IsZero() && g.last.Add(aftermath).After(begun)
}

// rests are made before a check is tried again by itself.
var rests = []time.Duration{500 * time.Millisecond, 2 * time.Second}

// rested tries a check that failed while calls were given up again, by itself: what a busy machine has brought about is not held against
// the store. Only a pass takes the failure away, and tells of it: a fault that shows now and then looks the same. A check whose calls left
// it nothing to judge is tried again as well.
func (s *suite) rested(ctx context.Context, c check, begun time.Time, v contract.Verdict) contract.Verdict {
	for n, rest := range rests {
		undecided := v.Status == contract.Skip && len(v.Calls) > 0
		if v.Status != contract.Fail && !undecided || !s.givenUp.bears(begun) {
			break
		}
		select {
		case <-ctx.Done():
			return v
		case <-time.After(rest):
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
