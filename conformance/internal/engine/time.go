package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

// Slack is added to the granularity before a session must be gone, for the time that calls and timers take.
const Slack = 500 * time.Millisecond

// Now is the time by the clock that the store lives by.
func (t *C) Now() time.Time {
	if clock := t.suite.subject.Clock; clock != nil {
		return clock.Now()
	}
	return time.Now()
}

// Until waits until the store's clock shows at least when. An injected clock is moved there.
func (t *C) Until(when time.Time) {
	d := when.Sub(t.Now())
	if d <= 0 {
		return
	}
	// Without the line the calls after it look absurd to a reader.
	t.Log("… %s later …", phrase.Milliseconds(d))
	if clock := t.suite.subject.Clock; clock != nil {
		clock.Advance(d)
	} else {
		t.Pause(d)
	}
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

// Injected reports whether the suite moves the store's clock.
func (t *C) Injected() bool { return t.suite.subject.Clock != nil }

// Granularity is how exactly the store keeps time.
func (t *C) Granularity() time.Duration { return t.suite.subject.AssumedGranularity() }

// Patient multiplies the time that each call of this check may take, for calls that move much data.
func (t *C) Patient(factor int) { t.timeFactor = time.Duration(factor) }

// FullTimeout is how long a call may take of which nothing else is known.
func (t *C) FullTimeout() time.Duration { return t.suite.settings.CallTimeout }

// Pace is how long a call may be expected to take, beside the checks that run now. It is zero where that is too short to matter.
func (t *C) Pace() time.Duration { return t.condition.pace.expected() }

// CallTimeout is how long a call of a method may take now. It is shorter where calls of the method were not answered before.
func (t *C) CallTimeout(method string) time.Duration {
	return t.condition.patience.limit(method) * t.timeFactor
}
