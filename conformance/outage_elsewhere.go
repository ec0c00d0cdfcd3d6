package conformance

import (
	"fmt"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// An elsewhere is a session that the disturbed instance has read, and that another one changes, which is not disturbed.
type elsewhere struct {
	id      string
	was, is *spec.Session // nil when it is destroyed
	// afterwards: it is changed when the backend is back, not in the outage.
	afterwards bool
	changed    bool
}

// openOther opens the other instance, where there is to be one.
func (r *disturber) openOther() {
	bypass, ok := r.link.(Bypass)
	switch {
	case !r.suite.subject.Shared || r.o.kind == slow:
		return
	case !ok:
		r.o.alone = "the subject's links are no conformance.Bypass, so there is no other instance"
		return
	}
	other, err := r.tryOpen(r, "other", bypass.Open)
	if err != nil {
		r.o.alone = "no other instance could be opened: " + err.Error()
		return
	}
	other.name = "other."
	r.other = other
}

// acquaint sets sessions that are to be changed elsewhere and reads them, and reports whether it could set them.
func (r *disturber) acquaint() (all []*elsewhere, ok bool) {
	if r.other == nil || r.o.stale != nil { // which took its time
		return nil, true
	}
	for n := range 4 {
		e := &elsewhere{id: r.ID(), was: r.Session("user", r.Tag()), afterwards: n >= 2}
		if n%2 == 0 {
			e.is = r.Session("user", r.Tag())
		}
		if !r.store(e.id, e.was) {
			return nil, false
		}
		r.ask(e.get(), r.limit)
		all = append(all, e)
	}
	return all, true
}

// get returns a call for the session.
func (e *elsewhere) get() *asked {
	return &asked{call: probe.Call{Method: "get", ID: e.id}, before: e.was, written: e.is, after: true}
}

// changeElsewhere makes the changes of an outage, or those that come afterwards.
func (r *disturber) changeElsewhere(all []*elsewhere, afterwards bool) {
	for _, e := range all {
		if e.afterwards != afterwards {
			continue
		}
		var err error
		if e.is == nil {
			err = r.other.TryDestroy(e.id)
		} else {
			err = r.other.TrySet(e.id, e.is)
		}
		if e.changed = err == nil; !e.changed {
			r.o.alone = fmt.Sprintf("the instance that has its backend all the time could not change a session: %v", err)
		}
	}
}

// lookElsewhere looks at the sessions until they are as the other instance left them.
func (r *disturber) lookElsewhere(all []*elsewhere) {
	found := make([]string, len(all))
	r.Parallel(len(all), func(i int) error {
		e := all[i]
		if !e.changed {
			return nil
		}
		found[i] = r.await(e.get, func(get *asked) bool { return get.shows(r.C, e.is) || e.is == nil && get.missing() })
		return nil
	})
	for i, e := range all {
		if found[i] == "" {
			continue
		}
		change, when := "set", "in the outage"
		if e.is == nil {
			change = "destroyed"
		}
		if e.afterwards {
			when = "after it"
		}
		r.o.stale = append(r.o.stale, flaw{e.id, fmt.Sprintf("what another instance has %s %s: in the end get(%s) → %s", change, when, quote(e.id), found[i])})
	}
}
