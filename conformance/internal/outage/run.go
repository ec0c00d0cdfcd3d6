package outage

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/probe"
)

// An outageRun makes one outage.
type outageRun struct {
	*engine.C
	o        *outage
	link     subject.Link
	limit    time.Duration // how long an answer may take
	asking   sync.WaitGroup
	dooming  sync.WaitGroup   // destroys of what doomed calls may have set
	changing sync.WaitGroup   // by the other instance
	quiet    int              // events before the first harm
	other    *engine.Instance // an instance that is not disturbed; nil for none
}

func (r *outageRun) run(harms []harm) {
	defer func() {
		r.asking.Wait()
		r.dooming.Wait()
		r.changing.Wait()
		r.o.events = r.eventsSoFar()
	}()
	for i, h := range harms {
		first, second, third := r.plan(h), []*exchange(nil), []*exchange(nil)
		if h.lasts > 0 {
			second = r.plan(h)
		}
		if h.late {
			third = r.plan(harm{gets: 4})
		}
		if !r.prepare(first) || !r.prepare(second) || !r.prepare(third) {
			return
		}
		during, later, ok := r.readBefore()
		if !ok {
			return
		}
		if i == 0 {
			r.quiet = len(r.eventsSoFar())
			r.begin()
		}
		r.o.latest = len(r.o.asked)
		r.harm(h, first, second, third, during)
		if !r.awaitService(h) {
			return
		}
		r.asking.Wait()
		r.dooming.Wait()
		r.look(r.o.asked[r.o.latest:])
		r.changing.Wait()
		r.change(later)
		r.lookForChanges(during, "in the outage")
		r.lookForChanges(later, "after it")
		r.awaitConnect(h)
		if r.o.kind == backendSlow && r.bore() {
			break // on a busy machine the backend is slower than it should be: only failures each time count
		}
	}
	r.Pause(engine.Settle) // for callbacks and exceptions that come late
	r.checkStayDestroyed()
}

// bore reports whether the store bore the slow backend: no call has failed.
func (r *outageRun) bore() bool {
	return !slices.ContainsFunc(r.o.asked[r.o.latest:], func(a *exchange) bool { return a.failed(r.C) })
}

// justBefore is how long before the end of a silence the last calls are made, which are on their way when it ends.
const justBefore = 30 * time.Millisecond

func (r *outageRun) begin() {
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	r.o.harmed = true
}

// harm does harm, makes the calls that meet it, and ends it.
func (r *outageRun) harm(h harm, first, second, third []*exchange, during []*sharedSession) {
	limit := r.limit + h.lasts
	if h.forGood {
		limit = 2*r.limit + r.limit/3 // a store that gives up just then has time to say so
	}
	back := make(chan struct{})
	defer close(back)
	ask := func(all []*exchange) {
		for _, a := range all {
			r.asking.Go(func() {
				if r.ask(a, limit); a.doomed && a.answered() {
					r.dooming.Go(func() { <-back; r.destroyDoomed(a) })
				}
			})
		}
	}
	r.Log("%s", linePrefix+h.name)
	h.begin(r.link)
	r.changing.Go(func() { r.change(during) }) // beside the rest: nothing may prolong the outage
	ask(first)
	if h.lasts > 0 {
		r.Pause(h.lasts / 2)
		ask(second)
	}
	if h.lasts == 0 || h.forGood {
		r.asking.Wait()
	} else {
		r.Pause(h.lasts / 2)
		ask(third) // which meet the late answers to other calls
		r.Pause(justBefore)
	}
	if h.last != nil {
		h.last(r.link)
	}
	if err := engine.Bounded(r, func(context.Context) error { return r.link.Restore() }); err != nil {
		r.Broken(fmt.Errorf("the link's Restore: %w", err))
	}
	r.Log("%s", linePrefix+"the backend is back")
}

// plan returns the calls that meet a harm, each on an id of its own.
func (r *outageRun) plan(h harm) (plan []*exchange) {
	add := func(method string, stored bool) {
		a := &exchange{call: probe.Call{Method: method}}
		if method != "all" && method != "length" {
			a.call.ID = r.ID()
		}
		if stored {
			a.before = r.Session("user", r.Tag(), "text", engine.LongText)
		}
		switch method {
		case "set":
			a.written = r.Session("user", r.Tag(), "text", engine.LongText)
			a.call.Session = a.written.JSON()
		case "touch":
			a.call.Session = a.before.JSON()
		}
		plan = append(plan, a)
	}
	if h.gets > 0 {
		for range h.gets {
			add("get", true)
		}
		return plan
	}
	add("get", true)
	add("set", true)
	add("set", false)
	if h.loses() {
		add("set", false)
		plan[len(plan)-1].doomed = true
	}
	add("destroy", true)
	if r.Capabilities().Touch {
		add("touch", true)
	}
	// A server may hold more sessions of others than can be listed in time.
	own := r.Subject().Disposable
	if r.Capabilities().All && own {
		add("all", false)
	}
	if r.Capabilities().Length && own {
		add("length", false)
	}
	return plan
}

// prepare sets the sessions that must be there before the calls. It reports whether it could.
func (r *outageRun) prepare(plan []*exchange) bool {
	for _, a := range plan {
		if a.before == nil {
			continue
		}
		if !r.store(a.call.ID, a.before) {
			return false
		}
	}
	return true
}
