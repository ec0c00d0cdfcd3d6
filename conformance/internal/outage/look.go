package outage

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// look looks at the sessions of calls until they are as the calls may have left them.
func (r *outageRun) look(all []*exchange) {
	found := make([]*exchange, len(all))
	r.Parallel(len(all), func(i int) error {
		found[i] = r.lookAt(all[i])
		return nil
	})
	for i, get := range found {
		if get != nil {
			r.o.lost = append(r.o.lost, flaw{all[i].call.ID, all[i].String() + ", and in the end get → " + phrase.Outcome("get", get.outcome)})
		}
	}
}

// lookAt returns a get that in the end answers with what no call can have left, nil where there is nothing wrong.
func (r *outageRun) lookAt(a *exchange) *exchange {
	if a.call.ID == "" || a.doomed || a.call.Method == "get" && a.after {
		return nil
	}
	sessions, mayBeMissing := a.leaves()
	get := func() *exchange {
		return &exchange{call: probe.Call{Method: "get", ID: a.call.ID}, before: a.before, written: a.written, after: true}
	}
	return r.await(get, func(get *exchange) bool {
		return get.missing() && mayBeMissing || slices.ContainsFunc(sessions, func(s *spec.Session) bool { return get.shows(r.C, s) })
	})
}

// await makes a get again and again until its answer is right, and otherwise returns the last one. It returns nil as well where no answer
// comes, which is judged under another aspect.
func (r *outageRun) await(get func() *exchange, right func(*exchange) bool) (wrong *exchange) {
	step := 20 * time.Millisecond
	end := time.Now().Add(r.limit)
	for tries := 1; ; tries++ {
		a := get()
		switch r.ask(a, r.limit); {
		case right(a), !r.lives(), !a.answered():
			return nil
		case tries >= engine.FewestTries && time.Now().After(end):
			return a
		}
		r.Pause(step)
		step = min(2*step, r.limit/engine.FewestTries)
	}
}

// destroyDoomed destroys the sessions of the calls that are there for it, whatever has become of these.
func (r *outageRun) destroyDoomed(all []*exchange) {
	doomed := slices.DeleteFunc(slices.Clone(all), func(a *exchange) bool { return !a.doomed || !a.answered() })
	gone := make([]bool, len(doomed))
	r.Parallel(len(doomed), func(i int) error {
		for range engine.FewestTries { // there may be connections left that are broken
			destroy := &exchange{call: probe.Call{Method: "destroy", ID: doomed[i].call.ID}, after: true, doomed: true}
			r.ask(destroy, r.limit)
			if gone[i] = destroy.succeeded(); gone[i] || !destroy.answered() {
				break
			}
			r.Pause(20 * time.Millisecond)
		}
		return nil
	})
	for i, call := range doomed {
		if gone[i] {
			r.o.destroyed = append(r.o.destroyed, call)
		}
	}
}

// timeToComeBack is how long what was destroyed has to come back in.
const timeToComeBack = time.Second

// checkStayDestroyed looks whether what was destroyed is still gone.
func (r *outageRun) checkStayDestroyed() {
	if r.o.destroyed == nil {
		return
	}
	r.Pause(timeToComeBack)
	for _, a := range r.o.destroyed {
		get := &exchange{call: probe.Call{Method: "get", ID: a.call.ID}, written: a.written, after: true}
		if r.ask(get, r.limit); get.shows(r.C, a.written) {
			r.o.lost = append(r.o.lost, flaw{a.call.ID, a.String() + ", then destroy → ok, and later get → " + phrase.Outcome("get", get.outcome)})
		}
	}
}
