package chapters

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// observedCalls are probed once a run. Each check of the chapter callbacks judges another property of them.
type observedCalls struct {
	valid   []observedCall // with a callback, valid ids and sessions
	refused []observedCall // of sessions that cannot be serialised
	grown   int            // how much length grew by the refused calls
}

var callsOfRun engine.Shared[*observedCalls]

// An observedCall is a call and everything that was seen of it.
type observedCall struct {
	callTrial
	call    probe.Call
	outcome probe.Outcome
	late    []probe.Event // events of the call after its outcome
	left    string        // what a get finds after a refused set
}

// A callTrial is a call that is to be observed, on a fresh id unless it has one.
type callTrial struct {
	call   probe.Call
	stored bool   // the id holds a session
	about  string // what else the id is of
}

func (w observedCall) String() string {
	about := ""
	switch {
	case w.about != "":
		about = " of " + w.about
	case w.stored:
		about = " of a stored session"
	case w.call.Method == "get" || w.call.Method == "destroy" || w.call.Method == "touch":
		about = " of a missing session"
	}
	saw := phrase.Outcome(w.call.Method, w.outcome)
	if saw == "" {
		saw = "returned"
	}
	for _, e := range w.late {
		if saw += "; later " + e.Kind; e.Fault != nil {
			saw += " " + e.Fault.String()
		}
	}
	return fmt.Sprintf("%s%s → %s", phrase.Call(w.call), about, saw)
}

// callbacks returns how often the callback was called, late calls included.
func (w observedCall) callbacks() int {
	n := w.outcome.Callbacks
	for _, e := range w.late {
		if e.Kind == "lateCallback" {
			n++
		}
	}
	return n
}

// uncaught returns the exceptions and rejections that nobody could catch. The rejection of a promise that the method returned is one.
func (w observedCall) uncaught() []string {
	all := w.unhandled()
	if w.outcome.Uncaught == nil && w.outcome.Rejected != nil {
		all = append(all, "the promise that it returned was rejected with "+w.outcome.Rejected.Uncaught())
	}
	return all
}

// unhandled returns the exceptions and rejections that end an ordinary process. The rejection of a returned promise that the store handles
// itself is none.
func (w observedCall) unhandled() []string {
	var all []string
	for _, u := range w.outcome.Uncaught {
		all = append(all, "uncaught "+u.Uncaught())
	}
	for _, e := range w.late {
		if e.Kind != "lateCallback" {
			all = append(all, e.Kind+": "+phrase.Fault(e.Fault))
		}
	}
	return all
}

// observeCalls returns the calls that several checks judge. Nothing else may be going on.
func observeCalls(t *engine.C) *observedCalls {
	return callsOfRun.Observe(t, func() *observedCalls {
		o := &observedCalls{}
		var clear []observedCall
		if t.Capabilities().Clear && t.Subject().Disposable {
			probeQuietly(t, probe.Call{Method: "set", ID: t.ID(), Session: t.Session().JSON()})
			clear = observeAll(t, []callTrial{{call: probe.Call{Method: "clear"}}})
		}
		o.valid = slices.Concat(clear, observeAll(t, trialsOf(t, probe.CallbackNormal)))
		if t.Has(contract.NeedExpressions) {
			o.refused, o.grown = observeRefusals(t)
		}
		t.KeepUntilEnd()
		return o
	})
}

// trialsOf returns the calls that any store must answer, except clear, which would disturb the others.
func trialsOf(t *engine.C, callback probe.Callback) []callTrial {
	var trials []callTrial
	add := func(method string, has bool, stored ...bool) {
		for _, s := range stored {
			if has {
				trials = append(trials, callTrial{call: probe.Call{Method: method, Callback: callback}, stored: s})
			}
		}
	}
	add("get", true, true, false)
	add("set", true, false, true)
	add("destroy", true, true, false)
	add("touch", t.Capabilities().Touch, true, false)
	add("all", t.Capabilities().All, false)
	add("length", t.Capabilities().Length, false)
	return trials
}

// unserialisable are expressions of sessions that JSON cannot carry.
var unserialisable = []string{
	`(() => { const cart = {}; cart.cart = cart; return { cart } })()`,
	`{ amount: 10n }`,
}

// observeRefusals observes calls with sessions that cannot be serialised, and how much length grows by them.
func observeRefusals(t *engine.C) (refused []observedCall, grown int) {
	var trials []callTrial
	for _, expression := range unserialisable {
		trials = append(trials, callTrial{call: probe.Call{Method: "set", Expression: expression, Watch: true}})
	}
	if t.Capabilities().Touch {
		trials = append(trials, callTrial{call: probe.Call{Method: "touch", Expression: unserialisable[0]}, stored: true})
	}
	before, counted := countOf(t)
	refused = observeAll(t, trials)
	after, countedToo := countOf(t)
	if counted && countedToo {
		grown = after - before
		for _, w := range refused {
			if w.stored || hasJSON(w) {
				grown--
			}
		}
	}
	for i, w := range refused {
		if w.call.Method == "set" {
			if out := probeQuietly(t, probe.Call{Method: "get", ID: w.call.ID}); out.Kind == "object" || strings.HasPrefix(out.Kind, "object ") {
				refused[i].left = phrase.Outcome("get", out)
			}
		}
		// A session that cannot be serialised could disturb later checks.
		probeQuietly(t, probe.Call{Method: "destroy", ID: w.call.ID})
	}
	return slices.DeleteFunc(refused, hasJSON), grown
}

// hasJSON reports whether the session of a call has a JSON text after all: a store may have given one to the big integers of its process, and
// then another check fails.
func hasJSON(w observedCall) bool { return w.outcome.Before != nil }

// countOf returns the length of a disposable store. ok is false when it has none.
func countOf(t *engine.C) (n int, ok bool) {
	if !t.Capabilities().Length || !t.Subject().Disposable {
		return 0, false
	}
	err := json.Unmarshal(probeQuietly(t, probe.Call{Method: "length"}).Value, &n)
	return n, err == nil
}

// observeAll makes the calls side by side and observes them. When something is thrown and cannot be put down to one of them, each is made
// again alone.
func observeAll(t *engine.C, trials []callTrial) []observedCall {
	known := thrownSinceOpening(t)
	all, stray := observeTogether(t, trials, known)
	if stray {
		for i := range trials {
			alone, _ := observeTogether(t, trials[i:i+1], known)
			all[i] = alone[0]
		}
	}
	return all
}

// thrownSinceOpening returns what was thrown by what began at the opening. A timer of the store throws it again, whatever is called.
func thrownSinceOpening(t *engine.C) (known []string) {
	for _, e := range eventsOf(t) {
		if e.Method == "open" {
			known = append(known, phrase.Fault(e.Fault))
		}
	}
	return known
}

// observeTogether is observeAll in one go. stray: something was thrown that is not known and cannot be put down to a call.
func observeTogether(t *engine.C, trials []callTrial, known []string) (all []observedCall, stray bool) {
	all = make([]observedCall, len(trials))
	for i, trial := range trials {
		w := &all[i]
		w.callTrial, w.call = trial, trial.call
		w.call.Settle = engine.Settle
		switch w.call.Method {
		case "set", "touch":
			w.call.Session = t.Session("user", t.Tag()).JSON()
			fallthrough
		case "get", "destroy":
			w.call.ID = cmp.Or(w.call.ID, t.ID())
		}
	}
	t.Parallel(len(all), func(i int) error {
		if all[i].stored {
			// a set that fails shows among the calls of set
			probeQuietly(t, probe.Call{Method: "set", ID: all[i].call.ID, Session: t.Session("views", 1).JSON()})
		}
		return nil
	})
	before := len(eventsOf(t))
	t.Parallel(len(all), func(i int) error {
		all[i].outcome = probeQuietly(t, all[i].call)
		return nil
	})
	for _, e := range eventsOf(t)[before:] {
		switch e.Kind {
		case "lateCallback", "uncaughtException", "unhandledRejection":
		default:
			continue
		}
		i := slices.IndexFunc(all, func(w observedCall) bool { return w.call.Method == e.Method && w.call.ID == e.ID })
		// What answers on a connection or a thread of the opening throws as if it had begun there.
		unknown := e.Method == "" || e.Method == "open" && !slices.Contains(known, phrase.Fault(e.Fault))
		if i < 0 && unknown && len(all) == 1 {
			i = 0
		}
		if i >= 0 {
			all[i].late = append(all[i].late, e)
		} else if unknown {
			stray = true
		}
	}
	return all, stray
}

// judgeCalls fails the check with the calls for which wrong returns a text. Where there are none, it shows all calls.
func judgeCalls(t *engine.C, calls []observedCall, wanted string, wrong func(observedCall) string) {
	var faults []string
	for _, w := range calls {
		if text := wrong(w); text != "" {
			t.Log("%s", w)
			faults = append(faults, w.call.Method+" "+text)
		}
	}
	if faults != nil {
		t.Fail("wanted    %s\ngot       %s", wanted, strings.Join(faults, "\n"))
	}
	for _, w := range calls {
		t.Log("%s", w)
	}
}
