package outage

import (
	"context"
	"errors"
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
	link     subject.Link    // nil for a backend that refuses writes
	refuser  subject.Refuser // nil for one that is disturbed in another way
	limit    time.Duration   // how long an answer may take
	attempt  int
	asking   sync.WaitGroup
	dooming  sync.WaitGroup // destroys of what doomed calls may have set
	changing sync.WaitGroup // by the other instance
	quiet    int            // events before the first harm
	touches  []touchPair
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
		touches := r.planTouches(h)
		r.touches = append(r.touches, touches...)
		if h.lasts > 0 {
			second = r.plan(h)
		}
		if h.late {
			third = r.plan(harm{gets: 4})
		}
		if !r.prepare(first) || !r.prepare(second) || !r.prepare(third) {
			return
		}
		for _, pair := range touches {
			if !r.prepareTouches(pair.before, pair.during) {
				return
			}
			first = append(first, pair.during)
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
		if !r.harm(h, first, second, third, during) {
			continue
		}
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
		if h.refuses && r.o.lost != nil {
			break // one way of refusing is enough, and another would be waited for as long
		}
	}
	r.lookAtTouches()
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

// harm does harm, makes the calls that meet it, and ends it. It reports false where this harm cannot be done.
func (r *outageRun) harm(h harm, first, second, third []*exchange, during []*sharedSession) bool {
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
	if !r.beginHarm(h) {
		return false
	}
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
	if err := r.restore(); err != nil {
		r.Broken(err)
	}
	r.Log("%s", linePrefix+"the backend is back")
	return true
}

// beginHarm begins a harm, and reports whether it can be done.
func (r *outageRun) beginHarm(h harm) bool {
	if !h.refuses {
		h.begin(r.link)
		return true
	}
	err := engine.Bounded(r, func(ctx context.Context) error { return r.refuser.RefuseWrites(ctx, h.everything) })
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		r.Log("%s", linePrefix+"this backend cannot be made so")
		return false
	case err != nil:
		r.Broken(fmt.Errorf("the refuser's RefuseWrites: %w", err))
	}
	return true
}

// restore ends all harm.
func (r *outageRun) restore() error {
	if r.refuser == nil {
		if err := engine.Bounded(r, func(context.Context) error { return r.link.Restore() }); err != nil {
			return fmt.Errorf("the link's Restore: %w", err)
		}
		return nil
	}
	if err := engine.Bounded(r, r.refuser.AllowWrites); err != nil {
		return fmt.Errorf("the refuser's AllowWrites: %w", err)
	}
	return nil
}

// refusedSets is how many sets are refused at once: more than most pools have connections.
const refusedSets = 50

// tellingCalls is how many calls of each other kind meet a refusal: on a busy machine some are given up, which tells nothing.
const tellingCalls = 3

// plan returns the calls that meet a harm, each on an id of its own.
func (r *outageRun) plan(h harm) (plan []*exchange) {
	add := func(method string, stored bool) {
		a := &exchange{call: probe.Call{Method: method}}
		if method != "all" && method != "length" {
			a.call.ID = r.ID()
		}
		text := engine.LongText
		if h.refuses && !r.Profile().Brief {
			text = r.longerThanABlock()
		}
		if stored {
			a.before = r.Session("user", r.Tag(), "text", text)
		}
		switch method {
		case "set":
			a.written = r.Session("user", r.Tag(), "text", text)
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
	if h.refuses {
		for range refusedSets {
			add("set", false)
		}
	}
	add("destroy", true)
	if h.refuses {
		for range tellingCalls - 1 {
			add("destroy", true)
		}
	}
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
