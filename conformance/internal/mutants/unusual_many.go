package mutants

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualMany are stores that do something of their own with many sessions.
func unusualMany() []Unusual {
	crowd := []*contract.Requirement{contract.SetMany, contract.EnumerationAllMany, contract.EnumerationLengthMany, contract.EnumerationClearMany}
	return []Unusual{
		unusual("keeps the thousand sessions that were used last", "a cache is bounded on purpose: what all and length tell of it is true",
			changeInstances(keepsLatest(1000)), contract.SetMany).tried(crowd...),
		unusual("clear begins a new generation", "the old one is removed later, and nobody finds it",
			func(s *conformance.Subject, r *rig) {
				generations := map[*backend]*atomic.Int64{r.backend: {}, r.foreign: {}}
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
					clearsByGeneration(f, b, generations[b])
					return f
				})
			}).tried(crowd...),
		unusual("lists in pages of 100 while others write", "what is set meanwhile may come or not, and nothing comes twice",
			changeInstances(listsInPages)).tried(crowd...),
	}
}

// keepsLatest makes a store drop the session that was used least recently when it has more than most.
func keepsLatest(most int) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		var turn int
		used := map[string]int{}
		use := func(id string) {
			mu.Lock()
			defer mu.Unlock()
			turn++
			used[id] = turn
			if len(used) <= most+most/10 {
				return
			}
			ids := slices.SortedFunc(maps.Keys(used), func(a, b string) int { return used[a] - used[b] })
			for _, id := range ids[:len(ids)-most] {
				delete(used, id)
				b.remove(id)
			}
		}
		get, set := f.get, f.set
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			s, err := get(ctx, id)
			if s != nil {
				use(id)
			}
			return s, err
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			err := set(ctx, id, s)
			use(id)
			return err
		}
	}
}

// clearsByGeneration makes clear leave every record where it is: a number in front of the ids makes them others'.
func clearsByGeneration(f *faulty, b *backend, generation *atomic.Int64) {
	key := func(id string) string { return strconv.FormatInt(generation.Load(), 10) + ":" + id }
	live := func() map[string]tableRow {
		own, prefix := b.live(), key("")
		maps.DeleteFunc(own, func(id string, _ tableRow) bool { return len(id) < len(prefix) || id[:len(prefix)] != prefix })
		return own
	}
	storeUnder(f, key)
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		var all []*spec.Session
		for _, row := range live() {
			s, err := spec.ParseSession([]byte(row.text))
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
		return all, nil
	}
	f.length = func(ctx context.Context) (int, error) { return len(live()), f.enter(ctx) }
	f.clear = func(ctx context.Context) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		generation.Add(1)
		return nil
	}
}

// listsInPages makes all read the ids first, and then the sessions of one page after the other.
func listsInPages(f *faulty, b *backend) {
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		var all []*spec.Session
		for page := range slices.Chunk(slices.Sorted(maps.Keys(b.live())), 100) {
			for _, id := range page {
				row, ok := b.read(id)
				if !ok {
					continue
				}
				s, err := spec.ParseSession([]byte(row.text))
				if err != nil {
					return nil, err
				}
				all = append(all, s)
			}
		}
		return all, nil
	}
}
