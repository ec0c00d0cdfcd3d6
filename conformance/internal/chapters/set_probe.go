package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// setProbeChecks are the checks of the chapter set that look into the store's process.
var setProbeChecks = []engine.Check{
	{Requirement: contract.SetRealSession, Body: setRealSession},
	{Requirement: contract.SetUnchanged, Body: setUnchanged},
	{Requirement: contract.SetLoadedGone, Body: setLoadedGone},
	{Requirement: contract.SetNewTaken, Body: setNewTaken},
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

// setLoadedGone has two requests load a session: one destroys it, then the other sets what it has changed.
func setLoadedGone(t *engine.C) {
	id, loaded := t.ID(), t.Session("user", t.Tag())
	t.Set(id, loaded)
	expectData(t, t.Get(id), loaded)
	t.Destroy(id)
	out := t.Probe(probe.Call{Method: "set", ID: id, Session: t.Session("user", t.Tag()).JSON(), Form: "loaded"})
	err := out.Err("set")
	t.Expect(t.Get(id)).To(compare.BeMissing())
	if err == nil {
		t.Fail("wanted    an error of set: the session that the request has loaded is gone\ngot       success")
	}

	// The form itself is not what is refused.
	changed := t.Session("user", t.Tag())
	t.Set(id, loaded)
	out = t.Probe(probe.Call{Method: "set", ID: id, Session: changed.JSON(), Form: "loaded"})
	if err := out.Err("set"); err != nil {
		t.Fail("wanted    set of a session that is there to succeed\ngot       %v", err)
	}
	expectData(t, t.Get(id), changed)
}

func setNewTaken(t *engine.C) {
	id, first := t.ID(), t.Session("user", t.Tag())
	out := t.Probe(probe.Call{Method: "set", ID: id, Session: first.JSON(), Form: "new"})
	if err := out.Err("set"); err != nil {
		t.Fail("wanted    set of a new session to succeed\ngot       %v", err)
	}
	expectData(t, t.Get(id), first)
	out = t.Probe(probe.Call{Method: "set", ID: id, Session: t.Session("user", t.Tag()).JSON(), Form: "new"})
	expectData(t, t.Get(id), first)
	if out.Err("set") == nil {
		t.Fail("wanted    an error of set: the id is in use\ngot       success")
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
