package chapters

import (
	"errors"
	"runtime"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// A race is two calls on one id that are in flight together, and what they leave.
type race struct {
	id      string
	fresh   *spec.Session // what a set of the race stores; another one is stored before
	expires time.Time     // of that one
	took    time.Duration // by the set of that one
	errs    [2]error
	got     *spec.Session

	swapped  bool // the second call is issued first
	pause    int  // how often the call that is issued second steps back before
	issued   chan struct{}
	answered chan struct{} // the first call
}

func raceSet(t *engine.C, b *race) error { return t.TrySet(b.id, b.fresh) }

func raceDestroy(t *engine.C, b *race) error { return t.TryDestroy(b.id) }

// raceTouch touches with what a request has in hand that has just saved: the data are those of the set.
func raceTouch(t *engine.C, b *race) error { return t.TryTouch(b.id, b.fresh) }

// raceTouchOften touches until the first call of the race has been answered, as a page does that loads with all that belongs to it. The requests
// come one after the other and do not wait, because the way to a store takes longer than the store.
func raceTouchOften(t *engine.C, b *race) error {
	const requests, each, distance = 12, 200, 250 * time.Microsecond
	return errors.Join(t.Parallel(requests, func(i int) error {
		select {
		case <-b.answered:
			return nil
		case <-time.After(time.Duration(i) * distance):
		}
		s := b.fresh.Clone()
		for n := range each {
			select {
			case <-b.answered:
				return nil
			default:
			}
			s.Cookie.SetMaxAge(t.Now(), time.Hour+time.Duration(n)*time.Second) // no two alike, even where time stands still
			if err := t.TryTouch(b.id, s); err != nil {
				return err
			}
		}
		return nil
	})...)
}

func raceGet(t *engine.C, b *race) error {
	for range 3 {
		if _, err := t.TryFind(b.id); err != nil {
			return err
		}
	}
	return nil
}

// judgeRaces runs races until one is found wanting or all rounds are over. Without a second call there is one only.
func judgeRaces(t *engine.C, first, second func(*engine.C, *race) error, judge func(*race)) {
	for range racesInAll / racesAtOnce {
		races := newRaces(t, racesAtOnce, time.Hour)
		runRaces(t, races, first, second)
		for _, b := range races {
			t.ShowCallsAbout(b.id)
			judge(b)
		}
		t.ShowCallsAbout("")
	}
}

// newRaces stores a session for each of n races.
func newRaces(t *engine.C, n int, d time.Duration) []*race {
	races, sessions := make([]*race, n), make([]*spec.Session, n)
	for i := range races {
		sessions[i] = wovenSession(t, 2<<10)
		sessions[i].Cookie.SetMaxAge(t.Now(), d)
		races[i] = &race{
			fresh: wovenSession(t, 3<<10), swapped: i%2 == 1, pause: t.Rand.IntN(1 << t.Rand.IntN(12)),
			issued: make(chan struct{}), answered: make(chan struct{}),
		}
	}
	for i, l := range newLives(t, sessions...) {
		races[i].id, races[i].expires, races[i].took = l.id, l.expires, l.took
	}
	return races
}

// runRaces makes the two calls of each race at the same time, in either order of issue and at small random distances, and gets what they leave.
func runRaces(t *engine.C, races []*race, first, second func(*engine.C, *race) error) {
	calls := []func(*engine.C, *race) error{first, second}
	t.Parallel(2*len(races), func(i int) error {
		b, k := races[i/2], i%2
		if k == 0 {
			defer close(b.answered)
		}
		if (k == 1) == b.swapped {
			close(b.issued)
		} else {
			<-b.issued
			for range b.pause {
				runtime.Gosched()
			}
		}
		if calls[k] != nil {
			b.errs[k] = calls[k](t, b)
		}
		return nil
	})
	errs := t.Parallel(len(races), func(i int) (err error) {
		races[i].got, err = t.TryFind(races[i].id)
		return err
	})
	for _, err := range errs {
		t.MustSucceed("get", err)
	}
}
