package node_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge"
)

func orderOf(o bench.Operation, l bench.Load, callers int, calls int64) bench.Order {
	return bench.Order{
		Operation: o, Callers: callers, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 60_000, Calls: calls,
	}
}

func TestBench(t *testing.T) {
	for _, module := range []string{"good.js", "synchronous.js"} {
		t.Run(module, func(t *testing.T) {
			store, _ := open(t, module)
			l := bench.NewLoad(1, 300, 10)
			for _, test := range []struct {
				operation      bench.Operation
				callers        int
				calls, counted int64
			}{
				{bench.Fill, 3, 0, 10},
				{bench.Get, 1, 50, 50},
				{bench.Set, 3, 50, 50},
				{bench.None, 3, 50, 50},
				{bench.Mix, 3, 200, 200},
				{bench.Mix, 1, 200, 200}, // other callers have the sessions now
				{bench.Get, 4, 2, 2},
				{bench.Destroy, 2, 0, 10},
			} {
				r, err := store.Bench(t.Context(), orderOf(test.operation, l, test.callers, test.calls))
				if err != nil {
					t.Fatal(err)
				}
				if p := r.LatencyMs; r.Calls != test.counted || r.Errors != 0 || r.ElapsedMs <= 0 || p == nil || p.P50 <= 0 || p.P50 > p.P90 || p.P90 > p.P99 || p.P99 > p.Max*1.01 {
					t.Errorf("%s: %+v, %+v", test.operation, r, p)
				}
			}
			for _, id := range l.IDs {
				if s, err := store.Get(t.Context(), id); s != nil || err != nil {
					t.Errorf("%s is left, or %v", id, err)
				}
			}
		})
	}
}

// TestBenchTouch: the session and the cookie of a bench are real ones, with the size that was asked for.
func TestBenchTouch(t *testing.T) {
	store, _ := open(t, "good.js")
	l := bench.NewLoad(1, 4096, 3)
	for _, o := range []bench.Operation{bench.Fill, bench.Touch, bench.Set} {
		if r, err := store.Bench(t.Context(), orderOf(o, l, 1, 6)); err != nil || r.Errors > 0 {
			t.Fatalf("%s: %+v, %v", o, r, err)
		}
	}
	s, err := store.Get(t.Context(), l.IDs[2])
	if err != nil || s == nil {
		t.Fatalf("%v, %v", s, err)
	}
	var owner string
	var n int
	_, _ = s.Decode("owner", &owner)
	_, _ = s.Decode("n", &n)
	if size := len(s.JSON()); size != 4096 || owner != l.IDs[2] || n != bench.FirstN+2 {
		t.Errorf("%d B, of %s, n %d", size, owner, n)
	}
	if _, expires := s.Cookie.Expires(); !expires {
		t.Error("the cookie has no expires")
	}
}

// TestBenchCountsErrors: a store that errs has errors, not figures that are too good.
func TestBenchCountsErrors(t *testing.T) {
	l := bench.NewLoad(1, 300, 9)
	for _, test := range []struct {
		module    string
		operation bench.Operation
		errors    int64
		want      string
	}{
		{"loses.js", bench.Get, 3, "get found no session where one was set"},
		{"mixes-up.js", bench.Get, 8, "get answered the session of another id"},
		{"fails-to-set.js", bench.Fill, 9, "Error: "},
		{"throws-from-set.js", bench.Fill, 9, ""},
		{"promises-only.js", bench.Get, 1, "a call was not answered within 0.05 s"},
	} {
		t.Run(test.module, func(t *testing.T) {
			store, _ := open(t, test.module)
			r, err := store.Bench(t.Context(), orderOf(bench.Fill, l, 1, 0))
			o := orderOf(test.operation, l, 1, 9)
			if test.module == "promises-only.js" {
				o.DurationMs, o.TimeoutMs = 50, 50
			}
			if test.operation != bench.Fill {
				r, err = store.Bench(t.Context(), o)
			}
			if err != nil || r.Errors != test.errors || !strings.Contains(r.FirstError, test.want) {
				t.Errorf("%+v, %v; want %d errors, %q", r, err, test.errors, test.want)
			}
		})
	}
}

// TestBenchCountsSecondCallbacks: one that comes after the order is over is nobody's.
func TestBenchCountsSecondCallbacks(t *testing.T) {
	store, _ := open(t, "calls-twice.js")
	l := bench.NewLoad(1, 300, 9)
	r, err := store.Bench(t.Context(), orderOf(bench.Get, l, 1, 9))
	if err != nil || r.Errors < 17 || r.Errors > 18 || r.Calls != 9 {
		t.Errorf("%+v, %v; want an error for each wrong answer, and one for each second callback", r, err)
	}
}

func TestBenchRefuses(t *testing.T) {
	store, _ := open(t, "bare.js")
	l := bench.NewLoad(1, 300, 3)
	for want, o := range map[string]bench.Order{
		"5 callers need as many ids": orderOf(bench.Get, l, 5, 1),
		"the store has no touch":     orderOf(bench.Touch, l, 1, 1),
	} {
		_, err := store.Bench(t.Context(), o)
		if _, refused := errors.AsType[*bridge.HostError](err); !refused || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
