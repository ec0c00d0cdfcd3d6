package memorystore_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func TestOrder(t *testing.T) {
	ctx, l := t.Context(), new(disposals)
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

// A refused session leaves the earlier one in its place.
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
