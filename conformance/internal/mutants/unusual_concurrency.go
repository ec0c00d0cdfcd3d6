package mutants

import (
	"context"
	"runtime"
	"sync"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// unusualConcurrency are stores in which calls in flight affect each other.
func unusualConcurrency() []Unusual {
	return []Unusual{
		unusual("a set reaches the instances one after the other", "and is acknowledged when it has reached all: gets meanwhile see the old or the new",
			func(s *conformance.Subject, r *rig) {
				s.Corrupt = nil
				copies := map[*backend]*replicas{r.backend: {}, r.foreign: {}}
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store { return copies[b].join(f, b) })
			}),
		unusual("of the sets of an id that wait the last is written", "all of them are acknowledged then: they were in flight together",
			changeInstances(perBackend(queuesByID))),
	}
}

// queuedSets are sets that wait, by id, for the set that is being written.
type queuedSets struct {
	mu      sync.Mutex
	writing map[string]chan struct{} // closed when the set is written
	waiting map[string]tableRow
}

// queuesByID makes the sets of an id wait for each other. Destroys and touches do not wait.
func queuesByID(f *faulty, b *backend, q *queuedSets) {
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := f.enter(ctx); err != nil {
			return err
		}
		q.mu.Lock()
		if q.writing == nil {
			q.writing, q.waiting = map[string]chan struct{}{}, map[string]tableRow{}
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

// write writes the waiting row of an id, if there is one still.
func (q *queuedSets) write(b *backend, id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r, ok := q.waiting[id]; ok {
		b.write(id, r)
		delete(q.waiting, id)
	}
}

// replicas are the copies of a backend, one for each instance.
type replicas struct {
	writing sync.Mutex // held during each call that writes
	copies  []*backend
}

// join gives an instance a copy of its own. The instance reads from its copy, and writes to the backend and all copies.
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
