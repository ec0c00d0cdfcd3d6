package memorystore_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// numbered is a session for ever that is told from others by n.
func numbered(n int) *spec.Session {
	s := spec.NewSession(spec.NewCookie())
	if err := s.Set("n", n); err != nil {
		panic(err)
	}
	return s
}

// lasting is one that expires at a time.
func lasting(n int, expires time.Time) *spec.Session {
	s := numbered(n)
	s.Cookie.SetExpires(expires)
	return s
}

// A log is what Dispose was told.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) dispose(id string, s *spec.Session, why memorystore.Reason) {
	n, _ := s.Raw("n")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf("%s%s %s", id, n, why))
}

func (l *log) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return strings.Join(lines, ", ")
}

func (l *log) expect(t *testing.T, want string) {
	t.Helper()
	if got := l.take(); got != want {
		t.Errorf("disposed of: got %q, want %q", got, want)
	}
}

// must is for calls that do not fail.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ids(t *testing.T, s *memorystore.Store) string {
	t.Helper()
	ids, err := s.IDs(t.Context())
	must(t, err)
	return strings.Join(ids, "")
}

func TestOrder(t *testing.T) {
	ctx, l := t.Context(), new(log)
	s := memorystore.New(memorystore.Options{Max: 3, Dispose: l.dispose})
	for n, id := range []string{"a", "b", "c"} {
		must(t, s.Set(ctx, id, numbered(n)))
	}
	_, err := s.Get(ctx, "a")
	must(t, err)
	must(t, s.Touch(ctx, "b", numbered(9)))
	if got := ids(t, s); got != "bac" {
		t.Errorf("order %s, want bac", got)
	}
	// What only looks changes nothing.
	_, err = s.All(ctx)
	must(t, err)
	_, err = s.Length(ctx)
	must(t, err)
	s.Prune()
	must(t, s.Touch(ctx, "nobody", numbered(9)))
	if got := ids(t, s); got != "bac" {
		t.Errorf("order %s, want bac", got)
	}
	must(t, s.Set(ctx, "d", numbered(3)))
	must(t, s.Set(ctx, "a", numbered(4)))
	must(t, s.Set(ctx, "e", numbered(5)))
	l.expect(t, "c2 evicted, a0 replaced, b1 evicted")
	if got := ids(t, s); got != "ead" {
		t.Errorf("order %s, want ead", got)
	}
	must(t, s.Destroy(ctx, "a"))
	must(t, s.Destroy(ctx, "a"))
	must(t, s.Clear(ctx))
	l.expect(t, "a4 destroyed, e5 cleared, d3 cleared")
}

func TestWeights(t *testing.T) {
	for _, c := range []struct {
		weight int64
		err    error
	}{
		{math.MinInt64, nil},
		{-1, nil},
		{0, nil},
		{math.MaxInt64 - 1, nil},
		{math.MaxInt64, memorystore.ErrTooHeavy},
	} {
		s := memorystore.New(memorystore.Options{
			Max:    math.MaxInt64 - 1,
			Weight: func(id string, _ *spec.Session) int64 { return map[string]int64{"odd": c.weight}[id] },
		})
		for _, id := range []string{"a", "odd", "b", "odd"} {
			if err := s.Set(t.Context(), id, numbered(1)); id == "odd" && !errors.Is(err, c.err) {
				t.Errorf("weight %d: error %v, want %v", c.weight, err, c.err)
			}
		}
		want := "oddba"
		if c.err != nil {
			want = "ba"
		}
		if got := ids(t, s); got != want {
			t.Errorf("weight %d: %s, want %s", c.weight, got, want)
		}
	}
}

// A session that is refused leaves the one before in its place.
func TestTooHeavy(t *testing.T) {
	size := func(_ string, s *spec.Session) int64 { return int64(len(s.String())) }
	s := memorystore.New(memorystore.Options{Max: 200, Weight: size})
	must(t, s.Set(t.Context(), "a", numbered(1)))
	big := numbered(2)
	must(t, big.Set("text", strings.Repeat("x", 200)))
	if err := s.Set(t.Context(), "a", big); !errors.Is(err, memorystore.ErrTooHeavy) {
		t.Errorf("error %v, want %v", err, memorystore.ErrTooHeavy)
	}
	if got, err := s.Get(t.Context(), "a"); err != nil || !spec.Equal(got, numbered(1)) {
		t.Errorf("got %v, %v, want the session before", got, err)
	}
}

func TestExpiry(t *testing.T) {
	clock := conformance.NewManualClock()
	start := clock.Now()
	soon, later := start.Add(time.Second), start.Add(time.Minute)
	never := func(string, *spec.Session) (time.Duration, bool) { return 0, false }
	for _, c := range []struct {
		name    string
		options memorystore.Options
		session *spec.Session
		life    time.Duration // 0: for ever
	}{
		{"by the cookie", memorystore.Options{}, lasting(1, soon), time.Second},
		{"without expiry", memorystore.Options{}, numbered(1), 0},
		{"without expiry, by default", memorystore.Options{DefaultTTL: time.Hour}, numbered(1), time.Hour},
		{"by the cookie, before the default", memorystore.Options{DefaultTTL: time.Hour}, lasting(1, soon), time.Second},
		{"fixed", memorystore.Options{TTL: memorystore.Fixed(10 * time.Second)}, lasting(1, later), 10 * time.Second},
		{"fixed, without expiry", memorystore.Options{TTL: memorystore.Fixed(10 * time.Second)}, numbered(1), 10 * time.Second},
		{"fixed and over", memorystore.Options{TTL: memorystore.Fixed(-time.Second)}, lasting(1, later), -1},
		{"left to the cookie", memorystore.Options{TTL: never}, lasting(1, soon), time.Second},
		{"left to the default", memorystore.Options{TTL: never, DefaultTTL: time.Hour}, numbered(1), time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, clock := t.Context(), conformance.NewManualClock()
			clock.Advance(start.Sub(clock.Now()))
			c.options.Now = clock.Now
			s := memorystore.New(c.options)
			must(t, s.Set(ctx, "a", c.session))
			look := func(want bool) {
				t.Helper()
				n, err := s.Length(ctx)
				must(t, err)
				got, err := s.Get(ctx, "a")
				must(t, err)
				if (got != nil) != want || (n == 1) != want {
					t.Errorf("after %v: got %v and length %d, want it there: %t", clock.Now().Sub(start), got, n, want)
				}
			}
			if c.life > 0 {
				clock.Advance(c.life - time.Millisecond)
				look(true)
				clock.Advance(time.Millisecond)
			} else {
				clock.Advance(1000 * time.Hour)
			}
			look(c.life == 0)
		})
	}
}

func TestDisposeReasons(t *testing.T) {
	ctx, l, clock := t.Context(), new(log), conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Max: 3, Dispose: l.dispose, Now: clock.Now})
	soon := clock.Now().Add(time.Second)
	set := func(id string, n int, expires time.Time) { t.Helper(); must(t, s.Set(ctx, id, lasting(n, expires))) }
	far := soon.Add(time.Hour)

	set("a", 1, soon)
	clock.Advance(time.Second)
	_, err := s.Get(ctx, "a")
	must(t, err)
	l.expect(t, "a1 expired")

	soon = clock.Now().Add(time.Second)
	for n, id := range []string{"a", "b", "c"} {
		set(id, n, soon)
	}
	clock.Advance(time.Second)
	set("a", 4, far)
	set("d", 5, far)
	must(t, s.Touch(ctx, "c", lasting(9, far)))
	l.expect(t, "a0 expired, b1 expired, c2 expired")

	set("e", 6, clock.Now().Add(time.Second))
	clock.Advance(time.Second)
	if n := s.Prune(); n != 1 {
		t.Errorf("Prune removed %d, want 1", n)
	}
	set("d", 7, far)
	l.expect(t, "e6 expired, d5 replaced")
	must(t, s.Close())
	l.expect(t, "")
}

func TestNoDisposeOnSet(t *testing.T) {
	l := new(log)
	s := memorystore.New(memorystore.Options{Dispose: l.dispose, NoDisposeOnSet: true})
	must(t, s.Set(t.Context(), "a", numbered(1)))
	must(t, s.Set(t.Context(), "a", numbered(2)))
	must(t, s.Destroy(t.Context(), "a"))
	l.expect(t, "a2 destroyed")
}

func TestDisposeMayCall(t *testing.T) {
	var s *memorystore.Store
	s = memorystore.New(memorystore.Options{Max: 2, Dispose: func(id string, old *spec.Session, why memorystore.Reason) {
		ctx := context.Background()
		if got, err := s.Get(ctx, id); why == memorystore.Evicted && (got != nil || err != nil) {
			t.Errorf("get of a session that has left: %v, %v", got, err)
		}
		_ = s.Destroy(ctx, "an archive does so")
		s.StopInterval()
		s.Prune()
		_, _ = s.All(ctx)
		old.Cookie.SetPath("/mine")
	}})
	for n := range 10 {
		must(t, s.Set(t.Context(), fmt.Sprint(n), numbered(n)))
	}
	must(t, s.Clear(t.Context()))
}

func TestStale(t *testing.T) {
	ctx, l, clock := t.Context(), new(log), conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Stale: true, Dispose: l.dispose, Now: clock.Now})
	for n, id := range []string{"a", "b", "c"} {
		must(t, s.Set(ctx, id, lasting(n, clock.Now().Add(time.Second))))
	}
	must(t, s.Set(ctx, "d", numbered(3)))
	clock.Advance(time.Second)
	must(t, s.Touch(ctx, "c", lasting(9, clock.Now().Add(time.Hour))))
	for _, want := range []bool{true, false} {
		if got, err := s.Get(ctx, "a"); err != nil || (got != nil) != want {
			t.Errorf("got %v, %v, want it there: %t", got, err, want)
		}
	}
	for _, want := range []int{2, 1} {
		if all, err := s.All(ctx); err != nil || len(all) != want {
			t.Errorf("all has %d sessions, %v, want %d", len(all), err, want)
		}
	}
	l.expect(t, "c2 expired, a0 expired, b1 expired")
}

func TestPruneLarge(t *testing.T) {
	const n = 5000
	clock := conformance.NewManualClock()
	s := memorystore.New(memorystore.Options{Now: clock.Now})
	for i := range n {
		session := numbered(i)
		if i%3 > 0 {
			session = lasting(i, clock.Now().Add(time.Second))
		}
		must(t, s.Set(t.Context(), fmt.Sprint(i), session))
	}
	if got := s.Prune(); got != 0 {
		t.Errorf("%d were pruned too early", got)
	}
	before := ids(t, s)
	clock.Advance(time.Second)
	if got, want := s.Prune(), n-(n+2)/3; got != want {
		t.Errorf("pruned %d, want %d", got, want)
	}
	if got, err := s.Length(t.Context()); err != nil || got != (n+2)/3 {
		t.Errorf("length %d, %v, want %d", got, err, (n+2)/3)
	}
	// Places are used again.
	for i := range n {
		must(t, s.Set(t.Context(), fmt.Sprint(i), numbered(i)))
	}
	if got := ids(t, s); len(got) != len(before) {
		t.Errorf("%d bytes of ids, want %d", len(got), len(before))
	}
	// An expiry before 1970 is none of a free place.
	must(t, s.Set(t.Context(), "", lasting(1, time.UnixMilli(-5))))
	if got := s.Prune(); got != 1 {
		t.Errorf("pruned %d, want the one of long ago", got)
	}
}

func TestInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(log)
		s := memorystore.New(memorystore.Options{CheckPeriod: time.Minute, Dispose: l.dispose})
		ctx := context.Background()
		set := func(id string) { must(t, s.Set(ctx, id, lasting(1, time.Now().Add(time.Second)))) }
		wait := func() { time.Sleep(61 * time.Second); synctest.Wait() }
		set("a")
		wait()
		l.expect(t, "a1 expired")
		s.StopInterval()
		s.StopInterval()
		set("b")
		wait()
		l.expect(t, "")
		s.StartInterval(time.Second)
		s.StartInterval(30 * time.Second)
		wait()
		l.expect(t, "b1 expired")
		must(t, s.Close())
		s.StartInterval(time.Second)
		wait()
	})
}

func TestClosed(t *testing.T) {
	ctx := t.Context()
	s := memorystore.New(memorystore.Options{CheckPeriod: time.Hour})
	must(t, s.Set(ctx, "a", numbered(1)))
	must(t, s.Close())
	must(t, s.Close())
	_, get := s.Get(ctx, "a")
	_, all := s.All(ctx)
	_, list := s.IDs(ctx)
	_, length := s.Length(ctx)
	for name, err := range map[string]error{
		"get": get, "set": s.Set(ctx, "a", numbered(1)), "touch": s.Touch(ctx, "a", numbered(1)), "destroy": s.Destroy(ctx, "a"),
		"all": all, "ids": list, "length": length, "clear": s.Clear(ctx),
	} {
		if !errors.Is(err, memorystore.ErrClosed) {
			t.Errorf("%s: %v, want %v", name, err, memorystore.ErrClosed)
		}
	}
	if n := s.Prune(); n != 0 {
		t.Errorf("a closed store pruned %d", n)
	}
}

func TestCoarseClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := memorystore.NewCoarseClock(time.Second)
		start := c.Now()
		time.Sleep(900 * time.Millisecond)
		if got := c.Now(); !got.Equal(start) {
			t.Errorf("it has moved by %v before its tick", got.Sub(start))
		}
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		if got := c.Now().Sub(start); got != time.Second {
			t.Errorf("after a tick it has moved by %v", got)
		}
		c.Stop()
		c.Stop()
		time.Sleep(time.Hour)
		if got := time.Since(c.Now()); got != 0 {
			t.Errorf("once stopped it is late by %v", got)
		}
	})
}

// Many goroutines on few ids: what a goroutine reads was set for that id, the cap holds, and each session leaves once.
func TestConcurrent(t *testing.T) {
	const goroutines, rounds, max = 8, 3000, 10
	var mu sync.Mutex
	left := map[string]int{}
	s := memorystore.New(memorystore.Options{
		Max: max, CheckPeriod: time.Millisecond,
		Dispose: func(id string, s *spec.Session, _ memorystore.Reason) {
			n, _ := s.Raw("n")
			mu.Lock()
			defer mu.Unlock()
			left[id+" "+string(n)]++
		},
	})
	defer s.Close()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(g)))
			for i := range rounds {
				id := r.IntN(20)
				key := fmt.Sprint(id)
				switch r.IntN(4) {
				case 0:
					session := numbered(id + 20*(g*rounds+i))
					if r.IntN(2) == 0 {
						session.Cookie.SetExpires(time.Now().Add(time.Duration(r.IntN(3)) * time.Millisecond))
					}
					_ = s.Set(t.Context(), key, session)
				case 1:
					_ = s.Touch(t.Context(), key, numbered(0))
				case 2:
					_ = s.Destroy(t.Context(), key)
				default:
					var n int
					if got, _ := s.Get(t.Context(), key); got != nil {
						if _, err := got.Decode("n", &n); err != nil || n%20 != id {
							t.Errorf("under %d is the session %d of another", id, n)
						}
					}
				}
				if all, _ := s.IDs(t.Context()); len(all) > max {
					t.Errorf("%d sessions, more than %d", len(all), max)
				}
			}
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	for what, n := range left {
		if n > 1 {
			t.Errorf("session %s left %d times", what, n)
		}
	}
}
