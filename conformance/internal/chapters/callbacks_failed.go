package chapters

import (
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

func callbacksFailedCalls(t *engine.C) {
	var failed []observedCall
	seen := map[string]bool{}
	for _, w := range append(observeUnserialisable(t), observeFailures(t)...) {
		// What a call that succeeds leaves behind is what another requirement judges.
		if w.outcome.Error == nil && w.outcome.Thrown == nil && (w.callbacks() > 0 || w.unhandled() == nil) {
			continue
		}
		// One call of each kind is enough to show.
		if kind := fmt.Sprint(w.call.Method, w.about, w.toldTwice()); !seen[kind] {
			seen[kind] = true
			failed = append(failed, w)
		}
	}
	if failed == nil {
		t.Skip("no call could be made to fail")
	}
	judgeCalls(t, failed, "an error for the callback and for nobody else", observedCall.toldTwice)
}

// toldTwice says how the error of a call reaches others than its callback. A throw alone is what other requirements judge.
func (w observedCall) toldTwice() string {
	if u := w.unhandled(); u != nil {
		return strings.Join(u, ", ")
	}
	if w.outcome.Thrown != nil && w.callbacks() > 0 {
		return "called back, and threw " + w.outcome.Thrown.String() + " as well"
	}
	return ""
}

// unreadable are expressions of sessions whose members throw when they are looked at.
var unreadable = []string{
	`{ user: { toJSON () { throw new Error('this value has no JSON') } } }`,
	`{ cart: { get total () { throw new Error('this value cannot be read') } } }`,
}

// observeUnserialisable observes calls with sessions that have no JSON, on ids with a session and without one.
func observeUnserialisable(t *engine.C) []observedCall {
	var trials []callTrial
	for _, expression := range append(unserialisable, unreadable...) {
		for _, stored := range []bool{false, true} {
			trials = append(trials, callTrial{call: probe.Call{Method: "set", Expression: expression}, stored: stored})
		}
		if t.Capabilities().Touch {
			trials = append(trials, callTrial{call: probe.Call{Method: "touch", Expression: expression}, stored: true})
		}
	}
	all := observeAll(t, trials)
	for _, w := range all {
		// A session that cannot be serialised could disturb later checks.
		probeQuietly(t, probe.Call{Method: "destroy", ID: w.call.ID})
	}
	return all
}

// observeFailures observes calls that are valid but for their size, and that some stores refuse, and calls on damaged records.
func observeFailures(t *engine.C) []observedCall {
	all := observeAll(t, append(sizedTrials(70_000, 1<<20), longIDTrials(t)...))
	// Just above the limits of a MEDIUMTEXT column and of a BSON document. It takes a slow store longer than a call may.
	const prompt = 300 * time.Millisecond
	if all[0].succeeded() && all[1].succeeded() && all[1].outcome.Elapsed < prompt {
		all = append(all, observeAll(t, sizedTrials(17<<20))...)
	}
	for _, w := range all {
		probeQuietly(t, probe.Call{Method: "destroy", ID: w.call.ID})
	}
	return append(all, observeDamaged(t)...)
}

// succeeded reports whether the call was answered, and not with an error.
func (w observedCall) succeeded() bool {
	return w.callbacks() > 0 && w.outcome.Err(w.call.Method) == nil
}

// sizedTrials returns sets of sessions with a text of some bytes, which is made in the store's process.
func sizedTrials(sizes ...int) (trials []callTrial) {
	for _, size := range sizes {
		expression := fmt.Sprintf("{ text: 'x'.repeat(%d) }", size)
		trials = append(trials, callTrial{call: probe.Call{Method: "set", Expression: expression}, about: fmt.Sprintf("%d bytes", size)})
	}
	return trials
}

// longIDTrials returns calls on ids that are longer than the names of files and the keys of many databases may be.
func longIDTrials(t *engine.C) (trials []callTrial) {
	for _, length := range []int{300, 3000} {
		for _, method := range []string{"get", "set", "destroy", "touch"} {
			if method != "touch" || t.Capabilities().Touch {
				trials = append(trials, callTrial{call: probe.Call{Method: method, ID: randomIDChars(t, length)}, about: "a long id"})
			}
		}
	}
	return trials
}

// observeDamaged observes calls on records that are damaged. It returns none where no record can be.
func observeDamaged(t *engine.C) []observedCall {
	if !t.Has(contract.NeedCorrupt) {
		return nil
	}
	var trials []callTrial
	add := func(method string) bool {
		id := t.ID()
		damaged := couldDamageRecord(t, id, func() { t.Set(id, t.Session("user", t.Tag(), "text", engine.LongText)) })
		trials = append(trials, callTrial{call: probe.Call{Method: method, ID: id}, about: "a damaged record"})
		return damaged
	}
	tried := add("get") && (!t.Capabilities().Touch || add("touch"))
	if tried && t.Capabilities().All {
		trials = append(trials, callTrial{call: probe.Call{Method: "all"}, about: "damaged records"})
	}
	if tried && t.Capabilities().Length {
		trials = append(trials, callTrial{call: probe.Call{Method: "length"}, about: "damaged records"})
	}
	defer func() {
		for _, trial := range trials {
			if id := trial.call.ID; id != "" {
				// Some stores cannot destroy what they cannot read.
				probeQuietly(t, probe.Call{Method: "set", ID: id, Session: t.Session().JSON()})
				probeQuietly(t, probe.Call{Method: "destroy", ID: id})
			}
		}
	}()
	if !tried {
		return nil
	}
	return observeAll(t, trials)
}
