package chapters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// callbacksChecks come last: one of the calls clears the store, and some checks judge what the whole run has left behind.
var callbacksChecks = []engine.Check{
	{Requirement: contract.CallbacksCalled, Body: callbacksCalled, When: engine.Last},
	{Requirement: contract.CallbacksOnce, Body: callbacksOnce, When: engine.Last},
	{Requirement: contract.CallbacksSuccessIsFalsy, Body: callbacksSuccessIsFalsy, When: engine.Last},
	{Requirement: contract.CallbacksNoThrow, Body: callbacksNoThrow, When: engine.Last},
	{Requirement: contract.CallbacksNoUncaught, Body: callbacksNoUncaught, When: engine.Last},
	{Requirement: contract.CallbacksAsynchronous, Body: callbacksAsynchronous, When: engine.Last},
	{Requirement: contract.CallbacksErrorsAreErrors, Body: callbacksErrorsAreErrors, When: engine.Last},
	{Requirement: contract.CallbacksThrowing, Body: callbacksThrowing, When: engine.Harmful},
	{Requirement: contract.CallbacksDestroyWithout, Body: callbacksDestroyWithout, When: engine.Last},
	{Requirement: contract.CallbacksSetWithout, Body: callbacksSetWithout, When: engine.Last},
	{Requirement: contract.CallbacksTouchWithout, Body: callbacksTouchWithout, When: engine.Last},
	{Requirement: contract.CallbacksClearWithout, Body: callbacksClearWithout, When: engine.Last},
	{Requirement: contract.CallbacksReadsWithout, Body: callbacksReadsWithout, When: engine.Last},
	{Requirement: contract.CallbacksExtraArguments, Body: callbacksExtraArguments, When: engine.Last},
	{Requirement: contract.CallbacksFailedCalls, Body: callbacksFailedCalls, When: engine.Last},
}

func callbacksCalled(t *engine.C) {
	calls := observeCalls(t).valid
	if !slices.ContainsFunc(calls, func(w observedCall) bool { return w.callbacks() > 0 || !w.outcome.Promise }) {
		t.Cause("the methods return promises and never call back: express-session waits for a callback")
	}
	judgeCalls(t, calls, "every method to call its callback", func(w observedCall) string {
		switch {
		case w.outcome.Callbacks > 0:
			return ""
		case w.outcome.TimedOut && w.callbacks() > 0:
			return "called back when its time was over"
		}
		return "did not call back"
	})
}

func callbacksOnce(t *engine.C) {
	w := observeCalls(t)
	calls := append(slices.Clone(w.valid), w.refused...)
	judgeCalls(t, calls, "one callback a call", func(w observedCall) string {
		if n := w.callbacks(); n > 1 {
			return fmt.Sprintf("called back %d times", n)
		}
		return ""
	})
	if t.LostCallback() {
		return
	}
	// No call of the run was left without its callback, so a late callback is a second one.
	for _, e := range eventsOf(t) {
		known := func(w observedCall) bool { return w.call.Method == e.Method && w.call.ID == e.ID }
		if e.Kind == "lateCallback" && !slices.ContainsFunc(calls, known) {
			t.Log("%s → called back again later", phrase.Call(probe.Call{Method: e.Method, ID: e.ID}))
			t.FailOfRun("wanted    one callback a call\ngot       %s called back twice", e.Method)
		}
	}
}

func callbacksSuccessIsFalsy(t *engine.C) {
	judgeCalls(t, observeCalls(t).valid, "no first argument, null or undefined on success", func(w observedCall) string {
		// An Error alone tells of a call that failed: other requirements judge that.
		answered := w.outcome.Kind != "" && w.outcome.Kind != "undefined" && w.outcome.Kind != "null"
		if e := w.outcome.Error; e != nil && (e.NotError || answered) {
			return "called back with the first argument " + e.String()
		}
		return ""
	})
}

func callbacksNoThrow(t *engine.C) {
	judgeCalls(t, observeCalls(t).valid, "no method to throw", func(w observedCall) string {
		if w.outcome.Thrown == nil {
			return ""
		}
		return "threw " + w.outcome.Thrown.String()
	})
}

func callbacksNoUncaught(t *engine.C) {
	observeCalls(t)
	for _, e := range eventsOf(t) {
		if e.Method == "open" && (e.Kind == "uncaughtException" || e.Kind == "unhandledRejection") {
			t.FailOfRun("wanted    no uncaught exception and no unhandled rejection\ngot       %s: %s, in what the store began when it was opened, such as a timer",
				e.Kind, phrase.Fault(e.Fault))
		}
	}
	judgeCalls(t, observeCalls(t).valid, "no uncaught exception and no unhandled rejection", func(w observedCall) string {
		return strings.Join(w.uncaught(), ", ")
	})
}

func callbacksAsynchronous(t *engine.C) {
	judgeCalls(t, observeCalls(t).valid, "every callback after its method has returned", func(w observedCall) string {
		if w.outcome.Synchronous {
			return "called back before it returned"
		}
		return ""
	})
}

func callbacksErrorsAreErrors(t *engine.C) {
	w := observeCalls(t)
	var failed []observedCall
	for _, one := range append(slices.Clone(w.valid), w.refused...) {
		if one.outcome.Error != nil || one.outcome.Thrown != nil {
			failed = append(failed, one)
		}
	}
	if failed == nil {
		t.Skip("no call could be made to fail")
	}
	judgeCalls(t, failed, "errors that are Error objects", func(w observedCall) string {
		for _, f := range []*probe.Fault{w.outcome.Error, w.outcome.Thrown} {
			if f != nil && f.NotError {
				return "reported " + f.String()
			}
		}
		return ""
	})
}

func callbacksThrowing(t *engine.C) {
	// The throw is not to blame where a method calls back twice in any case.
	kind := func(w observedCall) string { return fmt.Sprint(w.call.Method, w.stored) }
	usual := map[string]int{}
	for _, w := range observeCalls(t).valid {
		usual[kind(w)] = w.callbacks()
	}
	judgeCalls(t, observeAll(t, trialsOf(t, probe.CallbackThrows)), "a callback that throws to be called once", func(w observedCall) string {
		switch n := w.callbacks(); {
		case n > 1 && n > usual[kind(w)]:
			return fmt.Sprintf("called it %d times", n)
		case n == 0 && usual[kind(w)] > 0:
			return "did not call back when others' callbacks had thrown"
		}
		return ""
	})
	id, want := t.ID(), t.Session("after", t.Tag())
	t.Set(id, want)
	t.Expect(t.Get(id)).NotTo(compare.BeMissing())
	t.Destroy(id)
	if t.Subject().Shared {
		// A lock that a call left behind stops the other instances only.
		other, id := t.Open(), t.ID()
		other.Set(id, want)
		t.Expect(other.Get(id)).NotTo(compare.BeMissing())
		other.Destroy(id)
	}
}

// withoutCallback makes and judges the calls without a callback of some methods, and returns them. They are not those of the run: a check that
// is retried makes these again and clears the store for it, so that what they stored is gone. Beside them the same calls are made with a
// callback, which tell how long the store takes to fail.
func withoutCallback(t *engine.C, methods ...string) []observedCall {
	trialsWith := func(callback probe.Callback) []callTrial {
		return slices.DeleteFunc(trialsOf(t, callback), func(trial callTrial) bool { return !slices.Contains(methods, trial.call.Method) })
	}
	without := trialsWith(probe.CallbackNone)
	calls := observeAll(t, append(without, trialsWith(probe.CallbackNormal)...))[:len(without)]
	judgeCalls(t, calls, strings.Join(methods, ", ")+" without a callback to throw nothing", withoutFault)
	return calls
}

// withoutFault says what a call without a callback threw, at once or later. It is empty for nothing.
func withoutFault(w observedCall) string {
	if w.outcome.Thrown != nil {
		return "threw " + w.outcome.Thrown.String()
	}
	return strings.Join(w.uncaught(), ", ")
}

func callbacksDestroyWithout(t *engine.C) {
	for _, w := range withoutCallback(t, "destroy") {
		if !eventually(t, func() bool { return t.Get(w.call.ID) == nil }) {
			t.Fail("wanted    destroy without a callback to remove the session\ngot       it is still there after %s", t.CallTimeout("destroy"))
		}
	}
}

func callbacksSetWithout(t *engine.C) {
	for _, w := range withoutCallback(t, "set") {
		want, err := spec.ParseSession(w.call.Session)
		if err != nil {
			t.Broken(err)
		}
		matcher := compare.HaveDataOf(want, t.Subject().AddedKeys...)
		var got *spec.Session
		if !eventually(t, func() bool {
			got = t.Get(w.call.ID)
			same, _ := matcher.Match(got)
			return same
		}) {
			t.Expect(got).To(matcher)
		}
	}
}

func callbacksTouchWithout(t *engine.C) { withoutCallback(t, "touch") }

func callbacksClearWithout(t *engine.C) {
	t.Set(t.ID(), t.Session("user", t.Tag()))
	for _, state := range []string{"with a session", "that is empty"} {
		calls := observeAll(t, []callTrial{{call: probe.Call{Method: "clear", Callback: probe.CallbackNone}}})
		judgeCalls(t, calls, "clear of a store "+state+", without a callback, to throw nothing", withoutFault)
	}
}

// callbacksReadsWithout makes its calls itself, after no-uncaught has judged the run: what they throw is allowed, wherever it is thrown.
func callbacksReadsWithout(t *engine.C) {
	var observed []string
	trials := slices.DeleteFunc(trialsOf(t, probe.CallbackNone), func(trial callTrial) bool {
		return trial.stored || !slices.Contains([]string{"get", "all", "length"}, trial.call.Method)
	})
	for _, w := range observeAll(t, trials) {
		t.Log("%s", w)
		did := "does nothing"
		switch {
		case w.outcome.Thrown != nil:
			did = "throws " + w.outcome.Thrown.Name
		case w.outcome.Rejected != nil:
			did = "rejects with " + w.outcome.Rejected.Name
		case w.uncaught() != nil:
			did = "throws later"
		}
		observed = append(observed, w.call.Method+" "+did)
	}
	t.Observe("without a callback %s", strings.Join(observed, ", "))
}

func callbacksExtraArguments(t *engine.C) {
	var extra []string
	for _, w := range observeCalls(t).valid {
		switch w.call.Method {
		case "set", "destroy", "touch", "clear":
			if w.outcome.Error == nil && w.outcome.Extra > 0 && !slices.Contains(extra, w.call.Method) {
				t.Log("%s", w)
				extra = append(extra, w.call.Method)
			}
		}
	}
	if extra == nil {
		t.Observe("set, destroy, touch and clear pass nothing on success")
		return
	}
	t.Observe("further arguments on success: %s", strings.Join(extra, ", "))
}
