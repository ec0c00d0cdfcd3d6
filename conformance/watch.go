package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// settle is how long a call is watched after its callback: enough for a second one, and for what is thrown later.
const settle = 200 * time.Millisecond

// A watching is what several checks judge, each under its own aspect. It is made once in a run, because watching takes time.
type watching struct {
	mu      sync.Mutex
	done    bool
	valid   []watched // with a callback, valid ids and sessions
	without []watched // without a callback
	refused []watched // of sessions that cannot be serialised
	grown   int       // by how much length grew through refused
}

// A watched call is a call with everything that was seen of it.
type watched struct {
	trial
	call    probe.Call
	outcome probe.Outcome
	late    []probe.Event // of the call, after its outcome was reported
	left    string        // what a get finds after a refused set
}

// A trial is a call to watch. It gets a fresh id.
type trial struct {
	call   probe.Call
	stored bool // the id holds a session
}

func (w watched) String() string {
	about := ""
	switch {
	case w.stored:
		about = " of a stored session"
	case w.call.Method == "get" || w.call.Method == "destroy" || w.call.Method == "touch":
		about = " of a missing session"
	}
	saw := seen(w.call.Method, w.outcome)
	if saw == "" {
		saw = "returned"
	}
	for _, e := range w.late {
		if saw += "; later " + e.Kind; e.Fault != nil {
			saw += " " + e.Fault.String()
		}
	}
	return fmt.Sprintf("%s%s → %s", describe(w.call), about, saw)
}

// callbacks returns how often the callback was called altogether.
func (w watched) callbacks() int {
	n := w.outcome.Callbacks
	for _, e := range w.late {
		if e.Kind == "lateCallback" {
			n++
		}
	}
	return n
}

// uncaught returns what nobody could catch: exceptions, and rejections of promises, also of the one that the method returned.
func (w watched) uncaught() []string {
	var all []string
	for _, u := range w.outcome.Uncaught {
		all = append(all, "uncaught "+u.Uncaught())
	}
	if all == nil && w.outcome.Rejected != nil {
		all = append(all, "the promise that it returned was rejected with "+w.outcome.Rejected.Uncaught())
	}
	for _, e := range w.late {
		if e.Kind != "lateCallback" {
			all = append(all, e.Kind+": "+faultText(e.Fault))
		}
	}
	return all
}

func faultText(f *probe.Fault) string {
	if f == nil {
		return "undefined"
	}
	return f.Uncaught()
}

// watch returns the calls that the checks of this run judge together. Nothing else may be going on.
func (t *C) watch() *watching {
	w := &t.suite.watching
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return w
	}
	var clear []watched
	if t.capabilities.Clear && t.suite.subject.Disposable {
		t.quiet(probe.Call{Method: "set", ID: t.ID(), Session: t.Session().JSON()})
		clear = t.watchAll([]trial{{call: probe.Call{Method: "clear"}}})
	}
	trials := t.trials(probe.CallbackNormal)
	all := t.watchAll(append(trials, t.trials(probe.CallbackNone)...))
	w.valid = slices.Concat(clear, all[:len(trials)])
	w.without = all[len(trials):]
	if t.has(contract.NeedExpressions) {
		w.refused, w.grown = t.watchRefusals()
	}
	w.done = true
	t.bequeath()
	return w
}

// trials are the calls that any store must answer. clear is none of them: it would disturb the others.
func (t *C) trials(callback probe.Callback) []trial {
	var trials []trial
	add := func(method string, has bool, stored ...bool) {
		for _, s := range stored {
			if has {
				trials = append(trials, trial{probe.Call{Method: method, Callback: callback}, s})
			}
		}
	}
	add("get", true, true, false)
	add("set", true, false, true)
	add("destroy", true, true, false)
	add("touch", t.capabilities.Touch, true, false)
	add("all", t.capabilities.All, false)
	add("length", t.capabilities.Length, false)
	return trials
}

// unserialisable are sessions that JSON cannot carry.
var unserialisable = []string{
	`(() => { const cart = {}; cart.cart = cart; return { cart } })()`,
	`{ amount: 10n }`,
}

func (t *C) watchRefusals() (refused []watched, grown int) {
	var trials []trial
	for _, expression := range unserialisable {
		trials = append(trials, trial{call: probe.Call{Method: "set", Expression: expression}})
	}
	if t.capabilities.Touch {
		trials = append(trials, trial{probe.Call{Method: "touch", Expression: unserialisable[0]}, true})
	}
	before, counted := t.count()
	refused = t.watchAll(trials)
	after, countedToo := t.count()
	if counted && countedToo {
		grown = after - before
		for _, w := range refused {
			if w.stored {
				grown--
			}
		}
	}
	for i, w := range refused {
		if w.call.Method == "set" {
			if out := t.quiet(probe.Call{Method: "get", ID: w.call.ID}); out.Kind == "object" || strings.HasPrefix(out.Kind, "object ") {
				refused[i].left = seen("get", out)
			}
		}
		// A session that cannot be serialised must not stand in the way of what comes.
		t.quiet(probe.Call{Method: "destroy", ID: w.call.ID})
	}
	return refused, grown
}

// count returns length where it means something.
func (t *C) count() (n int, ok bool) {
	if !t.capabilities.Length || !t.suite.subject.Disposable {
		return 0, false
	}
	err := json.Unmarshal(t.quiet(probe.Call{Method: "length"}).Value, &n)
	return n, err == nil
}

// watchAll makes the calls side by side and watches them. What is thrown then and cannot be put down to one of them shows whose it is
// when each is alone.
func (t *C) watchAll(trials []trial) []watched {
	all, stray := t.watchTogether(trials)
	if stray {
		for i := range trials {
			alone, _ := t.watchTogether(trials[i : i+1])
			all[i] = alone[0]
		}
	}
	return all
}

func (t *C) watchTogether(trials []trial) (all []watched, stray bool) {
	all = make([]watched, len(trials))
	for i, trial := range trials {
		w := &all[i]
		w.trial, w.call = trial, trial.call
		w.call.Settle = settle
		switch w.call.Method {
		case "set", "touch":
			w.call.Session = t.Session("user", t.Tag()).JSON()
			fallthrough
		case "get", "destroy":
			w.call.ID = t.ID()
		}
	}
	t.Parallel(len(all), func(i int) error {
		if all[i].stored {
			// That a set fails is seen where set is watched.
			t.quiet(probe.Call{Method: "set", ID: all[i].call.ID, Session: t.Session("views", 1).JSON()})
		}
		return nil
	})
	before := len(t.events())
	t.Parallel(len(all), func(i int) error {
		all[i].outcome = t.quiet(all[i].call)
		return nil
	})
	for _, e := range t.events()[before:] {
		switch e.Kind {
		case "lateCallback", "uncaughtException", "unhandledRejection":
		default:
			continue
		}
		i := slices.IndexFunc(all, func(w watched) bool { return w.call.Method == e.Method && w.call.ID == e.ID })
		if i < 0 && e.Method == "" && len(all) == 1 {
			i = 0
		}
		if i >= 0 {
			all[i].late = append(all[i].late, e)
		} else if e.Method == "" {
			stray = true
		}
	}
	return all, stray
}

// quiet makes a call that is not logged.
func (t *C) quiet(call probe.Call) probe.Outcome {
	out, err := t.Instance.probe(t, call)
	if err != nil {
		t.broken(err)
	}
	return out
}

// events returns what the target's process saw outside of any answer since it began.
func (t *C) events() []probe.Event {
	if !t.has(contract.NeedEvents) {
		return nil
	}
	events, err := t.prober.Events(t)
	if err != nil {
		t.broken(err)
	}
	return events
}

// judgeCalls fails the check with the calls that wrong says something about, or shows them all.
func (t *C) judgeCalls(calls []watched, wanted string, wrong func(watched) string) {
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
