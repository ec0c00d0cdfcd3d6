package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// expectMissing looks for several ids at once, because a store may take its time to say that one is missing.
func expectMissing(t *engine.C, ids ...string) {
	found := make([]*spec.Session, len(ids))
	for i, err := range t.Parallel(len(ids), func(i int) (err error) {
		found[i], err = t.TryFind(ids[i])
		return err
	}) {
		t.MustSucceed("get", err)
		if found[i] != nil {
			t.Fail("wanted    no session for %s\ngot       %s", phrase.Quote(ids[i]), phrase.Session(found[i]))
		}
	}
}
