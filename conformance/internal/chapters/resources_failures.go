package chapters

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

func resourcesAfterFailures(t *engine.C) {
	i := t.Open()
	kinds := 0
	for _, call := range refusedCalls(t, i) {
		if failAgainAndAgain(t, i, call) {
			kinds++
			expectService(t, i)
		}
	}
	kinds += failDamaged(t, i)
	if t.Has(contract.NeedBreak) {
		if !t.Subject().Shared {
			i.Close()
		}
		// An instance whose backend fails serves no more, but it answers.
		i = t.Open()
		id := t.ID()
		i.Set(id, t.Session("user", t.Tag()))
		breakBackend(i)
		for _, call := range brokenCalls(t, i, id) {
			if failAgainAndAgain(t, i, call) {
				kinds++
			}
		}
	}
	if kinds == 0 {
		t.Skip("no call could be made to fail")
	}
}

// failDamaged makes calls on a damaged record, repairs it, and looks what the store does then. Whether other sessions can be read beside a
// damaged record is what another requirement judges. failDamaged returns how many kinds of calls fail.
func failDamaged(t *engine.C, i *engine.Instance) (kinds int) {
	id, session := t.ID(), t.Session("user", t.Tag(), "text", engine.LongText)
	if !t.Has(contract.NeedCorrupt) || !couldDamageRecord(t, id, func() { i.Set(id, session) }) {
		return 0
	}
	repaired := false
	repair := func() {
		// Some stores cannot destroy what they cannot read.
		repaired = i.TrySet(id, session) == nil && i.TryDestroy(id) == nil
	}
	t.AtEnd(func(context.Context) {
		if !repaired {
			repair()
		}
	})
	served, _ := serves(t, i) // beside the damaged record
	for _, call := range damagedCalls(t, i, id, session) {
		if failAgainAndAgain(t, i, call) {
			kinds++
		}
	}
	if repair(); kinds > 0 && (served || repaired) {
		expectService(t, i)
	}
	return kinds
}

const (
	failures       = 50
	failuresAtOnce = 10
	// A slow store is asked until this time is over, and so often at least.
	timeForFailures = time.Second
	fewestFailures  = 20
)

// failAgainAndAgain makes a call fail many times, some at once, and fails the check when one is not answered. It reports false for a call that
// does not fail.
func failAgainAndAgain(t *engine.C, i *engine.Instance, call failingCall) bool {
	start := time.Now()
	if err := call.make(0); err == nil || !isAnswer(err) {
		return false // another requirement judges a call that is never answered
	}
	// Some stores leave other calls of the method unanswered, as those of a session that has no JSON. That says nothing of these, which take longer
	// together.
	defer t.WaitInFull()()
	for n := 1; n < failures; n += failuresAtOnce {
		if n > fewestFailures && time.Since(start) > timeForFailures {
			break
		}
		for _, err := range t.Parallel(failuresAtOnce, func(k int) error { return call.make(n + k) }) {
			if err != nil && !isAnswer(err) {
				t.Fail("wanted    an answer to %s%s, which fails\ngot       one %d times, and then none: %v", i.Name(), call.what, n, err)
			}
		}
	}
	return true
}

// isAnswer reports whether the store has answered with the error.
func isAnswer(err error) bool {
	if failure, ok := errors.AsType[*probe.Failure](err); ok {
		return !failure.NoCallback()
	}
	return !errors.Is(err, engine.ErrTimedOut)
}

// expectService fails the check unless set and get of an ordinary session succeed before long. A store may leave its backend alone for a while.
func expectService(t *engine.C, i *engine.Instance) {
	defer t.WaitInFull()()
	const mostHangs = 2
	hung := 0
	for step, waited := 20*time.Millisecond, time.Duration(0); ; step, waited = 2*step, waited+step {
		ok, err := serves(t, i)
		if ok {
			return
		}
		if err != nil && !isAnswer(err) {
			hung++
		}
		if hung == mostHangs || waited > t.FullTimeout() {
			answer := "another session, or none"
			if err != nil {
				answer = err.Error()
			}
			t.Fail("wanted    set and get of an ordinary session to work after calls that failed\ngot       %s", answer)
		}
		t.Until(t.Now().Add(step))
	}
}

// serves sets and gets an ordinary session, and reports whether that works.
func serves(t *engine.C, i *engine.Instance) (ok bool, err error) {
	id, want := t.ID(), t.Session("user", t.Tag())
	if err := i.TrySet(id, want); err != nil {
		return false, err
	}
	got, err := i.TryGet(id)
	return got != nil && compare.Data(want, got, t.Subject().AddedKeys) == "", err
}
