package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/conformance/subject"
)

// Slack is added to the granularity before a session must be gone, for the time that calls and timers take.
const Slack = 500 * time.Millisecond

// clock is the clock that the stores of the check live by, nil for that of the system.
func (t *C) clock() subject.Clock {
	if t.suite.passing != nil && t.check.When == apart {
		return nil
	}
	return t.suite.subject.Clock
}

// passing moves the clock of the check, together with the others that live by it. It is nil for a clock that others do not wait for.
func (t *C) passing() *passing {
	if t.check.When == apart {
		return nil
	}
	return t.suite.passing
}

// Now is the time by the clock that the store lives by.
func (t *C) Now() time.Time { return now(t.clock()) }

// now is the time by a clock that may be nil.
func now(c subject.Clock) time.Time {
	if c != nil {
		return c.Now()
	}
	return time.Now()
}

// ProcessNow is the time by the clock that the stores of OpenProcess, OpenInZone, Faulty and Refusing live by.
func (t *C) ProcessNow() time.Time {
	if t.suite.passing == nil {
		return time.Now()
	}
	return t.Now()
}

// Until waits until the store's clock shows at least when. A clock that can be moved is moved there.
func (t *C) Until(when time.Time) {
	d := when.Sub(t.Now())
	if d <= 0 {
		return
	}
	// Without the line the calls after it look absurd to a reader.
	t.Log("… %s later …", passed(d))
	switch clock, passing := t.clock(), t.passing(); {
	case clock == nil:
		t.Pause(d)
	case passing == nil:
		clock.Advance(d)
	default:
		if err := passing.wait(t, when); err != nil {
			t.Broken(fmt.Errorf("the run was stopped: %w", err))
		}
	}
}

// passed writes how much time passes.
func passed(d time.Duration) string {
	const day = 24 * time.Hour
	switch whole := d.Round(time.Hour) / day; {
	case whole >= 2:
		return fmt.Sprintf("%d days and %s", d/day, (d % day).Round(time.Second))
	case d > time.Hour:
		return d.Round(time.Second).String()
	}
	return phrase.Milliseconds(d)
}

// Pause waits in real time, for what a store may do on its own after it has answered.
func (t *C) Pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Done():
		t.Broken(fmt.Errorf("the run was stopped: %w", context.Cause(t)))
	}
}

// Injected reports whether the store's clock stands still until the suite moves it.
func (t *C) Injected() bool { return t.suite.subject.Clock != nil && t.suite.passing == nil }

// Moves reports whether the suite moves the clock that the store lives by: then weeks pass at once.
func (t *C) Moves() bool { return t.clock() != nil }

// Granularity is how exactly the store keeps time.
func (t *C) Granularity() time.Duration { return t.suite.subject.AssumedGranularity() }

// Patient multiplies the time that each call of this check may take, for calls that move much data.
func (t *C) Patient(factor int) { t.timeFactor = time.Duration(factor) }

// FullTimeout is how long a call may take of which nothing else is known.
func (t *C) FullTimeout() time.Duration { return t.suite.settings.CallTimeout }

// Pace is how long a call may be expected to take, beside the checks that run now. It is zero where that is too short to matter.
func (t *C) Pace() time.Duration { return t.condition.pace.expected() }

// WaitInFull has each call of this check waited for as long as a call may take, whatever has hung before, until the function that it returns is
// called. It is for calls whose like was just answered, and which are many at once.
func (t *C) WaitInFull() (end func()) {
	t.waitsInFull = true
	return func() { t.waitsInFull = false }
}

// CallTimeout is how long a call of a method may take now. It is shorter where calls of the method were not answered before.
func (t *C) CallTimeout(method string) time.Duration {
	if t.waitsInFull {
		return t.FullTimeout() * t.timeFactor
	}
	return t.condition.patience.limit(method) * t.timeFactor
}
