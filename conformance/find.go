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
			return nil, nil
		}
	}
	return s, err
}
