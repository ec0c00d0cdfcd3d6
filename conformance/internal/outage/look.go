package outage

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// look looks at the sessions of calls until each is as its calls may have left it.
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

// lookAt returns the last get when it answers with a session that no call can have left. It returns nil when nothing is wrong.
func (r *outageRun) lookAt(a *exchange) *exchange {
	if a.call.ID == "" || a.doomed || a.mortal || a.call.Method == "get" && a.after {
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

// patience is how long a session may take to be as it should. A backend that refused writes was there all the time.
func (r *outageRun) patience() time.Duration {
	if r.refuser != nil {
		return min(r.limit, 5*time.Second)
	}
	return r.limit
}

// await makes a get again and again until its answer is right. It returns nil then, and otherwise the last get. It also returns nil when a
// get is not answered: another requirement judges that.
func (r *outageRun) await(get func() *exchange, right func(*exchange) bool) (wrong *exchange) {
	step := 20 * time.Millisecond
	end := time.Now().Add(r.patience())
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

// destroyDoomed destroys the session of a doomed call, whether or not that succeeded. It does so as soon as the backend is back: a store that
// tries a failed set again does it soon after.
func (r *outageRun) destroyDoomed(doomed *exchange) {
	end := time.Now().Add(r.limit)
	for tries := 1; r.Err() == nil; tries++ {
		destroy := &exchange{call: probe.Call{Method: "destroy", ID: doomed.call.ID}, after: true, doomed: true}
		switch r.ask(destroy, r.limit); {
		case destroy.succeeded():
			r.o.mu.Lock()
			defer r.o.mu.Unlock()
			r.o.destroyed = append(r.o.destroyed, doomed)
			return
		case !destroy.answered(), tries >= engine.FewestTries && time.Now().After(end):
			return
		}
		time.Sleep(20 * time.Millisecond) // some connections may still be broken
	}
}

// timeToComeBack is how long a destroyed session has time to come back.
const timeToComeBack = time.Second

// checkStayDestroyed looks for destroyed sessions that have come back.
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
