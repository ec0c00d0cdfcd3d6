package chapters

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
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

// Races are tried in rounds, some at the same time: what shows one time in five is missed one time in a hundred.
const (
	rounds = 20
	batch  = 5
)

func concurrencyManyIDs(t *engine.C) {
	// The first ones fill a store that keeps everything in one file, so that its writes take a while.
	var all []life
	for _, n := range []int{rounds, 100} {
		sessions := make([]*spec.Session, n)
		for i := range sessions {
			sessions[i] = woven(t, 2<<10)
		}
		all = append(all, newLives(t, sessions...)...)
	}
	errs := t.Parallel(len(all), func(i int) error {
		got, err := t.TryGet(all[i].id)
		if err == nil {
			err = oneOf(t, got, all[i].session)
		}
		return err
	})
	for i, err := range errs {
		if err != nil {
			t.ShowCallsAbout(all[i].id)
			t.Fail("%v\n(of %d sessions, of the %d that were set together)", err, count(errs), len(all))
		}
	}
}

func concurrencyOneID(t *engine.C) {
	const writers = 20
	for range batch {
		id := t.ID()
		t.ShowCallsAbout(id)
		for _, kind := range []string{"a new id", "a stored id"} {
			sessions := rivals(t, writers)
			for _, err := range t.Parallel(writers, func(i int) error { return t.TrySet(id, sessions[i]) }) {
				if err != nil {
					t.Fail("wanted    every one of %d sets of %s in flight together to succeed\ngot       %v", writers, kind, err)
				}
			}
			if err := oneOf(t, t.Get(id), sessions...); err != nil {
				t.Fail("%v", err)
			}
		}
	}
}

func concurrencyLastAcknowledged(t *engine.C) {
	lasts := map[string]*spec.Session{}
	for range batch {
		id, sessions := t.ID(), rivals(t, rounds)
		// Whether they may fail is another requirement's matter.
		t.Parallel(rounds-1, func(i int) error { return t.TrySet(id, sessions[i]) })
		last := sessions[rounds-1]
		t.Set(id, last)
		expectData(t, t.Get(id), last)
		lasts[id] = last
	}
	// Once more, for writes that came later still.
	for id, last := range lasts {
		expectData(t, t.Get(id), last)
	}
}

func concurrencyTornReads(t *engine.C) {
	id := t.ID()
	var sessions []*spec.Session
	// As large as the store takes: what is not written in one step is then most likely seen in the middle.
	for size := 256 << 10; ; size /= 8 {
		sessions = []*spec.Session{woven(t, size), woven(t, size), woven(t, size/2)}
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
			for n := 1; (n <= rounds || reads.Load() < rounds && n <= 4*rounds) && !done.Load(); n++ {
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
				_, err = closest(t, got, sessions)
			}
			if err != nil {
				done.Store(true)
				return fmt.Errorf("wanted    the old or the new session while it is being set\ngot       %w", err)
			}
		}
		return nil
	})
	for _, err := range errs {
		if err != nil { // one of them tells enough
			t.Fail("%v", err)
		}
	}
}

func concurrencyStaleReads(t *engine.C) {
	races(t, setFresh, getIt, func(b *bout) {
		t.MustSucceed("set", b.errs[0])
		if err := oneOf(t, b.got, b.fresh); err != nil {
			t.Fail("%v", err)
		}
	})
	races(t, destroyIt, getIt, func(b *bout) {
		t.MustSucceed("destroy", b.errs[0])
		t.Expect(b.got).To(compare.BeMissing())
	})
}

func concurrencySetAndTouch(t *engine.C) {
	races(t, setFresh, touchFresh, func(b *bout) {
		t.MustSucceed("set", b.errs[0])
		if err := oneOf(t, b.got, b.fresh); err != nil {
			t.Fail("%v", err)
		}
	})
	for _, b := range newRaces(t, batch, time.Hour) {
		t.ShowCallsAbout(b.id)
		b.swapped, b.pause = true, 0
		meet(t, []*bout{b}, setFresh, touchOften)
		// A store may give up among so many, if it says so.
		if b.errs[0] != nil {
			expectRefusal(t, b.errs[0])
		} else if err := oneOf(t, b.got, b.fresh); err != nil {
			t.Fail("%v", err)
		}
	}
}

func concurrencyDestroyAndTouch(t *engine.C) {
	races(t, destroyIt, touchFresh, func(b *bout) {
		t.MustSucceed("destroy", b.errs[0])
		t.Expect(b.got).To(compare.BeMissing())
	})
}

func concurrencySweepAndRefresh(t *engine.C) {
	bouts := newRaces(t, rounds, lifetime(t))
	end := life{expires: bouts[rounds-1].expires, took: bouts[0].took}
	half := bouts[:rounds/2]
	for _, moment := range []time.Time{end.expires, goneBy(t, end)} {
		t.Until(moment)
		meet(t, half, setFresh, getIt)
		for _, b := range half {
			t.ShowCallsAbout(b.id)
			t.MustSucceed("set", b.errs[0])
			expectData(t, b.got, b.fresh)
		}
		t.ShowCallsAbout("")
		half = bouts[rounds/2:]
	}
}

func concurrencyDestroyAndSet(t *engine.C) {
	found, refused := 0, 0
	races(t, destroyIt, setFresh, func(b *bout) {
		if b.got != nil {
			expectData(t, b.got, b.fresh)
			found++
		}
		if b.errs[1] != nil {
			refused++
		}
	})
	t.Observe("found in %d and missing in %d of %d rounds; set was refused in %d", found, rounds-found, rounds, refused)
}

func concurrencySetAfterDestroy(t *engine.C) {
	found := 0
	late := func(t *engine.C, b *bout) error {
		loaded, err := t.TryGet(b.id)
		if err != nil || loaded == nil {
			return err
		}
		if err := t.TryDestroy(b.id); err != nil {
			return err
		}
		return t.TrySet(b.id, b.fresh)
	}
	races(t, late, nil, func(b *bout) {
		if b.got != nil {
			expectData(t, b.got, b.fresh)
			found++
		}
	})
	t.Observe("stored again in %d of %d rounds", found, rounds)
}

// A bout is two calls on one id that are in flight together, and what they leave.
type bout struct {
	id      string
	fresh   *spec.Session // what a set of the bout stores; another one is stored before
	expires time.Time     // of that one
	took    time.Duration // by the set of that one
	errs    [2]error
	got     *spec.Session

	swapped  bool // the second call is issued first
	pause    int  // how often the call that is issued second steps back before
	issued   chan struct{}
	answered chan struct{} // the first call
}

func setFresh(t *engine.C, b *bout) error  { return t.TrySet(b.id, b.fresh) }
func destroyIt(t *engine.C, b *bout) error { return t.TryDestroy(b.id) }

// touchFresh touches with what a request has in hand that has just saved: the data are those of the set.
func touchFresh(t *engine.C, b *bout) error { return t.TryTouch(b.id, b.fresh) }

// touchOften touches until the first call of the bout has been answered, as a page does that loads with all that belongs to it. The requests
// come one after the other and do not wait, because the way to a store takes longer than the store.
func touchOften(t *engine.C, b *bout) error {
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

func getIt(t *engine.C, b *bout) error {
	for range 3 {
		if _, err := t.TryFind(b.id); err != nil {
			return err
		}
	}
	return nil
}

// races runs bouts until one is found wanting or all rounds are over. Without a second call there is one only.
func races(t *engine.C, first, second func(*engine.C, *bout) error, judge func(*bout)) {
	for range rounds / batch {
		bouts := newRaces(t, batch, time.Hour)
		meet(t, bouts, first, second)
		for _, b := range bouts {
			t.ShowCallsAbout(b.id)
			judge(b)
		}
		t.ShowCallsAbout("")
	}
}

// newRaces stores a session for each of n bouts.
func newRaces(t *engine.C, n int, d time.Duration) []*bout {
	bouts, sessions := make([]*bout, n), make([]*spec.Session, n)
	for i := range bouts {
		sessions[i] = woven(t, 2<<10)
		sessions[i].Cookie.SetMaxAge(t.Now(), d)
		bouts[i] = &bout{
			fresh: woven(t, 3<<10), swapped: i%2 == 1, pause: t.Rand.IntN(1 << t.Rand.IntN(12)),
			issued: make(chan struct{}), answered: make(chan struct{}),
		}
	}
	for i, l := range newLives(t, sessions...) {
		bouts[i].id, bouts[i].expires, bouts[i].took = l.id, l.expires, l.took
	}
	return bouts
}

// meet makes the two calls of each bout at the same time, in either order of issue and at small random distances, and gets what they leave.
func meet(t *engine.C, bouts []*bout, first, second func(*engine.C, *bout) error) {
	calls := []func(*engine.C, *bout) error{first, second}
	t.Parallel(2*len(bouts), func(i int) error {
		b, k := bouts[i/2], i%2
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
	errs := t.Parallel(len(bouts), func(i int) (err error) {
		bouts[i].got, err = t.TryFind(bouts[i].id)
		return err
	})
	for _, err := range errs {
		t.MustSucceed("get", err)
	}
}

// rivals returns n sessions that are set under one id, of two to twenty kilobytes.
func rivals(t *engine.C, n int) []*spec.Session {
	sessions := make([]*spec.Session, n)
	for i := range sessions {
		sessions[i] = woven(t, 2<<10+18<<10*i/n)
	}
	return sessions
}

// woven returns a session of about size bytes that shows when it is cut or mixed with another: its mark is everywhere.
func woven(t *engine.C, size int) *spec.Session {
	const threads = 16
	mark := t.Tag()
	thread := strings.Repeat(mark, size/threads/len(mark))
	// Written as text, because each Set of a large session copies it.
	var text strings.Builder
	text.WriteString(strings.TrimSuffix(t.Session("writer", mark, "only"+mark, true).String(), "}"))
	for i := range threads {
		fmt.Fprintf(&text, `,"thread%d":"%s"`, i, thread)
	}
	text.WriteString("}")
	s, err := spec.ParseSession([]byte(text.String()))
	if err != nil {
		t.Broken(err)
	}
	return s
}

// oneOf returns an error that says what is wrong with got when its data are not those of one of the sessions.
func oneOf(t *engine.C, got *spec.Session, sessions ...*spec.Session) error {
	closest, err := closest(t, got, sessions)
	switch {
	case err == nil:
		return nil
	case got == nil && len(sessions) > 1:
		return fmt.Errorf("wanted    the data of one of %d sessions, whole\ngot       %w", len(sessions), err)
	}
	return fmt.Errorf("wanted    the data of %s, whole\ngot       %w", phrase.Session(closest), err)
}

// closest returns the session that got is meant to be, and what is wrong with its data.
func closest(t *engine.C, got *spec.Session, sessions []*spec.Session) (closest *spec.Session, err error) {
	closest = sessions[0]
	if got != nil {
		writer, _ := got.Raw("writer")
		for _, s := range sessions {
			if mark, _ := s.Raw("writer"); string(mark) == string(writer) {
				closest = s
			}
		}
	}
	if wrong := compare.Data(closest, got, t.Subject().AddedKeys); wrong != "" {
		err = errors.New(wrong)
	}
	return closest, err
}

func count(errs []error) (n int) {
	for _, err := range errs {
		if err != nil {
			n++
		}
	}
	return n
}
