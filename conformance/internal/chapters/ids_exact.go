package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// expectFree fails the check when a session is found under an id that only this check should use. The session of an earlier run that did
// not come to its end is removed, and looked for again.
func expectFree(t *engine.C, ids []string) {
	found, errs := getTogether(t, len(ids), func(i int) (*spec.Session, error) { return t.TryFind(ids[i]) })
	var again []string
	for i, id := range ids {
		if found[i] != nil {
			if _, ours := found[i].Raw(engine.Marker); ours {
				_ = t.TryDestroy(id)
			}
		}
		if found[i] != nil || errs[i] != nil {
			again = append(again, id)
		}
	}
	expectMissing(t, again...)
}

// expectExact sets, gets and destroys sessions under exactly these ids: no tag stands in front of them.
func expectExact(t *engine.C, ids []string) {
	t.Tidy()
	expectFree(t, ids)
	sessions := make([]*spec.Session, len(ids))
	for i, id := range ids {
		sessions[i] = t.Session(engine.Marker, t.Tag(), "of", "the id "+id)
		t.Set(id, sessions[i])
	}
	for i, id := range ids {
		expectData(t, t.Get(id), sessions[i])
	}
	for _, id := range ids {
		t.Destroy(id)
	}
	expectMissing(t, ids...)
}

func idsBookkeeping(t *engine.C) {
	// With one session the store has something to keep books about.
	id, want := t.ID(), t.Session("tag", t.Tag())
	t.Set(id, want)
	expectExact(t, []string{"__length__", "length", "index", "meta", "keys", "count", "lock", "version"})
	expectData(t, t.Get(id), want)
}

func idsPrototypeNames(t *engine.C) {
	names := []string{"__proto__", "constructor", "toString", "hasOwnProperty", "prototype"}
	before := len(prototypeEvents(t, "pollution", ""))
	expectExact(t, names)
	expectNoPollution(t, "", before)
	if t.Capabilities().Clear && t.Subject().Disposable {
		t.Set(names[1], t.Session(engine.Marker, t.Tag()))
		_ = t.TryClear()
		_ = t.TryDestroy(names[1]) // another check judges a clear that leaves it
		expectMissing(t, names...)
	}
}
