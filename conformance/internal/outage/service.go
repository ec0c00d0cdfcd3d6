package outage

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// store sets a session, and reports whether it could. Several tries are for a store that is not connected yet, and for connections that broke
// in an earlier outage and were not used since.
func (r *outageRun) store(id string, session *spec.Session) bool {
	patience := r.limit
	if !r.o.harmed {
		patience *= 4 // there is nothing to judge if the store does not start
	}
	end := time.Now().Add(patience)
	for tries := 1; ; tries++ {
		set := &exchange{call: probe.Call{Method: "set", ID: id, Session: session.JSON()}, after: true}
		r.ask(set, r.limit)
		switch {
		case set.succeeded():
			return true
		case !r.lives():
			return false
		case tries < engine.FewestTries && set.answered() || time.Now().Before(end):
			r.Pause(50 * time.Millisecond)
			continue
		case !r.o.harmed:
			r.Skip("the store sets no session even before any harm is done: %s", phrase.Outcome("set", set.outcome))
		case set.answered(): // a set without an answer is judged as such
			r.o.idle = set.String()
			fallthrough
		default:
			return false
		}
	}
}

// die notes the error with which the process of the store gave way.
func (r *outageRun) die(err error) {
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	if r.o.died == nil {
		r.o.died = err
	}
}

// lives reports whether the process of the store lives. It ends the outage as broken when the process died before any harm, or gave way
// without dying.
func (r *outageRun) lives() bool {
	r.o.mu.Lock()
	defer r.o.mu.Unlock()
	if r.o.died != nil && (!r.o.harmed || r.Err() != nil || !errors.Is(r.o.died, probe.ErrDied)) {
		r.Broken(r.o.died)
	}
	return r.o.died == nil
}

// awaitService tries again and again whether the store serves, and reports whether it does. A try without an answer does not delay the next.
func (r *outageRun) awaitService(h harm) bool {
	served := make(chan bool, 1)
	start := time.Now()
	for tries := time.Duration(1); r.lives(); tries++ {
		id, s := r.ID(), r.Session("user", r.Tag())
		failed := make(chan struct{})
		r.asking.Go(func() {
			defer close(failed)
			set := &exchange{call: probe.Call{Method: "set", ID: id, Session: s.JSON()}, written: s, after: true}
			get := &exchange{call: probe.Call{Method: "get", ID: id}, before: s, after: true}
			if r.ask(set, r.limit); set.succeeded() {
				if r.ask(get, r.limit); get.shows(r.C, s) {
					select {
					case served <- true:
					default:
					}
				}
			}
		})
		unanswered := time.NewTimer(200 * time.Millisecond)
		select {
		case <-failed: // fast: connections that nobody has found broken must be used up
			r.Pause(min(20*tries, 200) * time.Millisecond)
		case <-unanswered.C:
		}
		unanswered.Stop()
		select {
		case <-served:
			return true
		default:
		}
		if took := time.Since(start); took > r.limit && tries >= engine.FewestTries {
			r.o.idle = fmt.Sprintf("%s, and %s after it is back the store does not serve", h.name, phrase.Milliseconds(took))
			return false
		}
	}
	return false
}

// awaitConnect waits for the connect that must follow a disconnect.
func (r *outageRun) awaitConnect(h harm) {
	connected := func() bool {
		for _, e := range slices.Backward(r.eventsSoFar()) {
			if e.Kind == "connect" || e.Kind == "disconnect" {
				return e.Kind == "connect"
			}
		}
		return true
	}
	end := time.Now().Add(r.limit)
	for tries := 1; !connected(); tries++ {
		if tries >= engine.FewestTries && time.Now().After(end) {
			r.o.disconnected = "when " + h.name + " the store emitted disconnect, and no connect although set and get work"
			return
		}
		r.Pause(50 * time.Millisecond)
	}
}

// eventsSoFar returns the events in the process of the store since the first harm.
func (r *outageRun) eventsSoFar() []probe.Event {
	if !r.Has(contract.NeedEvents) {
		return nil
	}
	events, err := r.Prober().Events(r)
	if err != nil {
		r.die(err)
		return nil
	}
	return events[r.quiet:]
}
