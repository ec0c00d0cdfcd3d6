package chapters

import (
	"errors"
	"runtime"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// Some races run at the same time. With so many in all, a fault that shows in one race of five is missed one time in a hundred.
const (
	racesInAll  = 20
	racesAtOnce = 5
)

// A race is two calls on one id that are in flight together, and what they leave.
type race struct {
	raceKind
	id      string
	fresh   *spec.Session // what a set of the race stores; another session is stored before
	expires time.Time     // of the other session
	took    time.Duration // by the set of the other session
	errs    [2]error
	got     *spec.Session // by a get after both calls

	swapped  bool // the second call is issued first
	pause    int  // how often the call that is issued second steps back before
	issued   chan struct{}
	answered chan struct{} // the first call
}

// A raceKind is the two calls of a race, and what judges it.
type raceKind struct {
	first, second raceCall
	judge         func(*race)
}

// A raceCall is one of the two calls of a race.
type raceCall = func(*engine.C, *race) error

func raceSet(t *engine.C, r *race) error { return t.TrySet(r.id, r.fresh) }

func raceDestroy(t *engine.C, r *race) error { return t.TryDestroy(r.id) }

// raceTouch touches with the data of the set, as a request does that has just saved.
func raceTouch(t *engine.C, r *race) error { return t.TryTouch(r.id, r.fresh) }

// raceTouchOften touches until the first call of the race has been answered, as the requests of one page do. The requests come one after the
// other and do not wait, because the way to a store takes longer than the store.
func raceTouchOften(t *engine.C, r *race) error {
	const requests, each, distance = 12, 200, 250 * time.Microsecond
	return errors.Join(t.Parallel(requests, func(i int) error {
		select {
		case <-r.answered:
			return nil
		case <-time.After(time.Duration(i) * distance):
		}
		s := r.fresh.Clone()
		for n := range each {
			select {
			case <-r.answered:
				return nil
			default:
			}
			s.Cookie.SetMaxAge(t.Now(), time.Hour+time.Duration(n)*time.Second) // no two are alike, even where time stands still
			if err := t.TryTouch(r.id, s); err != nil {
				return err
			}
		}
		return nil
	})...)
}

// raceGet gets so often that one get meets the first call.
func raceGet(t *engine.C, r *race) error { return raceGets(t, r, false) }

// raceGetUntilMissing gets like raceGet, and stops when a destroy has shown: a later get has nothing old to read.
func raceGetUntilMissing(t *engine.C, r *race) error { return raceGets(t, r, true) }

// raceGets makes some gets, one after the other.
func raceGets(t *engine.C, r *race, untilMissing bool) error {
	for range 3 {
		if got, err := t.TryFind(r.id); err != nil || untilMissing && got == nil {
			return err
		}
	}
	return nil
}

// raceSetLate is a request that sets its session again after another one has destroyed it.
func raceSetLate(t *engine.C, r *race) error {
	loaded, err := t.TryGet(r.id)
	if err != nil || loaded == nil {
		return err
	}
	if err := t.TryDestroy(r.id); err != nil {
		return err
	}
	return t.TrySet(r.id, r.fresh)
}

// raceNothing is the second call of a race in which the first one is alone.
func raceNothing(*engine.C, *race) error { return nil }

// judgeRaces runs races of some kinds, and judges each, until one fails.
func judgeRaces(t *engine.C, kinds ...raceKind) {
	for range racesInAll / racesAtOnce {
		var races []*race
		for _, kind := range kinds {
			races = append(races, newRaces(t, racesAtOnce, time.Hour, kind)...)
		}
		runRaces(t, races)
		for _, r := range races {
			t.ShowCallsAbout(r.id)
			r.judge(r)
		}
		t.ShowCallsAbout("")
	}
}

// newRaces stores a session for each of n races, which lives for d.
func newRaces(t *engine.C, n int, d time.Duration, kind raceKind) []*race {
	races, sessions := make([]*race, n), make([]*spec.Session, n)
	for i := range races {
		sessions[i] = wovenSession(t, 2<<10)
		sessions[i].Cookie.SetMaxAge(t.Now(), d)
		races[i] = &race{
			raceKind: kind, fresh: wovenSession(t, 3<<10), swapped: i%2 == 1, pause: t.Rand.IntN(1 << t.Rand.IntN(12)),
			issued: make(chan struct{}), answered: make(chan struct{}),
		}
	}
	for i, l := range newLives(t, sessions...) {
		races[i].id, races[i].expires, races[i].took = l.id, l.expires, l.took
	}
	return races
}

// runRaces makes the two calls of each race at the same time, in either order of issue and at small random distances, and gets what they
// leave.
func runRaces(t *engine.C, races []*race) {
	t.Parallel(2*len(races), func(i int) error {
		r, k := races[i/2], i%2
		if k == 0 {
			defer close(r.answered)
		}
		if (k == 1) == r.swapped {
			close(r.issued)
		} else {
			<-r.issued
			for range r.pause {
				runtime.Gosched()
			}
		}
		r.errs[k] = []raceCall{r.first, r.second}[k](t, r)
		return nil
	})
	got, errs := getTogether(t, len(races), func(i int) (*spec.Session, error) { return t.TryFind(races[i].id) })
	for i, err := range errs {
		t.MustSucceed("get", err)
		races[i].got = got[i]
	}
}
