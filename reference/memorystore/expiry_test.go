package memorystore_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

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

func TestStale(t *testing.T) {
	ctx, l, clock := t.Context(), new(disposals), conformance.NewManualClock()
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
		l := new(disposals)
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
