package mutants

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var instancesMutants = []Mutant{
	{
		Name:    "what was set last is not written when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopen},
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
				_ = b.update(id, func(r row) (row, error) {
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
		fault:   losesTouches(func(_, _ row, _ int) bool { return true }),
	},
	{
		Name:    "a touch that shortens a life is lost when the store closes",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(set, touched row, _ int) bool { return touched.expires.Before(set.expires) }),
	},
	{
		Name:    "touches are lost when the store closes, but for those that a hundred sets came after",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(_, _ row, later int) bool { return later < 100 }),
	},
	{
		Name:    "what is written at every hundredth set has the expiries of the sets, and not of the touches before",
		Breaks:  []*contract.Requirement{contract.InstancesReopenExpiry},
		subject: oneAtATime,
		fault:   losesTouches(func(_, _ row, later int) bool { return later >= 100 }),
	},
	{
		Name:   "each instance remembers when what it has read will end",
		Breaks: []*contract.Requirement{contract.InstancesSeeTouches},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			ends := map[string]row{}
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
		fault: remembers(func(b *backend, id string, known row, ok bool) (row, bool) {
			if ok && !known.expired(b.clock.Now()) {
				return known, true
			}
			return b.read(id)
		}),
	},
	{
		Name:   "each instance answers with what it has read once the record is gone",
		Breaks: []*contract.Requirement{contract.InstancesSeeDestroys},
		fault: remembers(func(b *backend, id string, known row, ok bool) (row, bool) {
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
				row
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
			opening(s, r, func(f *faulty, b *backend) spec.Store {
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
		Name:   "a record that another secret has sealed is deleted",
		Breaks: []*contract.Requirement{contract.InstancesWrongSecret},
		From:   "session-file-store 1.3.1",
		subject: sealed(func(path string, record sealedRecord, secret, id string) error {
			if record.Secret != secret {
				return errors.Join(errSealed, os.Remove(path))
			}
			return record.opens(secret, id)
		}),
	},
	{
		Name:   "a record that another secret has sealed is an exception that nobody catches",
		Breaks: []*contract.Requirement{contract.InstancesWrongSecret},
		From:   "session-file-store 1.4.0 to 1.5.0",
		subject: sealed(func(_ string, record sealedRecord, secret, id string) error {
			if record.Secret != secret {
				panic("Encrypted session was tampered with!")
			}
			return record.opens(secret, id)
		}),
	},
	{
		Name:    "any secret opens every record",
		Breaks:  []*contract.Requirement{contract.InstancesWrongSecret},
		subject: sealed(func(_ string, record sealedRecord, _, id string) error { return record.opens(record.Secret, id) }),
	},
	{
		Name:    "a sealed record opens under every id",
		Breaks:  []*contract.Requirement{contract.InstancesMovedRecord},
		From:    "session-file-store 1.4.0 to 1.5.0",
		subject: sealed(func(_ string, record sealedRecord, secret, _ string) error { return record.opens(secret, record.ID) }),
	},
	{
		Name:   "a get of what another instance has destroyed meanwhile panics",
		Breaks: []*contract.Requirement{contract.InstancesSeeDestroys},
		From:   "kemalcr/kemal-session (issue 45)",
		fault: remembers(func(b *backend, id string, _ row, known bool) (row, bool) {
			r, stored := b.peek(id)
			if known && !stored {
				panic("File not found: " + id + ".json")
			}
			return r, stored && !r.expired(b.clock.Now())
		}),
	},
}

// oneAtATime is a store that keeps its sessions but of which one instance only can be open.
func oneAtATime(s *conformance.Subject, _ *rig) { s.Shared = false }

// losesTouches gives sessions the expiry of their set back when the instance closes: those of which lost says so, by the rows without the
// touch and with it and by how many sets of the instance came later.
func losesTouches(lost func(set, touched row, later int) bool) func(*faulty, *backend) {
	type untouched struct {
		row
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
				before.row, ok = b.read(id)
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
				if touched, ok := b.peek(id); ok && lost(before.row, touched, sets-before.sets) {
					b.write(id, before.row)
				}
			}
			return end()
		}
	}
}

// remembers lets each instance remember the records that it reads and writes; answer chooses between what is known and what is stored.
func remembers(answer func(b *backend, id string, known row, ok bool) (row, bool)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		known := map[string]row{}
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

var errSealed = errors.New("the record cannot be opened")

// A sealedRecord stands for a record that is encrypted with a secret and bound to an id.
type sealedRecord struct {
	Secret, ID, Text string
}

func (r sealedRecord) opens(secret, id string) error {
	if r.Secret != secret || r.ID != id {
		return errSealed
	}
	return nil
}

// sealed lets instances be opened with a secret: they keep their sessions in files alone, each of which opens where open returns no error.
func sealed(open func(path string, record sealedRecord, secret, id string) error) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		inFiles()(s, r)
		s.OpenSecret = func(ctx context.Context, secret string) (spec.Store, error) {
			store, err := s.Open(ctx)
			if err != nil {
				return nil, err
			}
			f := store.(*faulty)
			path := func(id string) string { return filepath.Join(s.Dir, "data", "sessions", id+".json") }
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				text, err := json.Marshal(sealedRecord{secret, id, s.String()})
				if err == nil {
					err = os.WriteFile(path(id), text, 0o600)
				}
				return err
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if err := f.enter(ctx); err != nil {
					return nil, err
				}
				text, err := os.ReadFile(path(id))
				if err != nil {
					return nil, err // ENOENT for a missing one
				}
				var record sealedRecord
				if err := json.Unmarshal(text, &record); err != nil {
					return nil, err
				}
				if err := open(path(id), record, secret, id); err != nil {
					return nil, err
				}
				return spec.ParseSession([]byte(record.Text))
			}
			return f, nil
		}
	}
}

// sameData reports whether two rows hold the same session, whatever their cookies say.
func sameData(a, b string) bool {
	left, errLeft := spec.ParseSession([]byte(a))
	right, errRight := spec.ParseSession([]byte(b))
	if errLeft != nil || errRight != nil {
		return false
	}
	left.Cookie = right.Cookie
	return spec.Equal(left, right)
}
