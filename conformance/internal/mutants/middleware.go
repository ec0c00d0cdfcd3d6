package mutants

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The faults here show after a get: a store is given back the session that it has returned, or it has remembered what it read.

var middlewareMutants = []Mutant{
	{
		Name:   "a set of the object that a get answered with writes nothing",
		Breaks: []*contract.Requirement{contract.MiddlewareVisits, contract.MiddlewareEmptied, contract.MiddlewareSaveElsewhere, contract.MiddlewareEarlySave},
		From:   "@itrocks/fastify-file-session-store, all versions",
		fault: perBackend(func(f *faulty, _ *backend, handed *sync.Map) { // *spec.Session by id
			get, set := f.get, f.set
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				handed.Store(id, s)
				return s, err
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if last, ok := handed.Load(id); ok && last == s {
					return f.touch(ctx, id, s)
				}
				return set(ctx, id, s)
			}
		}),
	},
	{
		Name:   "a set of a session without data only prolongs what is there",
		Breaks: []*contract.Requirement{contract.MiddlewareEmptied},
		From:   "stores that ignore empty values, such as those of gofiber/storage",
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := b.read(id); ok && s.Len() == 0 {
					return f.touch(ctx, id, s)
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch keeps of the cookie what it needs itself, without originalMaxAge",
		Breaks: []*contract.Requirement{contract.MiddlewareCookieKept, contract.MiddlewareMaxAgeChange},
		fault:  rewritesCookie(func(given *spec.Cookie, _ time.Time) { given.Delete("originalMaxAge") }),
	},
	{
		Name:   "touch writes a cookie of its own, with the attributes that are usual",
		Breaks: []*contract.Requirement{contract.MiddlewareCookieKept},
		fault: rewritesCookie(func(given *spec.Cookie, _ time.Time) {
			for _, name := range []string{"domain", "secure", "sameSite"} {
				given.Delete(name)
			}
		}),
	},
	{
		Name:   "touch keeps the originalMaxAge in whole minutes",
		Breaks: []*contract.Requirement{contract.MiddlewareActiveUser},
		fault: rewritesCookie(func(given *spec.Cookie, _ time.Time) {
			expires, ends := given.Expires()
			if age, _ := given.OriginalMaxAge(); ends {
				given.SetMaxAge(expires, age.Truncate(time.Minute))
				given.RestoreExpires(expires)
			}
		}),
	},
	{
		Name:   "a cache of what gets have read keeps the end that it had",
		Breaks: []*contract.Requirement{contract.MiddlewareActiveUser, contract.InstancesSeeTouches},
		fault: perBackend(func(f *faulty, b *backend, ends *sync.Map) { // time.Time by id
			get, set, destroy, clearAll := f.get, f.set, f.destroy, f.clear
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				r, ok := b.read(id)
				if !ok || r.expires.IsZero() {
					return get(ctx, id)
				}
				if end, _ := ends.LoadOrStore(id, r.expires); !end.(time.Time).After(b.clock.Now()) {
					return nil, f.enter(ctx)
				}
				return get(ctx, id)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				ends.Delete(id)
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				ends.Delete(id)
				return destroy(ctx, id)
			}
			f.clear = func(ctx context.Context) error {
				ends.Clear()
				return clearAll(ctx)
			}
		}),
	},
	{
		Name:   "touch gives a cookie without an expiry the default life of the store",
		Breaks: []*contract.Requirement{contract.MiddlewareBrowserSession},
		fault: rewritesCookie(func(given *spec.Cookie, now time.Time) {
			if _, ends := given.Expires(); !ends {
				given.SetMaxAge(now, 24*time.Hour)
			}
		}),
	},
	{
		Name:   "a set takes the id that is written in the session for its own",
		Breaks: []*contract.Requirement{contract.MiddlewareLogin},
		From:   "stores of documents, which have their id inside",
		subject: func(s *conformance.Subject, _ *rig) {
			s.AddedKeys = []string{"_key"}
		},
		fault: func(f *faulty, b *backend) {
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				document := s.Clone()
				if written, err := document.Decode("_key", &id); err != nil || !written {
					if err := document.Set("_key", id); err != nil {
						return err
					}
				}
				b.write(id, rowOf(document))
				return nil
			}
		},
	},
	{
		Name:   "touch writes back what a get has read before the session was destroyed",
		Breaks: []*contract.Requirement{contract.MiddlewareLogoutElsewhere, contract.InstancesSeeTouches},
		fault: perBackend(func(f *faulty, b *backend, read *sync.Map) { // row by id
			get, touch := f.get, f.touch
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if r, ok := b.read(id); ok {
					read.Store(id, r)
				}
				return get(ctx, id)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if r, ok := read.Load(id); ok {
					if _, stored := b.peek(id); !stored && f.enter(ctx) == nil {
						b.write(id, r.(tableRow))
					}
				}
				return touch(ctx, id, s)
			}
		}),
	},
	{
		Name:   "touch writes the data that the last get has read",
		Breaks: []*contract.Requirement{contract.MiddlewareSaveElsewhere, contract.MiddlewareEarlySave},
		fault: perBackend(func(f *faulty, b *backend, read *sync.Map) { // row by id
			get, destroy := f.get, f.destroy
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if r, ok := b.read(id); ok {
					read.Store(id, r)
				}
				return get(ctx, id)
			}
			f.destroy = func(ctx context.Context, id string) error {
				read.Delete(id)
				return destroy(ctx, id)
			}
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				err := touch(ctx, id, s)
				r, ok := read.Load(id)
				if !ok || err != nil {
					return err
				}
				return b.update(id, func(tableRow) (tableRow, error) {
					stale, err := spec.ParseSession([]byte(r.(tableRow).text))
					if err != nil {
						return r.(tableRow), err
					}
					stale.Cookie = s.Cookie
					return rowOf(stale), nil
				})
			}
		}),
	},
	{
		Name:   "a set of what was read before another set is refused",
		Breaks: []*contract.Requirement{contract.MiddlewareBothSave},
		From:   "stores of documents with a revision",
		subject: func(s *conformance.Subject, _ *rig) {
			s.AddedKeys = []string{"_rev"}
		},
		fault: func(f *faulty, b *backend) {
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				b.mu.Lock()
				defer b.mu.Unlock()
				var stored, given int
				r, ok := b.rows[id]
				if old, err := spec.ParseSession([]byte(r.text)); err == nil {
					_, _ = old.Decode("_rev", &stored)
				}
				if known, err := s.Decode("_rev", &given); err == nil && known && ok && given != stored {
					return errors.New("document update conflict")
				}
				document := s.Clone()
				if err := document.Set("_rev", stored+1); err != nil {
					return err
				}
				b.put(id, rowOf(document))
				return nil
			}
		},
	},
	{
		Name:   "touch leaves the old expiry in the cookie, and a set of a session that is over destroys it",
		Breaks: []*contract.Requirement{contract.MiddlewareEarlySave, contract.MiddlewareMaxAgeChange},
		From:   "connect-redis, all versions; the first half connect-pg-simple (issue 54) and most SQL stores",
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if left, ends := s.Cookie.MaxAge(b.clock.Now()); ends && left <= 0 {
					return f.destroy(ctx, id)
				}
				return set(ctx, id, s)
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				return b.update(id, func(r tableRow) (tableRow, error) {
					r.expires, _ = s.Cookie.Expires()
					return r, nil
				})
			}
		},
	},
}

// rewritesCookie makes a touch store another cookie than the one that it was given. The session ends when the given cookie says.
func rewritesCookie(change func(given *spec.Cookie, now time.Time)) func(*faulty, *backend) {
	return touches(func(b *backend, id string, s *spec.Session) error {
		return b.update(id, func(r tableRow) (tableRow, error) {
			stored, err := spec.ParseSession([]byte(r.text))
			if err != nil {
				return r, err
			}
			r.expires, _ = s.Cookie.Expires()
			stored.Cookie = s.Cookie
			change(&stored.Cookie, b.clock.Now())
			r.text = stored.String()
			return r, nil
		})
	})
}
