package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// setProbeChecks are the checks of the chapter set that look into the store's process.
var setProbeChecks = []engine.Check{
	{Requirement: contract.SetRealSession, Body: setRealSession},
	{Requirement: contract.SetUnchanged, Body: setUnchanged},
	{Requirement: contract.SetRemovedMembers, Body: setRemovedMembers},
	{Requirement: contract.SetUnserialisable, Body: setUnserialisable, When: engine.Last},
}

func setRealSession(t *engine.C) {
	id, want := t.ID(), t.Session("user", map[string]any{"name": t.Tag()}, "views", 1)
	out := t.Probe(probe.Call{Method: "set", ID: id, Session: want.JSON()})
	if err := out.Err("set"); err != nil {
		t.Fail("wanted    set of a Session whose req leads back to the store to succeed\ngot       %v", err)
	}
	expectData(t, t.Get(id), want)
}

func setUnchanged(t *engine.C) {
	for _, stored := range []bool{true, false} {
		id, want := t.ID(), t.Session("user", t.Tag())
		if stored {
			t.Set(id, t.Session("user", t.Tag()))
		}
		out := t.Probe(probe.Call{Method: "set", ID: id, Session: want.JSON(), Form: "unchanged"})
		if err := out.Err("set"); err != nil {
			t.Fail("wanted    set to succeed\ngot       %v", err)
		}
		expectData(t, t.Get(id), want)
	}
}

func setUnserialisable(t *engine.C) {
	w := observeCalls(t)
	var sets []observedCall
	for _, one := range w.refused {
		if one.call.Method == "set" {
			sets = append(sets, one)
		}
	}
	judgeCalls(t, sets, "one callback, with an error, and nothing stored", func(w observedCall) string {
		switch n := w.callbacks(); {
		case w.outcome.Thrown != nil:
			return "threw " + w.outcome.Thrown.String()
		case n == 0:
			return "did not call back"
		case n > 1:
			return "called back more than once"
		case w.outcome.Error == nil:
			return "reported success"
		case w.left != "":
			return "stored " + w.left
		}
		return ""
	})
	if w.grown > 0 {
		t.Fail("wanted    nothing to be stored\ngot       length is %d more than before", w.grown)
	}
}
