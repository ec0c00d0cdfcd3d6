package chapters

import (
	"errors"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/probe"
)

// expectRefusal fails the check unless err is nil or a refusal, which is an error that the caller is told of. These are no refusals: a panic,
// an exception, silence, and a promise that is rejected without a callback, for which nobody waits.
func expectRefusal(t *engine.C, err error) {
	var crash *engine.Panicked
	var failure *probe.Failure
	none := errors.As(err, &crash) || errors.Is(err, engine.ErrTimedOut)
	if errors.As(err, &failure) {
		none = !failure.CalledBack()
	}
	if none {
		t.Fail("wanted    success, or an error as the answer\ngot       %v", err)
	}
}
