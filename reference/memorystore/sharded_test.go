package memorystore_test

import (
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// Each shard evicts in its own order, and all shards together stay within the bound.
func TestShardedBound(t *testing.T) {
	const shards, most = 4, 64
	gone := map[string]bool{}
	s := memorystore.NewSharded(shards, memorystore.Options{Max: most, Dispose: func(id string, _ *spec.Session, why memorystore.Reason) {
		if why != memorystore.Evicted {
			t.Errorf("%s is gone: %s", id, why)
		}
		gone[id] = true
	}})
	defer s.Close() //nolint:errcheck // it has no errors
	const n = 10 * most
	for i := range n {
		must(t, s.Set(t.Context(), strconv.Itoa(i), fresh(t, i)))
	}
	ids, err := s.IDs(t.Context())
	must(t, err)
	length, err := s.Length(t.Context())
	must(t, err)
	all, err := s.All(t.Context())
	must(t, err)
	if len(ids) != most || length != most || len(all) != most || len(gone) != n-most {
		t.Errorf("%d ids, length %d, %d in all, %d evicted; want %d and %d", len(ids), length, len(all), len(gone), most, n-most)
	}
	for _, id := range ids {
		if gone[id] {
			t.Errorf("%s is there and was evicted", id)
		}
	}
	// The last one is the one used last of its shard, and goes after all others of it.
	if last := strconv.Itoa(n - 1); !slices.Contains(ids, last) {
		t.Errorf("%s was evicted", last)
	}
}

// A shard's part of an uneven bound is rounded up, and no shard at all is one.
func TestShardedSizes(t *testing.T) {
	for _, c := range []struct {
		shards    int
		max, most int64
	}{{0, 3, 3}, {-1, 1, 1}, {2, 3, 2}, {4, 4, 1}, {4, 1, 1}, {3, 1<<63 - 1, (1<<63 - 1) / 3}} {
		s := memorystore.NewSharded(c.shards, memorystore.Options{Max: c.max, Weight: func(string, *spec.Session) int64 { return c.most }})
		if err := s.Set(t.Context(), "a", fresh(t, 1)); err != nil {
			t.Errorf("%d shards of %d: a session of %d: %v", c.shards, c.max, c.most, err)
		}
		heavier := memorystore.NewSharded(c.shards, memorystore.Options{Max: c.max, Weight: func(string, *spec.Session) int64 { return c.most + 2 }})
		if err := heavier.Set(t.Context(), "a", fresh(t, 1)); !errors.Is(err, memorystore.ErrTooHeavy) {
			t.Errorf("%d shards of %d: a session of %d: %v", c.shards, c.max, c.most+2, err)
		}
	}
}

// One interval prunes all shards, and ends with the store.
func TestShardedInterval(t *testing.T) {
	const n = 100
	var pruned atomic.Int64
	s := memorystore.NewSharded(8, memorystore.Options{
		CheckPeriod: time.Millisecond, TTL: memorystore.Fixed(time.Millisecond),
		Dispose: func(string, *spec.Session, memorystore.Reason) { pruned.Add(1) },
	})
	for i := range n {
		must(t, s.Set(t.Context(), strconv.Itoa(i), fresh(t, i)))
	}
	for end := time.Now().Add(10 * time.Second); pruned.Load() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d were pruned", pruned.Load(), n)
		}
	}
	must(t, s.Close())
	if _, err := s.Length(t.Context()); !errors.Is(err, memorystore.ErrClosed) {
		t.Errorf("a closed store: %v", err)
	}
}
