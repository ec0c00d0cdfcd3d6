package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// eventually calls done until it returns true, at growing distances, and gives up after the time of a call.
func eventually(t *engine.C, done func() bool) bool {
	return eventuallyWithin(t, t.CallTimeout("destroy"), done)
}

// eventuallyWithin is eventually for something that takes a store at most some time.
func eventuallyWithin(t *engine.C, limit time.Duration, done func() bool) bool {
	waited := time.Duration(0)
	for step := 2 * time.Millisecond; !done(); step *= 2 {
		if waited >= limit {
			return false
		}
		t.Until(t.Now().Add(step))
		waited += step
	}
	return true
}
