package memorystore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func TestDisposeReasons(t *testing.T) {
	ctx, l, clock := t.Context(), new(disposals), conformance.NewManualClock()
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
	// A Set may remove others that have expired, so the order is the store's.
	gone := strings.Split(l.take(), ", ")
	slices.Sort(gone)
	if want := []string{"a0 expired", "b1 expired", "c2 expired"}; !slices.Equal(gone, want) {
		t.Errorf("disposed of: got %q, want %q", gone, want)
	}

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
	l := new(disposals)
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
