package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

func instancesSeparate(t *engine.C) {
	other := t.OpenForeign()
	t.Tidy() // these sessions would be in the way of a clear or a length that does not keep to its own store
	t.Log("the name of the other store is this store's with %s behind it, unless the subject has another name for it", engine.ForeignSuffix)
	own, same, foreign := t.ID(), t.ID(), t.ID()
	t.Set(own, t.Session("user", t.Tag()))
	other.Set(foreign, t.Session("user", t.Tag()))
	// A store that writes an id right behind its name has one key, app2x, for the id x in the store app2 and the id 2x in the store app.
	joined := afterDifference(foreign)
	ids, readers := []string{own, foreign, joined}, []*engine.Instance{other, t.Instance, t.Instance}
	found, errs := getTogether(t, len(ids), func(i int) (*spec.Session, error) { return readers[i].TryFind(ids[i]) })
	for i := range ids {
		t.MustSucceed("get", errs[i])
		if found[i] != nil {
			t.Fail("wanted    no session of the other store for %s\ngot       %s", phrase.Quote(ids[i]), phrase.Session(found[i]))
		}
	}
	for _, ids := range [][2]string{{same, same}, {joined, foreign}} {
		expectBoth(t, other, ids[0], ids[1], t.Instance)
	}
	same, foreign = t.ID(), t.ID()
	for _, ids := range [][2]string{{same, same}, {afterDifference(foreign), foreign}} {
		expectBoth(t, other, ids[0], ids[1], other)
	}
}

// expectBoth sets a session in each of two stores, and destroys the one of a store. Nothing happens to the session of the other.
func expectBoth(t *engine.C, other *engine.Instance, own, foreign string, destroyer *engine.Instance) {
	ours, theirs := t.Session("user", t.Tag()), t.Session("user", t.Tag())
	other.Set(foreign, theirs)
	t.Set(own, ours)
	expectData(t, other.Get(foreign), theirs)
	expectData(t, t.Get(own), ours)
	if destroyer == other {
		other.Destroy(foreign)
		expectData(t, t.Get(own), ours)
		return
	}
	t.Destroy(own)
	expectData(t, other.Get(foreign), theirs)
}

// afterDifference returns an id that begins with what the name of the separate store has and the store's own has not.
func afterDifference(id string) string { return engine.ForeignSuffix + id }
