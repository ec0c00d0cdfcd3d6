package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// How many destroys are followed at once by a get. A destroy that calls back before the backend is done is seen by one of many, and most
// likely where the backend is busy. A slow store is asked for as long as the time lasts.
const (
	gonesInTurn  = 100
	gonesAtOnce  = 40
	gonesInAll   = 5 * gonesAtOnce
	gonesTime    = 500 * time.Millisecond // for each way
	gonesAtFirst = 5
)

// expectGoneAtOnce destroys sessions, one after the other and many together, and gets each as soon as its destroy has called back.
func expectGoneAtOnce(t *engine.C) {
	for start, n := time.Now(), 0; n < gonesInTurn && time.Since(start) < gonesTime; n++ {
		expectNoneLeft(t, 1)
	}
	start := time.Now()
	expectNoneLeft(t, gonesAtFirst)
	least := 0 // what a busy machine must not cut short
	if time.Since(start) < gonesTime/2 {
		least = 3 * gonesAtOnce
	}
	for n := 0; n < gonesInAll && (n < least || time.Since(start) < gonesTime); n += gonesAtOnce {
		expectNoneLeft(t, gonesAtOnce)
	}
}

// expectNoneLeft sets n sessions and destroys them at the same time. It gets each at once.
func expectNoneLeft(t *engine.C, n int) {
	sessions := make([]*spec.Session, n)
	for i := range sessions {
		sessions[i] = t.Session("user", t.Tag())
	}
	lives := newLives(t, sessions...)
	destroys := make([]error, n)
	found, errs := getTogether(t, n, func(i int) (*spec.Session, error) {
		destroys[i] = t.TryDestroy(lives[i].id)
		return t.TryFind(lives[i].id)
	})
	for i, l := range lives {
		t.ShowCallsAbout(l.id)
		t.MustSucceed("destroy", destroys[i])
		t.MustSucceed("get", errs[i])
		t.Expect(found[i]).To(compare.BeMissing())
	}
	t.ShowCallsAbout("")
}
