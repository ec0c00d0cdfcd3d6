package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// expectMissing fails the check when a session is found. All ids are asked for at once, because a store may take its time to say that one
// is missing.
func expectMissing(t *engine.C, ids ...string) {
	found, errs := getTogether(t, len(ids), func(i int) (*spec.Session, error) { return t.TryFind(ids[i]) })
	for i, id := range ids {
		t.MustSucceed("get", errs[i])
		if found[i] != nil {
			t.Fail("wanted    no session for %s\ngot       %s", phrase.Quote(id), phrase.Session(found[i]))
		}
	}
}

// expectEachMissing is expectMissing for gets that differ by more than their ids. Each is judged by itself: a failure shows the calls on its id
// alone.
func expectEachMissing(t *engine.C, ids []string, get func(i int) (*spec.Session, error)) {
	found, errs := getTogether(t, len(ids), get)
	for i, id := range ids {
		t.ShowCallsAbout(id)
		t.MustSucceed("get", errs[i])
		t.Expect(found[i]).To(compare.BeMissing())
	}
	t.ShowCallsAbout("")
}

// getTogether makes n gets at the same time and returns their answers, by index.
func getTogether(t *engine.C, n int, get func(i int) (*spec.Session, error)) (found []*spec.Session, errs []error) {
	found = make([]*spec.Session, n)
	errs = t.Parallel(n, func(i int) (err error) {
		found[i], err = get(i)
		return err
	})
	return found, errs
}

// getOnce returns the session that a get answers with, and nil also for an error. It ends the check as failed when the get is never
// answered, is answered more than once, or crashes.
func getOnce(i *engine.Instance, id string) *spec.Session {
	t := i.C()
	if !t.Has(contract.NeedCallbacks) {
		got, err := i.TryGet(id)
		expectRefusal(t, err)
		return got
	}
	out := i.Probe(probe.Call{Method: "get", ID: id, Settle: engine.Settle})
	// A rejection of the returned promise that the store itself handles ends no process.
	if out.Callbacks != 1 || out.Thrown != nil || len(out.Uncaught) > 0 {
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
