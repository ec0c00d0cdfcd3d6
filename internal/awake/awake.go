// Package awake bounds a time by what passes of it while this process runs. A process that was stopped, or whose machine was suspended or
// stood still, has waited for nothing meanwhile: what it waits for may be there when it goes on.
package awake

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A timer looks whether the process runs, so many times in its time, but no more often than after the shortest step and no less often than
// after the longest. Between two looks a step counts, stretched at most, since no timer is exact: where more has passed, the process stood
// still.
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
	since   time.Time // when left was so
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

// Stop keeps the function from being called, if it was not yet.
func (t *Timer) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	t.timer.Stop()
}

// count takes what has passed awake from what is left. The caller holds the lock.
func (t *Timer) count() {
	now := time.Now()
	t.left -= min(now.Sub(t.since), stretch*t.step)
	t.since = now
}

// end is when the function is called at the earliest.
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

// WithTimeout is context.WithTimeout for a time awake. Deadline tells the earliest end: it moves when the process stands still, and what was
// made of it, such as the deadline of a connection, does not. Contexts that are derived from it are cancelled when its time is over, with
// context.DeadlineExceeded as the cause.
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

// A timeout is the cause of an end that the time has brought.
type timeout struct{ error }

func (t *timeout) Unwrap() error { return t.error }

// bounded is a context that was given a time.
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

// Err tells the end of the time, its own or that of a parent, as that of any deadline.
func (b bounded) Err() error {
	err := b.Context.Err()
	if err != nil {
		if _, over := errors.AsType[*timeout](context.Cause(b.Context)); over {
			return context.DeadlineExceeded
		}
	}
	return err
}
