package mutants

import (
	"context"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var instancesMutants = []Mutant{
	{
		Name:    "what was set last is not written when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopen, contract.InstancesReopenMany},
		subject: oneAtATime,
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			last := ""
			set, end := f.set, f.close
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				last = id
				return set(ctx, id, s)
			}
			f.close = func() error {
				mu.Lock()
				defer mu.Unlock()
				b.remove(last)
				return end()
			}
		},
	},
	{
		Name:    "lives start again when the store opens",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault: func(_ *faulty, b *backend) {
			for id := range b.live() {
				_ = b.update(id, func(r tableRow) (tableRow, error) {
					s, err := spec.ParseSession([]byte(r.text))
					if err == nil {
						if d, ok := s.Cookie.OriginalMaxAge(); ok {
							r.expires = b.clock.Now().Add(d)
						}
					}
					return r, err
				})
			}
		},
	},
	{
		Name:    "touches are lost when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(_, _ tableRow, _ int) bool { return true }),
	},
	{
		Name:    "a touch that shortens a life is lost when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(set, touched tableRow, _ int) bool { return touched.expires.Before(set.expires) }),
	},
	{
		Name:    "touches are lost when the store closes, but for those that a hundred sets came after",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(_, _ tableRow, later int) bool { return later < 100 }),
	},
	{
		Name:    "what is written at every hundredth set has the expiries of the sets, and not of the touches before",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(_, _ tableRow, later int) bool { return later >= 100 }),
	},
	{
		Name:   "each instance remembers when what it has read will end",
		Breaks: []*contract.Requirement{contract.InstancesSeeTouches},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			ends := map[string]tableRow{}
			get, set, touch := f.get, f.set, f.touch
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				mu.Lock()
				defer mu.Unlock()
				known, ok := ends[id]
				stored, _ := b.peek(id)
				if same := ok && sameData(known.text, stored.text); same && known.expired(b.clock.Now()) {
					return nil, nil
				} else if !same && s != nil {
					ends[id] = stored
				}
				return s, err
			}
			forget := func(id string) {
				mu.Lock()
				defer mu.Unlock()
				delete(ends, id)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				forget(id)
				return set(ctx, id, s)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				forget(id)
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "each instance keeps what it has read",
		Breaks: []*contract.Requirement{contract.InstancesSeeWrites, contract.InstancesSeeDestroys},
		From:   "@itrocks/fastify-file-session-store, all versions",
		fault: remembers(func(b *backend, id string, known tableRow, ok bool) (tableRow, bool) {
			if ok && !known.expired(b.clock.Now()) {
				return known, true
			}
			return b.read(id)
		}),
	},
	{
		Name:   "each instance answers with what it has read once the record is gone",
		Breaks: []*contract.Requirement{contract.InstancesSeeDestroys},
		fault: remembers(func(b *backend, id string, known tableRow, ok bool) (tableRow, bool) {
			if r, stored := b.peek(id); stored {
				return r, !r.expired(b.clock.Now())
			}
			return known, ok && !known.expired(b.clock.Now())
		}),
	},
	{
		Name:   "each instance answers for a minute with what it has written itself",
		Breaks: []*contract.Requirement{contract.InstancesSeeDestroys, contract.InstancesSeeTouches, contract.InstancesSeeWrites},
		fault: func(f *faulty, b *backend) {
			type written struct {
				tableRow
				at time.Time
			}
			var mu sync.Mutex
			own := map[string]written{}
			forget := func(id string) {
				mu.Lock()
				defer mu.Unlock()
				delete(own, id)
			}
			get, set, destroy, touch, clearAll := f.get, f.set, f.destroy, f.touch, f.clear
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				mu.Lock()
				w, ok := own[id]
				mu.Unlock()
				if now := b.clock.Now(); ok && now.Sub(w.at) < time.Minute && f.enter(ctx) == nil {
					if w.expired(now) {
						return nil, nil
					}
					return spec.ParseSession([]byte(w.text))
				}
				return get(ctx, id)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				own[id] = written{rowOf(s), b.clock.Now()}
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				forget(id)
				return destroy(ctx, id)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				forget(id)
				return touch(ctx, id, s)
			}
			f.clear = func(ctx context.Context) error {
				err := clearAll(ctx)
				mu.Lock()
				defer mu.Unlock()
				clear(own)
				return err
			}
		},
	},
	{
		Name:   "all stores of a process share what they have read",
		Breaks: []*contract.Requirement{contract.InstancesSeparate},
		From:   "@itrocks/fastify-file-session-store, all versions",
		subject: func(s *conformance.Subject, r *rig) {
			other := map[*backend]*backend{r.backend: r.foreign, r.foreign: r.backend}
			wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
				get := f.get
				f.get = func(ctx context.Context, id string) (*spec.Session, error) {
					s, err := get(ctx, id)
					if stray, ok := other[b].read(id); s == nil && err == nil && ok {
						return spec.ParseSession([]byte(stray.text))
					}
					return s, err
				}
				return f
			})
		},
	},
	{
		Name:   "a get of what another instance has destroyed meanwhile panics",
		Breaks: []*contract.Requirement{contract.InstancesSeeDestroys},
		From:   "kemalcr/kemal-session (issue 45)",
		fault: remembers(func(b *backend, id string, _ tableRow, known bool) (tableRow, bool) {
			r, stored := b.peek(id)
			if known && !stored {
				panic("File not found: " + id + ".json")
			}
			return r, stored && !r.expired(b.clock.Now())
		}),
	},
}

// oneAtATime claims that only one instance can be open.
func oneAtATime(s *conformance.Subject, _ *rig) { s.Shared = false }

// losesTouches undoes touches when the instance closes. lost chooses them by the rows before and after the touch, and by the number of later
// sets on the instance.
func losesTouches(lost func(set, touched tableRow, later int) bool) func(*faulty, *backend) {
	type untouched struct {
		tableRow
		sets int
	}
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		sets, known := 0, map[string]untouched{}
		set, touch, end := f.set, f.touch, f.close
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			mu.Lock()
			defer mu.Unlock()
			sets++
			delete(known, id)
			return set(ctx, id, s)
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			mu.Lock()
			defer mu.Unlock()
			before, ok := known[id]
			if !ok {
				before.tableRow, ok = b.read(id)
			}
			if before.sets = sets; ok {
				known[id] = before
			}
			return touch(ctx, id, s)
		}
		f.close = func() error {
			mu.Lock()
			defer mu.Unlock()
			for id, before := range known {
				if touched, ok := b.peek(id); ok && lost(before.tableRow, touched, sets-before.sets) {
					b.write(id, before.tableRow)
				}
			}
			return end()
		}
	}
}

// remembers makes each instance remember the records that it reads. answer chooses between the known and the stored record.
func remembers(answer func(b *backend, id string, known tableRow, ok bool) (tableRow, bool)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		known := map[string]tableRow{}
		set, destroy, touch, clearAll := f.set, f.destroy, f.touch, f.clear
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			mu.Lock()
			defer mu.Unlock()
			if err := f.enter(ctx); err != nil {
				return nil, err
			}
			old, ok := known[id]
			r, ok := answer(b, id, old, ok)
			if !ok {
				return nil, nil
			}
			known[id] = r
			return spec.ParseSession([]byte(r.text))
		}
		forgetting := func(id string, call func() error) error {
			mu.Lock()
			defer mu.Unlock()
			delete(known, id)
			return call()
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			return forgetting(id, func() error { return set(ctx, id, s) })
		}
		f.destroy = func(ctx context.Context, id string) error {
			return forgetting(id, func() error { return destroy(ctx, id) })
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			return forgetting(id, func() error { return touch(ctx, id, s) })
		}
		f.clear = func(ctx context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			clear(known)
			return clearAll(ctx)
		}
	}
}

// sameData reports whether two texts hold the same session apart from the cookie.
func sameData(a, b string) bool {
	left, errLeft := spec.ParseSession([]byte(a))
	right, errRight := spec.ParseSession([]byte(b))
	if errLeft != nil || errRight != nil {
		return false
	}
	left.Cookie = right.Cookie
	return spec.Equal(left, right)
}
