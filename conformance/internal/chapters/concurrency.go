package chapters

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var concurrencyChecks = []engine.Check{
	{Requirement: contract.ConcurrencyManyIDs, Body: concurrencyManyIDs},
	{Requirement: contract.ConcurrencyOneID, Body: concurrencyOneID},
	{Requirement: contract.ConcurrencyLastAcknowledged, Body: concurrencyLastAcknowledged},
	{Requirement: contract.ConcurrencyTornReads, Body: concurrencyTornReads},
	{Requirement: contract.ConcurrencyStaleReads, Body: concurrencyStaleReads},
	{Requirement: contract.ConcurrencySetAndTouch, Body: concurrencySetAndTouch},
	{Requirement: contract.ConcurrencyDestroyAndTouch, Body: concurrencyDestroyAndTouch},
	{Requirement: contract.ConcurrencySweepAndRefresh, Body: concurrencySweepAndRefresh, When: engine.Timed},
	{Requirement: contract.ConcurrencyDestroyAndSet, Body: concurrencyDestroyAndSet},
	{Requirement: contract.ConcurrencySetAfterDestroy, Body: concurrencySetAfterDestroy},
}

func concurrencyManyIDs(t *engine.C) {
	// The first sessions fill a store that keeps all of them in one file, so that its writes take a while.
	var all []life
	for _, n := range []int{racesInAll, 100} {
		sessions := make([]*spec.Session, n)
		for i := range sessions {
			sessions[i] = wovenSession(t, 2<<10)
		}
		all = append(all, newLives(t, sessions...)...)
	}
	errs := t.Parallel(len(all), func(i int) error {
		got, err := t.TryGet(all[i].id)
		if err == nil {
			err = checkOneOf(t, got, all[i].session)
		}
		return err
	})
	for i, err := range errs {
		if err != nil {
			t.ShowCallsAbout(all[i].id)
			t.Fail("%v\n(of %d sessions, of the %d that were set together)", err, countErrors(errs), len(all))
		}
	}
}

func concurrencyOneID(t *engine.C) {
	const writers = 20
	for range racesAtOnce {
		id := t.ID()
		t.ShowCallsAbout(id)
		for _, kind := range []string{"a new id", "a stored id"} {
			sessions := rivalSessions(t, writers)
			for _, err := range t.Parallel(writers, func(i int) error { return t.TrySet(id, sessions[i]) }) {
				if err != nil {
					t.Fail("wanted    every one of %d sets of %s in flight together to succeed\ngot       %v", writers, kind, err)
				}
			}
			if err := checkOneOf(t, t.Get(id), sessions...); err != nil {
				t.Fail("%v", err)
			}
		}
	}
}

func concurrencyLastAcknowledged(t *engine.C) {
	lasts := map[string]*spec.Session{}
	for range racesAtOnce {
		id, sessions := t.ID(), rivalSessions(t, racesInAll)
		// Another requirement judges whether these sets may fail.
		t.Parallel(racesInAll-1, func(i int) error { return t.TrySet(id, sessions[i]) })
		last := sessions[racesInAll-1]
		t.Set(id, last)
		expectData(t, t.Get(id), last)
		lasts[id] = last
	}
	// Another look finds writes that came later still.
	for id, last := range lasts {
		expectData(t, t.Get(id), last)
	}
}

func concurrencyTornReads(t *engine.C) {
	id := t.ID()
	var sessions []*spec.Session
	// The sessions are as large as the store takes: a write in several steps is then most likely seen in the middle.
	for size := 256 << 10; ; size /= 8 {
		sessions = []*spec.Session{wovenSession(t, size), wovenSession(t, size), wovenSession(t, size/2)}
		err := t.TrySet(id, sessions[0])
		if err == nil {
			break
		}
		if expectRefusal(t, err); size <= 4<<10 {
			t.Fail("wanted    set to succeed\ngot       %v", err)
		}
	}
	const readers = 3
	var done atomic.Bool
	var reads atomic.Int32
	errs := t.Parallel(1+readers, func(i int) error {
		if i == readers {
			defer done.Store(true)
			// On a busy machine all sets may be over before a reader has had its turn.
			for n := 1; (n <= racesInAll || reads.Load() < racesInAll && n <= 4*racesInAll) && !done.Load(); n++ {
				if err := t.TrySet(id, sessions[n%len(sessions)]); err != nil {
					return fmt.Errorf("wanted    set to succeed\ngot       %w", err)
				}
			}
			return nil
		}
		for last := false; !last; reads.Add(1) {
			last = done.Load()
			got, err := t.TryGet(id)
			if err == nil {
				_, err = closestSession(t, got, sessions)
			}
			if err != nil {
				done.Store(true)
				return fmt.Errorf("wanted    the old or the new session while it is being set\ngot       %w", err)
			}
		}
		return nil
	})
	for _, err := range errs {
		if err != nil { // one error tells enough
			t.Fail("%v", err)
		}
	}
}

func concurrencyStaleReads(t *engine.C) {
	judgeRaces(t,
		raceKind{raceSet, raceGet, func(r *race) { expectFresh(t, r) }},
		raceKind{raceDestroy, raceGetUntilMissing, func(r *race) { expectDestroyed(t, r) }},
	)
}

// A fast store gets more races: what a touch may undo lasts a microsecond there.
const (
	touchOftenTime  = 200 * time.Millisecond
	touchOftenRaces = 60
)

func concurrencySetAndTouch(t *engine.C) {
	judgeRaces(t, raceKind{raceSet, raceTouch, func(r *race) { expectFresh(t, r) }})
	start := time.Now()
	for n := 0; n == 0 || n < touchOftenRaces && time.Since(start) < touchOftenTime; n += racesAtOnce {
		for _, r := range newRaces(t, racesAtOnce, time.Hour, raceKind{first: raceSet, second: raceTouchOften}) {
			t.ShowCallsAbout(r.id)
			r.swapped = true
			if n == 0 {
				r.pause = 0
			}
			runRaces(t, []*race{r})
			// A store may give up among so many calls, if it says so.
			if r.errs[0] != nil {
				expectRefusal(t, r.errs[0])
				continue
			}
			expectFresh(t, r)
		}
	}
}

func concurrencyDestroyAndTouch(t *engine.C) {
	judgeRaces(t, raceKind{raceDestroy, raceTouch, func(r *race) { expectDestroyed(t, r) }})
}

// expectFresh judges a race whose first call is a set.
func expectFresh(t *engine.C, r *race) {
	t.MustSucceed("set", r.errs[0])
	if err := checkOneOf(t, r.got, r.fresh); err != nil {
		t.Fail("%v", err)
	}
}

// expectDestroyed judges a race whose first call is a destroy, and whose second one stores nothing.
func expectDestroyed(t *engine.C, r *race) {
	t.MustSucceed("destroy", r.errs[0])
	t.Expect(r.got).To(compare.BeMissing())
}

func concurrencyDestroyAndSet(t *engine.C) {
	found, refused := 0, 0
	judgeRaces(t, raceKind{raceDestroy, raceSet, func(r *race) {
		if r.got != nil {
			expectData(t, r.got, r.fresh)
			found++
		}
		if r.errs[1] != nil {
			refused++
		}
	}})
	t.Observe("found in %d and missing in %d of %d rounds; set was refused in %d", found, racesInAll-found, racesInAll, refused)
}

func concurrencySetAfterDestroy(t *engine.C) {
	found := 0
	judgeRaces(t, raceKind{raceSetLate, raceNothing, func(r *race) {
		if r.got != nil {
			expectData(t, r.got, r.fresh)
			found++
		}
	}})
	t.Observe("stored again in %d of %d rounds", found, racesInAll)
}
