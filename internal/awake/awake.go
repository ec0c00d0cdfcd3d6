// Package awake has timers that count only the time while this process runs. A process that was stopped, or whose machine was suspended, has
// not really waited: the awaited event may be there when the process goes on.
package awake

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A timer divides its time into steps, between the shortest and the longest, and looks at the clock after each. No timer is exact, so the time
// between two looks counts up to a stretched step. If more has passed, the process stood still.
const (
	steps    = 10
	shortest = time.Millisecond
	longest  = 100 * time.Millisecond
	stretch  = 2
)

// A Timer calls a function once.
type Timer struct {
	f    func()
	step time.Duration

	mu      sync.Mutex
	timer   *time.Timer
	left    time.Duration
	since   time.Time // the time of the last look
	stopped bool
}

// AfterFunc calls f in a goroutine of its own when d has passed awake.
func AfterFunc(d time.Duration, f func()) *Timer {
	t := &Timer{f: f, step: min(max(d/steps, shortest), longest), left: d, since: time.Now()}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(min(t.step, d), t.look)
	return t
}

// Stop prevents the call of the function, unless it was called already.
func (t *Timer) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	t.timer.Stop()
}

// count subtracts the time that has passed awake. The caller holds the lock.
func (t *Timer) count() {
	now := time.Now()
	t.left -= min(now.Sub(t.since), stretch*t.step)
	t.since = now
}

// end is the earliest time at which the function is called.
func (t *Timer) end() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count()
	return t.since.Add(t.left)
}

func (t *Timer) look() {
	t.mu.Lock()
	t.count()
	over := t.left <= 0 && !t.stopped
	if !over && !t.stopped {
		t.timer.Reset(min(t.step, t.left))
	}
	t.mu.Unlock()
	if over {
		t.f()
	}
}

// WithTimeout is context.WithTimeout for a time awake. Deadline is the earliest end. It moves when the process stands still; the deadline of a
// connection that was set from it does not. When the time is over, derived contexts are cancelled with context.DeadlineExceeded as the cause.
func WithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return WithTimeoutCause(parent, d, context.DeadlineExceeded)
}

// WithTimeoutCause is WithTimeout with another cause.
func WithTimeoutCause(parent context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	t := AfterFunc(d, func() { cancel(&timeout{cause}) })
	return bounded{ctx, t}, func() {
		t.Stop()
		cancel(nil)
	}
}

// A timeout is the cause when the time is over.
type timeout struct{ error }

func (t *timeout) Unwrap() error { return t.error }

// bounded is a context with a time awake.
type bounded struct {
	context.Context
	timer *Timer
}

func (b bounded) Deadline() (time.Time, bool) {
	own := b.timer.end()
	if parents, ok := b.Context.Deadline(); ok && parents.Before(own) {
		return parents, true
	}
	return own, true
}

// Err returns context.DeadlineExceeded when the time is over, its own or a parent's.
func (b bounded) Err() error {
	err := b.Context.Err()
	if err != nil {
		if _, over := errors.AsType[*timeout](context.Cause(b.Context)); over {
			return context.DeadlineExceeded
		}
	}
	return err
}
