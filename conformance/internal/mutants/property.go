package mutants

import (
	"context"
	"runtime"
	"sync"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The faults here take several calls in a certain order, or several instances at the same time: no example meets them.

var propertyMutants = []Mutant{
	{
		// It takes a set, a touch, a destroy and a count to see it.
		Name:   "a session that was touched is counted after its destroy",
		Breaks: []*contract.Requirement{contract.PropertySequences},
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
		fault: perBackend(func(f *faulty, b *backend, records *sync.Map) { // of *[]*spec.Session: what was set since, by id
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
		Breaks:   []*contract.Requirement{contract.PropertySequences},
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
				if known, ok := cache.Load(id); ok && !known.(row).expired(b.clock.Now()) {
					if _, stored := b.peek(id); stored { // a destroy reaches it
						return spec.ParseSession([]byte(known.(row).text))
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
				return b.update(id, func(row) (row, error) { return rowOf(stored), nil })
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
		fault:  acrossInstances(rememberingOverwritten()),
	},
}

// perBackend is a fault with a state that all instances of a backend share.
func perBackend[T any](fault func(f *faulty, b *backend, state *T)) func(*faulty, *backend) {
	var states sync.Map // of *T by *backend
	return func(f *faulty, b *backend) {
		state, _ := states.LoadOrStore(b, new(T))
		fault(f, b, state.(*T))
	}
}

// acrossInstances is a fault whose methods have a window for calls on other instances of the backend; calls on one instance wait for each
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

// rememberingOverwritten is a cache in each instance that the sets and destroys of the others empty; not, however, of what a get puts there
// that began to read before.
func rememberingOverwritten() func(*faulty, *backend, *window) {
	type set map[string]row
	var (
		mu     sync.Mutex
		caches = map[*backend][]set{} // of all instances
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

// Stores in which calls that are in flight together come to bear on each other.
func meeting() []Unusual {
	return []Unusual{
		unusual("a set reaches the instances one after the other", "and is acknowledged when it has reached all: gets meanwhile see the old or the new",
			func(s *conformance.Subject, r *rig) {
				s.Corrupt = nil
				copies := map[*backend]*replicas{r.backend: {}, r.foreign: {}}
				opening(s, r, func(f *faulty, b *backend) spec.Store { return copies[b].join(f, b) })
			}),
		unusual("of the sets of an id that wait the last is written", "all of them are acknowledged then: they were in flight together",
			instances(perBackend(queueing))),
	}
}

// queues are the sets that wait, by id, for the one that is being written.
type queues struct {
	mu      sync.Mutex
	writing map[string]chan struct{} // closed when it is written
	waiting map[string]row
}

// queueing lets the sets of an id wait for each other. What destroys or touches comes before or after what is written.
func queueing(f *faulty, b *backend, q *queues) {
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		q.mu.Lock()
		if q.writing == nil {
			q.writing, q.waiting = map[string]chan struct{}{}, map[string]row{}
		}
		before, busy := q.writing[id]
		q.waiting[id] = rowOf(s)
		if !busy {
			q.writing[id] = make(chan struct{})
		}
		q.mu.Unlock()
		if busy {
			<-before
			q.write(b, id)
			return nil
		}
		for range 20 {
			runtime.Gosched()
		}
		q.write(b, id)
		q.mu.Lock()
		defer q.mu.Unlock()
		close(q.writing[id])
		delete(q.writing, id)
		return nil
	}
}

// write writes what waits, unless another has done it.
func (q *queues) write(b *backend, id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r, ok := q.waiting[id]; ok {
		b.write(id, r)
		delete(q.waiting, id)
	}
}

// replicas are the copies of a backend, which itself is the first one.
type replicas struct {
	writing sync.Mutex // held for a whole call that writes
	copies  []*backend
}

// join gives an instance a copy of its own, from which it reads. Its writes go to all.
func (r *replicas) join(f *faulty, b *backend) spec.Store {
	own := newBackend(b.clock)
	r.writing.Lock()
	own.rows = b.document()
	r.copies = append(r.copies, own)
	r.writing.Unlock()
	base, reader := *f, own.open()
	write := func(do func(*faulty) error) error {
		r.writing.Lock()
		defer r.writing.Unlock()
		if err := do(&base); err != nil {
			return err
		}
		for _, c := range r.copies {
			for range 20 {
				runtime.Gosched()
			}
			if err := do(c.open()); err != nil {
				return err
			}
		}
		return nil
	}
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		return reader.get(ctx, id)
	}
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		if err := f.enter(ctx); err != nil {
			return nil, err
		}
		return reader.all(ctx)
	}
	f.length = func(ctx context.Context) (int, error) {
		if err := f.enter(ctx); err != nil {
			return 0, err
		}
		return reader.length(ctx)
	}
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		return write(func(to *faulty) error { return to.set(ctx, id, s) })
	}
	f.destroy = func(ctx context.Context, id string) error {
		return write(func(to *faulty) error { return to.destroy(ctx, id) })
	}
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		return write(func(to *faulty) error { return to.touch(ctx, id, s) })
	}
	f.clear = func(ctx context.Context) error {
		return write(func(to *faulty) error { return to.clear(ctx) })
	}
	return f
}
