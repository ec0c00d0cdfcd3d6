package conformance

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var concurrencyChecks = []check{
	{requirement: contract.ConcurrencyManyIDs, body: concurrencyManyIDs},
	{requirement: contract.ConcurrencyOneID, body: concurrencyOneID},
	{requirement: contract.ConcurrencyLastAcknowledged, body: concurrencyLastAcknowledged},
	{requirement: contract.ConcurrencyTornReads, body: concurrencyTornReads},
	{requirement: contract.ConcurrencyStaleReads, body: concurrencyStaleReads},
	{requirement: contract.ConcurrencySetAndTouch, body: concurrencySetAndTouch},
	{requirement: contract.ConcurrencyDestroyAndTouch, body: concurrencyDestroyAndTouch},
	{requirement: contract.ConcurrencySweepAndRefresh, body: concurrencySweepAndRefresh, when: timed},
	{requirement: contract.ConcurrencyDestroyAndSet, body: concurrencyDestroyAndSet},
	{requirement: contract.ConcurrencySetAfterDestroy, body: concurrencySetAfterDestroy},
}

// Races are tried in rounds, some at the same time: what shows one time in five is missed one time in a hundred.
const (
	rounds = 20
	batch  = 5
)

func concurrencyManyIDs(t *C) {
	// The first ones fill a store that keeps everything in one file, so that its writes take a while.
	var all []life
	for _, n := range []int{rounds, 100} {
		sessions := make([]*spec.Session, n)
		for i := range sessions {
			sessions[i] = t.woven(2 << 10)
		}
		all = append(all, t.liveAll(sessions...)...)
	}
	errs := t.Parallel(len(all), func(i int) error {
		got, err := t.TryGet(all[i].id)
		if err == nil {
			err = t.oneOf(got, all[i].session)
		}
		return err
	})
	for i, err := range errs {
		if err != nil {
			t.calls.about(all[i].id)
			t.Fail("%v\n(of %d sessions, of the %d that were set together)", err, count(errs), len(all))
		}
	}
}

func concurrencyOneID(t *C) {
	const writers = 20
	for range batch {
		id := t.ID()
		t.calls.about(id)
		for _, kind := range []string{"a new id", "a stored id"} {
			sessions := t.rivals(writers)
			for _, err := range t.Parallel(writers, func(i int) error { return t.TrySet(id, sessions[i]) }) {
				if err != nil {
					t.Fail("wanted    every one of %d sets of %s in flight together to succeed\ngot       %v", writers, kind, err)
				}
			}
			if err := t.oneOf(t.Get(id), sessions...); err != nil {
				t.Fail("%v", err)
			}
		}
	}
}

func concurrencyLastAcknowledged(t *C) {
	lasts := map[string]*spec.Session{}
	for range batch {
		id, sessions := t.ID(), t.rivals(rounds)
		// Whether they may fail is another requirement's matter.
		t.Parallel(rounds-1, func(i int) error { return t.TrySet(id, sessions[i]) })
		last := sessions[rounds-1]
		t.Set(id, last)
		t.expectData(t.Get(id), last)
		lasts[id] = last
	}
	// Once more, for writes that came later still.
	for id, last := range lasts {
		t.expectData(t.Get(id), last)
	}
}

func concurrencyTornReads(t *C) {
	id := t.ID()
	var sessions []*spec.Session
	// As large as the store takes: what is not written in one step is then most likely seen in the middle.
	for size := 256 << 10; ; size /= 8 {
		sessions = []*spec.Session{t.woven(size), t.woven(size), t.woven(size / 2)}
		err := t.TrySet(id, sessions[0])
		if err == nil {
			break
		}
		if t.expectRefusal(err); size <= 4<<10 {
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
				_, err = t.closest(got, sessions)
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

func concurrencyStaleReads(t *C) {
	t.race(setFresh, getIt, func(b *bout) {
		t.mustSucceed("set", b.errs[0])
		if err := t.oneOf(b.got, b.fresh); err != nil {
			t.Fail("%v", err)
		}
	})
	t.race(destroyIt, getIt, func(b *bout) {
		t.mustSucceed("destroy", b.errs[0])
		t.Expect(b.got).To(BeMissing())
	})
}

func concurrencySetAndTouch(t *C) {
	t.race(setFresh, touchFresh, func(b *bout) {
		t.mustSucceed("set", b.errs[0])
		if err := t.oneOf(b.got, b.fresh); err != nil {
			t.Fail("%v", err)
		}
	})
	for _, b := range t.bouts(batch, time.Hour) {
		t.calls.about(b.id)
		b.swapped, b.pause = true, 0
		t.meet([]*bout{b}, setFresh, touchOften)
		// A store may give up among so many, if it says so.
		if b.errs[0] != nil {
			t.expectRefusal(b.errs[0])
		} else if err := t.oneOf(b.got, b.fresh); err != nil {
			t.Fail("%v", err)
		}
	}
}

func concurrencyDestroyAndTouch(t *C) {
	t.race(destroyIt, touchFresh, func(b *bout) {
		t.mustSucceed("destroy", b.errs[0])
		t.Expect(b.got).To(BeMissing())
	})
}

func concurrencySweepAndRefresh(t *C) {
	bouts := t.bouts(rounds, t.lifetime())
	end := life{expires: bouts[rounds-1].expires, took: bouts[0].took}
	half := bouts[:rounds/2]
	for _, moment := range []time.Time{end.expires, t.over(end)} {
		t.Until(moment)
		t.meet(half, setFresh, getIt)
		for _, b := range half {
			t.calls.about(b.id)
			t.mustSucceed("set", b.errs[0])
			t.expectData(b.got, b.fresh)
		}
		t.calls.about("")
		half = bouts[rounds/2:]
	}
}

func concurrencyDestroyAndSet(t *C) {
	found, refused := 0, 0
	t.race(destroyIt, setFresh, func(b *bout) {
		if b.got != nil {
			t.expectData(b.got, b.fresh)
			found++
		}
		if b.errs[1] != nil {
			refused++
		}
	})
	t.Observe("found in %d and missing in %d of %d rounds; set was refused in %d", found, rounds-found, rounds, refused)
}

func concurrencySetAfterDestroy(t *C) {
	found := 0
	late := func(t *C, b *bout) error {
		loaded, err := t.TryGet(b.id)
		if err != nil || loaded == nil {
			return err
		}
		if err := t.TryDestroy(b.id); err != nil {
			return err
		}
		return t.TrySet(b.id, b.fresh)
	}
	t.race(late, nil, func(b *bout) {
		if b.got != nil {
			t.expectData(b.got, b.fresh)
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

func setFresh(t *C, b *bout) error  { return t.TrySet(b.id, b.fresh) }
func destroyIt(t *C, b *bout) error { return t.TryDestroy(b.id) }

// touchFresh touches with what a request has in hand that has just saved: the data are those of the set.
func touchFresh(t *C, b *bout) error { return t.TryTouch(b.id, b.fresh) }

// touchOften touches until the first call of the bout has been answered, as a page does that loads with all that belongs to it. The requests
// come one after the other and do not wait, because the way to a store takes longer than the store.
func touchOften(t *C, b *bout) error {
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

func getIt(t *C, b *bout) error {
	for range 3 {
		if _, err := t.TryFind(b.id); err != nil {
			return err
		}
	}
	return nil
}

// race runs bouts until one is found wanting or all rounds are over. Without a second call there is one only.
func (t *C) race(first, second func(*C, *bout) error, judge func(*bout)) {
	for range rounds / batch {
		bouts := t.bouts(batch, time.Hour)
		t.meet(bouts, first, second)
		for _, b := range bouts {
			t.calls.about(b.id)
			judge(b)
		}
		t.calls.about("")
	}
}

// bouts stores a session for each of n bouts.
func (t *C) bouts(n int, d time.Duration) []*bout {
	bouts, sessions := make([]*bout, n), make([]*spec.Session, n)
	for i := range bouts {
		sessions[i] = t.woven(2 << 10)
		sessions[i].Cookie.SetMaxAge(t.Now(), d)
		bouts[i] = &bout{
			fresh: t.woven(3 << 10), swapped: i%2 == 1, pause: t.Rand.IntN(1 << t.Rand.IntN(12)),
			issued: make(chan struct{}), answered: make(chan struct{}),
		}
	}
	for i, l := range t.liveAll(sessions...) {
		bouts[i].id, bouts[i].expires, bouts[i].took = l.id, l.expires, l.took
	}
	return bouts
}

// meet makes the two calls of each bout at the same time, in either order of issue and at small random distances, and gets what they leave.
func (t *C) meet(bouts []*bout, first, second func(*C, *bout) error) {
	calls := []func(*C, *bout) error{first, second}
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
		t.mustSucceed("get", err)
	}
}

// rivals returns n sessions that are set under one id, of two to twenty kilobytes.
func (t *C) rivals(n int) []*spec.Session {
	sessions := make([]*spec.Session, n)
	for i := range sessions {
		sessions[i] = t.woven(2<<10 + 18<<10*i/n)
	}
	return sessions
}

// woven returns a session of about size bytes that shows when it is cut or mixed with another: its mark is everywhere.
func (t *C) woven(size int) *spec.Session {
	const threads = 16
	mark := t.Tag()
	s := t.Session("writer", mark, "only"+mark, true)
	thread := strings.Repeat(mark, size/threads/len(mark))
	for i := range threads {
		if err := s.Set(fmt.Sprint("thread", i), thread); err != nil {
			t.broken(err)
		}
	}
	return s
}

// oneOf returns an error that says what is wrong with got when its data are not those of one of the sessions.
func (t *C) oneOf(got *spec.Session, sessions ...*spec.Session) error {
	closest, err := t.closest(got, sessions)
	switch {
	case err == nil:
		return nil
	case got == nil && len(sessions) > 1:
		return fmt.Errorf("wanted    the data of one of %d sessions, whole\ngot       %w", len(sessions), err)
	}
	return fmt.Errorf("wanted    the data of %s, whole\ngot       %w", short(closest), err)
}

// closest returns the session that got is meant to be, and what is wrong with its data.
func (t *C) closest(got *spec.Session, sessions []*spec.Session) (closest *spec.Session, err error) {
	closest = sessions[0]
	if got != nil {
		writer, _ := got.Raw("writer")
		for _, s := range sessions {
			if mark, _ := s.Raw("writer"); string(mark) == string(writer) {
				closest = s
			}
		}
	}
	if wrong := differData(closest, got, t.suite.subject.AddedKeys); wrong != "" {
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
