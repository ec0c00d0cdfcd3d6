package mutants

import (
	"context"
	"runtime"
	"sync"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The faults here need several calls in a certain order, or several instances at the same time. No example meets them.

var propertyMutants = []Mutant{
	{
		// The fault needs a set, a touch, a destroy and a length.
		Name:   "a session that was touched is counted after its destroy",
		Breaks: []*contract.Requirement{contract.EnumerationLengthDestroy},
		fault: perBackend(func(f *faulty, _ *backend, ids *[2]sync.Map) {
			touched, ghosts := &ids[0], &ids[1]
			set, destroy, touch, clearAll, length := f.set, f.destroy, f.touch, f.clear, f.length
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				touched.Delete(id)
				ghosts.Delete(id)
				return set(ctx, id, s)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				touched.Store(id, true)
				return touch(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				stored, err := f.get(ctx, id)
				if _, ok := touched.LoadAndDelete(id); ok && stored != nil && err == nil {
					ghosts.Store(id, true)
				}
				return destroy(ctx, id)
			}
			f.clear = func(ctx context.Context) error {
				touched.Clear()
				ghosts.Clear()
				return clearAll(ctx)
			}
			f.length = func(ctx context.Context) (int, error) {
				n, err := length(ctx)
				ghosts.Range(func(any, any) bool { n++; return true })
				return n, err
			}
		}),
	},
	{
		Name:   "the third set of an id after a destroy keeps what the first one had",
		Breaks: []*contract.Requirement{contract.PropertySequences},
		fault: perBackend(func(f *faulty, b *backend, records *sync.Map) { // *[]*spec.Session by id: the sets since the destroy
			set, destroy := f.set, f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				if _, stored := b.peek(id); stored {
					records.Store(id, new([]*spec.Session))
				}
				return destroy(ctx, id)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if found, ok := records.Load(id); ok {
					b.mu.Lock()
					since := found.(*[]*spec.Session)
					*since = append(*since, s.Clone())
					first, n := (*since)[0], len(*since)
					b.mu.Unlock()
					if n == 3 {
						s = s.Clone()
						for name, raw := range first.Members() {
							if _, replaced := s.Raw(name); !replaced {
								_ = s.SetRaw(name, raw)
							}
						}
					}
				}
				return set(ctx, id, s)
			}
		}),
	},
	{
		Name:     "an instance serves what it touched from a cache, which another instance's set does not reach",
		Breaks:   []*contract.Requirement{contract.InstancesSeeWrites},
		MayBreak: []*contract.Requirement{contract.ConcurrencySetAndTouch},
		fault: func(f *faulty, b *backend) {
			var cache sync.Map // of this instance, by id
			set, destroy, touch, clearAll, get := f.set, f.destroy, f.touch, f.clear, f.get
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				err := touch(ctx, id, s)
				if r, ok := b.read(id); ok && err == nil {
					cache.Store(id, r)
				}
				return err
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if known, ok := cache.Load(id); ok && !known.(tableRow).expired(b.clock.Now()) {
					if _, stored := b.peek(id); stored { // a destroy reaches the cache
						return spec.ParseSession([]byte(known.(tableRow).text))
					}
				}
				return get(ctx, id)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				cache.Delete(id)
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				cache.Delete(id)
				return destroy(ctx, id)
			}
			f.clear = func(ctx context.Context) error {
				cache.Clear()
				return clearAll(ctx)
			}
		},
	},
	{
		Name:   "a touch that reads and writes back is locked against the sets of its own instance only",
		Breaks: []*contract.Requirement{contract.PropertyLinearizable},
		From:   "file stores with a lock in the process, such as session-file-store behind several workers",
		fault: acrossInstances(func(f *faulty, b *backend, w *window) {
			get := f.get
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				stored, err := get(ctx, id)
				if err != nil || stored == nil {
					return err
				}
				w.awaitChange(b, id)
				stored.Cookie = s.Cookie
				return b.update(id, func(tableRow) (tableRow, error) { return rowOf(stored), nil })
			}
		}),
	},
	{
		Name:   "a touch on one instance stores again what another has destroyed since it looked",
		Breaks: []*contract.Requirement{contract.PropertyLinearizable},
		fault: acrossInstances(func(f *faulty, b *backend, w *window) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				stored, ok := b.read(id)
				if !ok {
					return f.enter(ctx)
				}
				w.awaitChange(b, id)
				if _, ok := b.read(id); !ok {
					b.write(id, stored)
				}
				return touch(ctx, id, s)
			}
		}),
	},
	{
		Name:   "a get fills the cache of its instance with what another was replacing meanwhile",
		Breaks: []*contract.Requirement{contract.PropertyLinearizable},
		fault:  acrossInstances(cachesOverwritten()),
	},
}

// perBackend plants a fault with a state that all instances of a backend share.
func perBackend[T any](fault func(f *faulty, b *backend, state *T)) func(*faulty, *backend) {
	var states sync.Map // of *T by *backend
	return func(f *faulty, b *backend) {
		state, _ := states.LoadOrStore(b, new(T))
		fault(f, b, state.(*T))
	}
}

// acrossInstances gives the methods of a fault a window for calls on other instances of the backend. Calls on the same instance wait for each
// other.
func acrossInstances(fault func(f *faulty, b *backend, w *window)) func(*faulty, *backend) {
	return perBackend(func(f *faulty, b *backend, w *window) {
		fault(f, b, w)
		var mu sync.Mutex
		enter := func() func() {
			w.calls.Add(1)
			mu.Lock()
			return func() {
				mu.Unlock()
				w.calls.Add(-1)
			}
		}
		get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			defer enter()()
			return get(ctx, id)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			defer enter()()
			return set(ctx, id, s)
		}
		f.destroy = func(ctx context.Context, id string) error {
			defer enter()()
			return destroy(ctx, id)
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			defer enter()()
			return touch(ctx, id, s)
		}
	})
}

// cachesOverwritten puts a cache into each instance. Sets and destroys on other instances empty it, but a get that began to read before fills
// it again.
func cachesOverwritten() func(*faulty, *backend, *window) {
	type set map[string]tableRow
	var (
		mu     sync.Mutex
		caches = map[*backend][]set{} // by backend, one for each instance
	)
	return func(f *faulty, b *backend, w *window) {
		own := set{}
		mu.Lock()
		caches[b] = append(caches[b], own)
		mu.Unlock()
		empty := func(id string) {
			mu.Lock()
			defer mu.Unlock()
			for _, cache := range caches[b] {
				if id == "" {
					clear(cache)
				}
				delete(cache, id)
			}
		}
		set, destroy, touch, clearAll := f.set, f.destroy, f.touch, f.clear
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			if err := f.enter(ctx); err != nil {
				return nil, err
			}
			mu.Lock()
			r, known := own[id]
			mu.Unlock()
			if !known {
				var stored bool
				if r, stored = b.read(id); !stored {
					return nil, nil
				}
				w.awaitChange(b, id)
				for range 50 {
					runtime.Gosched() // until the caches have been emptied
				}
				mu.Lock()
				own[id] = r
				mu.Unlock()
			}
			if r.expired(b.clock.Now()) {
				return nil, nil
			}
			return spec.ParseSession([]byte(r.text))
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			err := set(ctx, id, s)
			empty(id)
			return err
		}
		f.destroy = func(ctx context.Context, id string) error {
			err := destroy(ctx, id)
			empty(id)
			return err
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			err := touch(ctx, id, s)
			empty(id)
			return err
		}
		f.clear = func(ctx context.Context) error {
			err := clearAll(ctx)
			empty("")
			return err
		}
	}
}
