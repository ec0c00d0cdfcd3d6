package conformance

import (
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// setProbeChecks are those of the chapter set that look into the store's process.
var setProbeChecks = []check{
	{requirement: contract.SetRealSession, body: setRealSession},
	{requirement: contract.SetUnserialisable, body: setUnserialisable, when: last},
}

func setRealSession(t *C) {
	id, want := t.ID(), t.Session("user", map[string]any{"name": t.Tag()}, "views", 1)
	out := t.Probe(probe.Call{Method: "set", ID: id, Session: want.JSON()})
	if err := out.Err("set"); err != nil {
		t.Fail("wanted    set of a Session whose req leads back to the store to succeed\ngot       %v", err)
	}
	t.expectData(t.Get(id), want)
}

func setUnserialisable(t *C) {
	w := t.watch()
	var sets []watched
	for _, one := range w.refused {
		if one.call.Method == "set" {
			sets = append(sets, one)
		}
	}
	t.judgeCalls(sets, "one callback, with an error, and nothing stored", func(w watched) string {
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
