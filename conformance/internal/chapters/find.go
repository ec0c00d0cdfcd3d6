package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
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

// getOnce returns what a get answers with, nil also for an error, and ends the check as failed when it is answered never, more than
// once, or with a crash.
func getOnce(i *engine.Instance, id string) *spec.Session {
	t := i.C()
	if !t.Has(contract.NeedCallbacks) {
		got, err := i.TryGet(id)
		expectRefusal(t, err)
		return got
	}
	out := i.Probe(probe.Call{Method: "get", ID: id, Settle: engine.Settle})
	if out.Callbacks != 1 || out.Thrown != nil || out.Rejected != nil || len(out.Uncaught) > 0 {
		t.Fail("wanted    one callback, and nothing thrown or rejected\ngot       %s", phrase.Outcome("get", out))
	}
	if out.Error != nil || out.Kind != "object" {
		return nil
	}
	got, err := spec.ParseSession(out.Value)
	if err != nil {
		t.Fail("wanted    an error, no session, or the one that was set\ngot       %s", phrase.Outcome("get", out))
	}
	return got
}
