package mutants

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The faults here are races. The faulty call waits in its window for another call, so they meet whenever both are in flight.

var concurrencyMutants = []Mutant{
	{
		Name:     "all sessions are one document that a set reads, changes and writes",
		Breaks:   []*contract.Requirement{contract.ConcurrencyManyIDs},
		MayBreak: []*contract.Requirement{contract.EnumerationAllMany}, // a busy machine is too slow for thousands of sets
		From:     "connect-lowdb 2.1.0",
		fault:    inWindow(losesManySets),
	},
	{
		Name:   "a get fills the cache with what it read before a set or a destroy emptied it",
		Breaks: []*contract.Requirement{contract.ConcurrencyStaleReads, contract.ConcurrencySweepAndRefresh},
		fault:  inWindow(staleCache()),
	},
	{
		Name:   "a set looks for the session and then inserts it",
		Breaks: []*contract.Requirement{contract.ConcurrencyOneID},
		From:   "connect-typeorm 1.1.4 and 2.0.0, prisma-session-store up to 3.1.19 (issue 88, PRs 193 and 197)",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				if _, stored := b.peek(id); !stored {
					w.await(func() bool { _, stored := b.peek(id); return stored })
					b.mu.Lock()
					defer b.mu.Unlock()
					if _, stored := b.rows[id]; stored {
						return errors.New("unique constraint failed: sessions.id")
					}
					b.put(id, rowOf(s))
					return nil
				}
				b.write(id, rowOf(s))
				return nil
			}
		}),
	},
	{
		Name:   "a set that meets another is queued, and acknowledged before it is written",
		Breaks: []*contract.Requirement{contract.ConcurrencyLastAcknowledged},
		From:   "prisma-session-store 3.1.21",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
			type queue struct {
				busy bool
				last tableRow
				n    int
			}
			var mu sync.Mutex
			queues := map[string]queue{}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				mu.Lock()
				q := queues[id]
				if q.busy {
					queues[id] = queue{true, rowOf(s), q.n + 1}
					mu.Unlock()
					return nil
				}
				before := q.n
				q.busy = true
				queues[id] = q
				mu.Unlock()
				w.await(func() bool {
					mu.Lock()
					defer mu.Unlock()
					return queues[id].n > before
				})
				mu.Lock()
				defer mu.Unlock()
				b.write(id, rowOf(s))
				// The queued set may be from long before.
				if q = queues[id]; q.n > 0 {
					b.write(id, q.last)
				}
				q.busy = false
				queues[id] = q
				return nil
			}
		}),
	},
	{
		Name:   "a set cuts the record short before it writes it",
		Breaks: []*contract.Requirement{contract.ConcurrencyTornReads},
		From:   "session-file-store up to 0.0.22 (issues 5 and 21), @itrocks/fastify-file-session-store, go-macaron's FileStore",
		fault: tears(func(b *backend, id string, old tableRow) {
			old.text = old.text[:len(old.text)/2]
			b.write(id, old)
		}),
	},
	{
		Name:   "a set removes the record before it writes it",
		Breaks: []*contract.Requirement{contract.ConcurrencyTornReads},
		fault:  tears(func(b *backend, id string, _ tableRow) { b.remove(id) }),
	},
	{
		Name:   "a touch reads the session and writes it back",
		Breaks: []*contract.Requirement{contract.ConcurrencySetAndTouch},
		From:   "session-file-store 1.1.x to 1.5.0 (issue 103), prisma-session-store up to 3.1.19",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				stored, err := f.get(ctx, id)
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
		Name:   "a set that meets a second change gives up, and reports success",
		Breaks: []*contract.Requirement{contract.ConcurrencySetAndTouch},
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				for range 2 {
					was, stored := b.peek(id)
					time.Sleep(time.Millisecond) // another set may come
					if is, _ := b.peek(id); !stored || is == was {
						return set(ctx, id, s)
					}
				}
				return f.enter(ctx)
			}
		},
	},
	{
		Name:   "a touch looks whether the session is there and then writes it",
		Breaks: []*contract.Requirement{contract.ConcurrencyDestroyAndTouch},
		From:   "session-file-store 1.1.x to 1.5.0 (PR 55)",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
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
		Name:   "a get that finds the session expired deletes whatever is there by then",
		Breaks: []*contract.Requirement{contract.ConcurrencySweepAndRefresh},
		From:   "gofiber/storage before the fixes of 2026",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if r, ok := b.peek(id); ok && r.expired(b.clock.Now()) {
					w.awaitChange(b, id)
					b.remove(id)
					return nil, f.enter(ctx)
				}
				return get(ctx, id)
			}
		}),
	},
	{
		Name:   "a sweep lists what has ended, and each set removes five of the list, whatever they are by then",
		Breaks: []*contract.Requirement{contract.ConcurrencySweepAndRefresh},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			var list []string
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				err := set(ctx, id, s)
				mu.Lock()
				defer mu.Unlock()
				if len(list) == 0 {
					list = b.ended()
				}
				for range min(5, len(list)) {
					b.remove(list[0])
					list = list[1:]
				}
				return err
			}
		},
	},
	{
		Name:   "sets of an id share a temporary file",
		Breaks: []*contract.Requirement{contract.ConcurrencyOneID},
		From:   "modelcontextprotocol/php-sdk (PR 500)",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
			var mu sync.Mutex
			temporary := map[string]string{}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				r := rowOf(s)
				mu.Lock()
				temporary[id] = ""
				mu.Unlock()
				for _, half := range []string{r.text[:len(r.text)/2], r.text[len(r.text)/2:]} {
					mu.Lock()
					temporary[id] += half
					before := temporary[id]
					mu.Unlock()
					w.await(func() bool {
						mu.Lock()
						defer mu.Unlock()
						return temporary[id] != before
					})
				}
				mu.Lock()
				defer mu.Unlock()
				r.text = temporary[id]
				delete(temporary, id)
				b.write(id, r)
				return nil
			}
		}),
	},
}

// losesManySets makes sets lose each other's sessions when many of them meet: all have read the document before the first one writes it.
// Writing takes no time here, so a few sets come one after the other.
func losesManySets(f *faulty, b *backend, w *window) {
	const many = 40
	var mu sync.Mutex
	var document map[string]tableRow // as the sets that meet have read it
	set := f.set
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		mu.Lock()
		switch n := w.calls.Load(); {
		case n == 1:
			document = nil
		case n > many && document == nil:
			document = b.document()
		}
		mu.Unlock()
		time.Sleep(time.Millisecond) // another set may come
		if w.calls.Load() > 1 {
			time.Sleep(20 * time.Millisecond) // more of them may come
		}
		mu.Lock()
		stale := maps.Clone(document)
		mu.Unlock()
		if stale == nil {
			return set(ctx, id, s)
		}
		stale[id] = rowOf(s)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.rows = stale
		return f.enter(ctx)
	}
}

// tears makes a set damage the old record before it writes the new one. Everybody sees the damage.
func tears(old func(b *backend, id string, r tableRow)) func(*faulty, *backend) {
	return inWindow(func(f *faulty, b *backend, w *window) {
		var reads atomic.Int64
		get, set := f.get, f.set
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			defer reads.Add(1)
			return get(ctx, id)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if err := f.enter(ctx); err != nil {
				return err
			}
			if r, ok := b.read(id); ok {
				old(b, id, r)
				// A get that ends now may have begun before.
				enough := reads.Load() + 10
				w.await(func() bool { return reads.Load() > enough })
			}
			return set(ctx, id, s)
		}
	})
}

// document returns a copy of all rows.
func (b *backend) document() map[string]tableRow {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.rows)
}

// staleCache puts a cache in front of each backend. All instances of the backend share it.
func staleCache() func(*faulty, *backend, *window) {
	var caches sync.Map // of *sync.Map by *backend
	return func(f *faulty, b *backend, w *window) {
		found, _ := caches.LoadOrStore(b, new(sync.Map))
		cache := found.(*sync.Map)
		set, destroy, touch, clearAll := f.set, f.destroy, f.touch, f.clear
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			if err := f.enter(ctx); err != nil {
				return nil, err
			}
			known, ok := cache.Load(id)
			if !ok {
				r, stored := b.peek(id)
				if !stored {
					return nil, nil
				}
				w.await(func() bool { now, _ := b.peek(id); return now != r })
				cache.Store(id, r)
				known = r
			}
			r := known.(tableRow)
			if r.expired(b.clock.Now()) {
				return nil, nil
			}
			return spec.ParseSession([]byte(r.text))
		}
		emptied := func(id string, err error) error {
			cache.Delete(id)
			return err
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error { return emptied(id, set(ctx, id, s)) }
		f.destroy = func(ctx context.Context, id string) error { return emptied(id, destroy(ctx, id)) }
		f.touch = func(ctx context.Context, id string, s *spec.Session) error { return emptied(id, touch(ctx, id, s)) }
		f.clear = func(ctx context.Context) error {
			err := clearAll(ctx)
			cache.Clear()
			return err
		}
	}
}
