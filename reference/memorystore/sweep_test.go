package memorystore_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// A manualClock stands still until it is advanced.
type manualClock interface {
	Now() time.Time
	Advance(d time.Duration)
}

// visits sets one session after the other, each under an id of its own that nobody asks for again, while the time goes on.
func visits(t *testing.T, s spec.Store, clock manualClock, n int, life, apart time.Duration) {
	t.Helper()
	for range n {
		clock.Advance(apart)
		session := fresh(t, 1)
		session.Cookie.SetMaxAge(clock.Now(), life)
		must(t, s.Set(t.Context(), strconv.FormatInt(clock.Now().UnixMicro(), 36), session))
	}
}

// A store in use holds what is live and little more, without options and without an interval, however many sessions have ended:
// STORECHECK_THOROUGH=1 sends 400,000.
func TestEndedAreFreed(t *testing.T) {
	const live, apart = 5_000, time.Millisecond
	many := 10 * live
	if os.Getenv("STORECHECK_THOROUGH") != "" {
		many = 400_000
	}
	for name, open := range map[string]func(memorystore.Options) spec.Store{
		"store":   func(o memorystore.Options) spec.Store { return memorystore.New(o) },
		"sharded": func(o memorystore.Options) spec.Store { return memorystore.NewSharded(4, o) },
	} {
		t.Run(name, func(t *testing.T) {
			clock := conformance.NewManualClock()
			s := open(memorystore.Options{Now: clock.Now})
			before := heap()
			visits(t, s, clock, live, live*apart, apart)
			full := heap() - before
			visits(t, s, clock, many-live, live*apart, apart)
			end := heap() - before
			t.Logf("%d bytes with %d live sessions, %d after %d", full, live, end, many)
			if end > 2*full {
				t.Errorf("%d live sessions hold %d bytes, and %d after %d have ended", live, full, end, many-live)
			}
			runtime.KeepAlive(s)
		})
	}
}

// After a rush of visitors the next few free what it has left, places and all.
func TestRushIsFreed(t *testing.T) {
	const rush = 30_000
	for name, after := range map[string]func(*memorystore.Store, manualClock){
		"set": func(s *memorystore.Store, clock manualClock) {
			visits(t, s, clock, rush/50, time.Hour, time.Millisecond)
		},
		"length": func(s *memorystore.Store, _ manualClock) {
			n, err := s.Length(t.Context())
			must(t, err)
			if n != 0 {
				t.Errorf("length %d of what has ended", n)
			}
		},
		"all": func(s *memorystore.Store, _ manualClock) {
			all, err := s.All(t.Context())
			must(t, err)
			if len(all) != 0 {
				t.Errorf("%d in all of what has ended", len(all))
			}
		},
		"prune": func(s *memorystore.Store, _ manualClock) {
			if n := s.Prune(); n != rush {
				t.Errorf("pruned %d, want %d", n, rush)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			clock := conformance.NewManualClock()
			s := memorystore.New(memorystore.Options{Now: clock.Now})
			before := heap()
			visits(t, s, clock, rush, time.Minute, time.Microsecond)
			full := heap() - before
			clock.Advance(time.Hour)
			after(s, clock)
			if left := heap() - before; left > full/10 {
				t.Errorf("of %d bytes %d are left", full, left)
			}
			runtime.KeepAlive(s)
		})
	}
}

// What lives stays where it was in the order of use when few are left and move together.
func TestCondensed(t *testing.T) {
	const many = 20_000
	clock := conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Now: clock.Now})
	want := ""
	for i := range many {
		id, session := strconv.Itoa(i), lasting(i, clock.Now().Add(time.Minute))
		if i%100 == 0 {
			session, want = numbered(i), id+want
		}
		must(t, s.Set(t.Context(), id, session))
	}
	clock.Advance(time.Minute)
	if n, err := s.Length(t.Context()); err != nil || n != many/100 {
		t.Errorf("length %d, %v, want %d", n, err, many/100)
	}
	if got := ids(t, s); got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
	for i := range many {
		got, err := s.Get(t.Context(), strconv.Itoa(i))
		must(t, err)
		if i%100 == 0 && !spec.Equal(got, numbered(i)) || i%100 > 0 && got != nil {
			t.Errorf("under %d is %v", i, got)
		}
	}
}

// With Stale a session stays until somebody has seen that it has ended.
func TestSetSparesStale(t *testing.T) {
	clock := conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Now: clock.Now, Stale: true})
	must(t, s.Set(t.Context(), "a", lasting(1, clock.Now().Add(time.Second))))
	clock.Advance(time.Minute)
	for i := range 100 {
		must(t, s.Set(t.Context(), "b", numbered(i)))
	}
	n, err := s.Length(t.Context())
	must(t, err)
	if got, err := s.Get(t.Context(), "a"); n != 1 || err != nil || got == nil {
		t.Errorf("length %d and got %v, %v, want the one that has ended once more", n, got, err)
	}
}
