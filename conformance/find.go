package conformance

import "github.com/storecheck/storecheck/spec"

// neverSet is an id under which the suite stores nothing.
const neverSet = "storecheckNeverSetsThisSessionID"

// Find is Get for a session that may well be gone, see [Instance.TryFind].
func (i *Instance) Find(id string) *spec.Session {
	s, err := i.TryFind(id)
	i.mustSucceed("get", err)
	return s
}

// TryFind is TryGet for a session that may well be gone: a store that answers with an error for an id that was never set may do so here,
// because that is the matter of get/missing alone.
func (i *Instance) TryFind(id string) (*spec.Session, error) {
	s, err := i.TryGet(id)
	if err != nil {
		if _, usual := i.TryGet(neverSet); usual != nil {
			return nil, nil //nolint:nilerr // the error is this store's word for missing
		}
	}
	return s, err
}

// expectMissing looks for several ids at once, because a store may take its time to say that one is missing.
func (t *C) expectMissing(ids ...string) {
	found := make([]*spec.Session, len(ids))
	for i, err := range t.Parallel(len(ids), func(i int) (err error) {
		found[i], err = t.TryFind(ids[i])
		return err
	}) {
		t.mustSucceed("get", err)
		if found[i] != nil {
			t.Fail("wanted    no session for %s\ngot       %s", quote(ids[i]), short(found[i]))
		}
	}
}
