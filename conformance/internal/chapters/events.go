package chapters

import (
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var eventsChecks = []engine.Check{
	{Requirement: contract.EventsEmitter, Body: eventsEmitter},
	{Requirement: contract.EventsExtensible, Body: eventsExtensible},
	{Requirement: contract.EventsReconnect, Body: eventsReconnect, When: engine.Last},
	{Requirement: contract.EventsNoUnheardError, Body: eventsNoUnheardError, When: engine.Last},
}

func eventsEmitter(t *engine.C) {
	if s := t.Prober().Surface(); !s.Emitter {
		t.Fail("wanted    a store with the methods on and emit\ngot       a %s without them: extend express-session's Store, or EventEmitter", s.Class)
	}
}

func eventsExtensible(t *engine.C) {
	switch s := t.Prober().Surface(); {
	case !s.Extensible:
		t.Fail("wanted    a store to which a property can be added\ngot       a %s that is frozen, sealed or not extensible", s.Class)
	case s.Generate:
		t.Fail("wanted    no generate on the store, which express-session puts there\ngot       a %s with a generate of its own", s.Class)
	}
}

func eventsReconnect(t *engine.C) {
	last := func() *probe.Event {
		events := eventsOf(t)
		slices.Reverse(events)
		i := slices.IndexFunc(events, func(e probe.Event) bool { return e.Kind == "connect" || e.Kind == "disconnect" })
		if i < 0 {
			return nil
		}
		return &events[i]
	}
	e := last()
	if e == nil || e.Kind == "connect" {
		return
	}
	t.Log("%s", eventText(*e))
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	t.Expect(t.Get(id)).NotTo(compare.BeMissing())
	if !eventually(t, func() bool { return last().Kind == "connect" }) {
		t.FailOfRun("wanted    connect when the store works again after disconnect\ngot       no connect, although set and get work: from now on every request is served without a session")
	}
}

func eventsNoUnheardError(t *engine.C) {
	for _, e := range eventsOf(t) {
		if e.Kind == "error" {
			t.Log("%s", eventText(e))
			t.FailOfRun("wanted    no error event that nobody listens for\ngot       the store emitted %s", phrase.Fault(e.Fault))
		}
	}
}

// eventText says in words what the store emitted, and when.
func eventText(e probe.Event) string {
	s := "the store emitted " + e.Kind
	if e.Fault != nil {
		s += " with " + e.Fault.String()
	}
	if e.Method != "" {
		s += " during " + phrase.Call(probe.Call{Method: e.Method, ID: e.ID})
	}
	return s
}
