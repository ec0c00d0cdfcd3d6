package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// These checks come last: they watch calls of which one clears the store, and look at what the whole run left behind.
var callbacksChecks = []check{
	{requirement: contract.CallbacksCalled, body: callbacksCalled, when: last},
	{requirement: contract.CallbacksOnce, body: callbacksOnce, when: last},
	{requirement: contract.CallbacksSuccessIsFalsy, body: callbacksSuccessIsFalsy, when: last},
	{requirement: contract.CallbacksNoThrow, body: callbacksNoThrow, when: last},
	{requirement: contract.CallbacksNoUncaught, body: callbacksNoUncaught, when: last},
	{requirement: contract.CallbacksAsynchronous, body: callbacksAsynchronous, when: last},
	{requirement: contract.CallbacksErrorsAreErrors, body: callbacksErrorsAreErrors, when: last},
	{requirement: contract.CallbacksThrowing, body: callbacksThrowing, when: last},
	{requirement: contract.CallbacksDestroyWithout, body: callbacksDestroyWithout, when: last},
	{requirement: contract.CallbacksSetWithout, body: callbacksSetWithout, when: last},
	{requirement: contract.CallbacksTouchWithout, body: callbacksTouchWithout, when: last},
	{requirement: contract.CallbacksClearWithout, body: callbacksClearWithout, when: last},
	{requirement: contract.CallbacksReadsWithout, body: callbacksReadsWithout, when: last},
	{requirement: contract.CallbacksExtraArguments, body: callbacksExtraArguments, when: last},
}

func callbacksCalled(t *C) {
	t.judgeCalls(t.watch().valid, "every method to call its callback", func(w watched) string {
		switch {
		case w.outcome.Callbacks > 0:
			return ""
		case w.outcome.TimedOut && w.callbacks() > 0:
			return "called back when its time was over"
		}
		return "did not call back"
	})
}

func callbacksOnce(t *C) {
	w := t.watch()
	calls := append(slices.Clone(w.valid), w.refused...)
	t.judgeCalls(calls, "one callback a call", func(w watched) string {
		if n := w.callbacks(); n > 1 {
			return fmt.Sprintf("called back %d times", n)
		}
		return ""
	})
	if t.suite.patience.lost() {
		return
	}
	// Every call of the run was answered when its callback came, so whatever came later is a second one.
	for _, e := range t.events() {
		watched := func(w watched) bool { return w.call.Method == e.Method && w.call.ID == e.ID }
		if e.Kind == "lateCallback" && !slices.ContainsFunc(calls, watched) {
			t.Log("%s → called back again later", describe(probe.Call{Method: e.Method, ID: e.ID}))
			t.failOfRun("wanted    one callback a call\ngot       %s called back twice", e.Method)
		}
	}
}

func callbacksSuccessIsFalsy(t *C) {
	t.judgeCalls(t.watch().valid, "no first argument, null or undefined on success", func(w watched) string {
		// An Error alone is a call that failed, which other requirements are about.
		answered := w.outcome.Kind != "" && w.outcome.Kind != "undefined" && w.outcome.Kind != "null"
		if e := w.outcome.Error; e != nil && (e.NotError || answered) {
			return "called back with the first argument " + e.String()
		}
		return ""
	})
}

func callbacksNoThrow(t *C) {
	t.judgeCalls(t.watch().valid, "no method to throw", func(w watched) string {
		if w.outcome.Thrown == nil {
			return ""
		}
		return "threw " + w.outcome.Thrown.String()
	})
}

func callbacksNoUncaught(t *C) {
	t.watch()
	for _, e := range t.events() {
		if e.Method == "open" && (e.Kind == "uncaughtException" || e.Kind == "unhandledRejection") {
			t.failOfRun("wanted    no uncaught exception and no unhandled rejection\ngot       %s: %s, in what the store began when it was opened, such as a timer",
				e.Kind, faultText(e.Fault))
		}
	}
	t.judgeCalls(t.watch().valid, "no uncaught exception and no unhandled rejection", func(w watched) string {
		return strings.Join(w.uncaught(), ", ")
	})
}

func callbacksAsynchronous(t *C) {
	t.judgeCalls(t.watch().valid, "every callback after its method has returned", func(w watched) string {
		if w.outcome.Synchronous {
			return "called back before it returned"
		}
		return ""
	})
}

func callbacksErrorsAreErrors(t *C) {
	w := t.watch()
	var failed []watched
	for _, one := range append(slices.Clone(w.valid), w.refused...) {
		if one.outcome.Error != nil || one.outcome.Thrown != nil {
			failed = append(failed, one)
		}
	}
	if failed == nil {
		t.Skip("no call could be made to fail")
	}
	t.judgeCalls(failed, "errors that are Error objects", func(w watched) string {
		for _, f := range []*probe.Fault{w.outcome.Error, w.outcome.Thrown} {
			if f != nil && f.NotError {
				return "reported " + f.String()
			}
		}
		return ""
	})
}

func callbacksThrowing(t *C) {
	// A method that calls back twice anyway is not led to it by the throw.
	kind := func(w watched) string { return fmt.Sprint(w.call.Method, w.stored) }
	usual := map[string]int{}
	for _, w := range t.watch().valid {
		usual[kind(w)] = w.callbacks()
	}
	t.judgeCalls(t.watchAll(t.trials(probe.CallbackThrows)), "a callback that throws to be called once", func(w watched) string {
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
	t.Expect(t.Get(id)).NotTo(BeMissing())
	t.Destroy(id)
}

// withoutCallback judges the calls of some methods that were made without a callback, and returns them.
func (t *C) withoutCallback(methods ...string) []watched {
	var calls []watched
	for _, w := range t.watch().without {
		if slices.Contains(methods, w.call.Method) {
			calls = append(calls, w)
		}
	}
	t.judgeCalls(calls, strings.Join(methods, ", ")+" without a callback to throw nothing", withoutFault)
	return calls
}

func withoutFault(w watched) string {
	if w.outcome.Thrown != nil {
		return "threw " + w.outcome.Thrown.String()
	}
	return strings.Join(w.uncaught(), ", ")
}

// eventually asks, ever more seldom, until done says yes or a call's time is over.
func (t *C) eventually(done func() bool) bool {
	waited := time.Duration(0)
	for step := 2 * time.Millisecond; !done(); step *= 2 {
		if waited >= t.callTimeout("destroy") {
			return false
		}
		t.Until(t.Now().Add(step))
		waited += step
	}
	return true
}

func callbacksDestroyWithout(t *C) {
	for _, w := range t.withoutCallback("destroy") {
		if !t.eventually(func() bool { return t.Get(w.call.ID) == nil }) {
			t.Fail("wanted    destroy without a callback to remove the session\ngot       it is still there after %s", t.callTimeout("destroy"))
		}
	}
}

func callbacksSetWithout(t *C) {
	for _, w := range t.withoutCallback("set") {
		want, err := spec.ParseSession(w.call.Session)
		if err != nil {
			t.broken(err)
		}
		matcher := HaveDataOf(want, t.suite.subject.AddedKeys...)
		var got *spec.Session
		if !t.eventually(func() bool {
			got = t.Get(w.call.ID)
			same, _ := matcher.Match(got)
			return same
		}) {
			t.Expect(got).To(matcher)
		}
	}
}

func callbacksTouchWithout(t *C) { t.withoutCallback("touch") }

func callbacksClearWithout(t *C) {
	t.Set(t.ID(), t.Session("user", t.Tag()))
	for _, state := range []string{"with a session", "that is empty"} {
		calls := t.watchAll([]trial{{call: probe.Call{Method: "clear", Callback: probe.CallbackNone}}})
		t.judgeCalls(calls, "clear of a store "+state+", without a callback, to throw nothing", withoutFault)
	}
}

func callbacksReadsWithout(t *C) {
	var observed []string
	for _, w := range t.watch().without {
		if w.stored || !slices.Contains([]string{"get", "all", "length"}, w.call.Method) {
			continue
		}
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

func callbacksExtraArguments(t *C) {
	var extra []string
	for _, w := range t.watch().valid {
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
