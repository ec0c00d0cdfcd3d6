package chapters

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var destroyChecks = []engine.Check{
	{Requirement: contract.DestroyGone, Body: destroyGone, When: engine.Exclusive},
	{Requirement: contract.DestroyOthersStay, Body: destroyOthersStay},
	{Requirement: contract.DestroyMissing, Body: destroyMissing},
	{Requirement: contract.DestroyTwice, Body: destroyTwice},
	// A store that takes the id for a pattern or a path may remove the sessions of other checks.
	{Requirement: contract.DestroyOneOnly, Body: destroyOneOnly, When: engine.Last},
}

func destroyGone(t *engine.C) {
	ids := []string{t.ID(), t.ID(), t.ID()}
	for i, id := range ids {
		for range i + 1 {
			t.Set(id, t.Session("user", t.Tag()))
		}
	}
	t.Get(ids[2]) // into whatever cache there may be
	for _, id := range ids {
		t.ShowCallsAbout(id)
		t.Destroy(id)
	}
	start := time.Now()
	expectEachMissing(t, ids, func(i int) (*spec.Session, error) { return t.TryFind(ids[i]) })
	if time.Since(start) > gonesTime/10 {
		expectNoneLeft(t, gonesAtOnce) // a store that takes its time for a miss is asked once
		return
	}
	expectGoneAtOnce(t)
}

func destroyOthersStay(t *engine.C) {
	id := t.ID()
	others := map[string]*spec.Session{}
	for _, other := range []string{t.ID(), t.ID(), id[:len(id)-1], id + "A", "A" + id, differently(id, len(id)-1)} {
		others[other] = t.Session("user", t.Tag())
		t.Set(other, others[other])
	}
	t.Set(id, t.Session("user", t.Tag()))
	t.Destroy(id)
	for other, want := range others {
		expectData(t, t.Get(other), want)
	}
	// Some of so many ids share a place in a table, and the end of one may hide another.
	sessions := make([]*spec.Session, 100)
	for i := range sessions {
		sessions[i] = t.Session("user", t.Tag())
	}
	var lives []life
	for batch := range slices.Chunk(sessions, 25) {
		lives = append(lives, newLives(t, batch...)...)
	}
	t.Parallel(len(lives)/2, func(i int) error { return t.TryDestroy(lives[2*i].id) })
	got, errs := getTogether(t, len(lives)/2, func(i int) (*spec.Session, error) { return t.TryGet(lives[2*i+1].id) })
	for i, err := range errs {
		t.MustSucceed("get", err)
		expectData(t, got[i], lives[2*i+1].session)
	}
}

func destroyMissing(t *engine.C) { t.Destroy(t.ID()) }

func destroyTwice(t *engine.C) {
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	for range 2 {
		t.Destroy(id)
		t.Expect(t.Find(id)).To(compare.BeMissing())
	}
}

func destroyOneOnly(t *engine.C) {
	tag := t.Tag()
	others := map[string]*spec.Session{}
	for _, other := range []string{t.ID(), tag + "a", tag + "b"} {
		others[other] = t.Session("user", t.Tag())
		t.Set(other, others[other])
	}
	odd := []string{tag + "*", tag + "%", tag + "_", tag + "?", tag + "[ab]"}
	subject := t.Subject()
	if subject.Disposable {
		odd = append(odd, "", "*", "%", "_", "?", "[ab]", "**", ".*", ".", "./", tag+"/..", tag+"/.")
	}
	if subject.Disposable && subject.Dir != "" {
		odd = append(odd, "..", "../") // in another store that could be anybody's directory
	}
	for _, id := range odd {
		// A store may refuse such an id.
		expectRefusal(t, t.TryDestroy(id))
		for other, want := range others {
			expectData(t, t.Get(other), want)
		}
	}
}
