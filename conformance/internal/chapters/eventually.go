package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// eventually calls done until it returns true, at growing distances, and gives up after the time of a call.
func eventually(t *engine.C, done func() bool) bool {
	waited := time.Duration(0)
	for step := 2 * time.Millisecond; !done(); step *= 2 {
		if waited >= t.CallTimeout("destroy") {
			return false
		}
		t.Until(t.Now().Add(step))
		waited += step
	}
	return true
}
