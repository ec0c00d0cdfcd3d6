package mutants

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var touchMutants = []Mutant{
	{
		Name:   "touch does nothing",
		Breaks: []*contract.Requirement{contract.TouchExtends, contract.TouchShortens, contract.TouchBrowserSession, contract.InstancesReopenExpiry, contract.InstancesSeeTouches, contract.MiddlewareActiveUser, contract.MiddlewareMaxAgeChange},
		fault: func(f *faulty, _ *backend) {
			f.touch = func(ctx context.Context, _ string, _ *spec.Session) error { return f.enter(ctx) }
		},
	},
	{
		Name:   "touch writes the session that it is given",
		Breaks: []*contract.Requirement{contract.TouchKeepsData, contract.MiddlewareSaveElsewhere},
		From:   "session-file-store up to 1.0.0 (PR 55), connect-redis 4.0.0 (PR 285), connect-mongo 4.1.0 (issue 351), connect-memcached up to 3.0.0 (issue 27, PR 33), level-session-store, express-session-level 1.0.0, connect-lowdb 2.1.0, lowdb-session-store 1.1.1",
		fault: touches(func(b *backend, id string, s *spec.Session) error {
			return b.update(id, func(tableRow) (tableRow, error) { return rowOf(s), nil })
		}),
	},
	{
		Name:   "touch adds the members that are new",
		Breaks: []*contract.Requirement{contract.TouchKeepsData},
		fault: touches(func(b *backend, id string, s *spec.Session) error {
			return b.update(id, func(r tableRow) (tableRow, error) {
				stored, err := spec.ParseSession([]byte(r.text))
				if err != nil {
					return r, err
				}
				stored.Cookie = s.Cookie
				for name, raw := range s.Members() {
					if _, ok := stored.Raw(name); !ok {
						_ = stored.SetRaw(name, raw)
					}
				}
				return rowOf(stored), nil
			})
		}),
	},
	{
		Name:   "touch stores a session that is missing",
		Breaks: []*contract.Requirement{contract.TouchNoResurrection, contract.ConcurrencyDestroyAndTouch, contract.InstancesSeeTouches, contract.MiddlewareLogoutElsewhere},
		From:   "session-file-store up to 1.0.0 (PR 55), connect-redis 4.0.0 (PR 285), connect-memcached up to 3.0.0 (issue 27), level-session-store, express-session-level 1.0.0, connect-lowdb 2.1.0, lowdb-session-store 1.1.1",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				if _, ok := b.peek(id); !ok {
					b.write(id, rowOf(s))
					return nil
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch of a missing session is an error",
		Breaks: []*contract.Requirement{contract.TouchMissingNoError},
		From:   "connect-mongo 4.1.0 to 6.0.0 (issues 407, 449, 459, 469, 471), memorystore up to 1.6.1 (commit 011dc2c), nedb-session-store, tch-nedb-session, session-file-store 1.5.0",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := b.peek(id); !ok {
					return errors.New("unable to find the session to touch")
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch of a missing session waits for it and then gives up",
		Breaks: []*contract.Requirement{contract.TouchMissingNoError},
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := b.peek(id); !ok {
					time.Sleep(300 * time.Millisecond)
					return errors.New("the session could not be locked in time")
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch of an expired session stores an empty one",
		Breaks: []*contract.Requirement{contract.TouchExpiredData, contract.TouchExpiredStaysDead},
		From:   "session-file-store 1.3.1 to 1.5.0",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if r, ok := b.peek(id); ok && r.expired(b.clock.Now()) {
					b.write(id, rowOf(spec.NewSession(s.Cookie)))
					return nil
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch revives an expired session",
		Breaks: []*contract.Requirement{contract.TouchExpiredStaysDead},
		From:   "connect-pg-simple 10, express-mysql-session 3, connect-mongo 6, connect-session-sequelize 8, connect-typeorm 2, prisma-session-store, connect-dynamodb",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if r, ok := b.peek(id); ok && r.expired(b.clock.Now()) {
					r.expires = time.Time{}
					b.write(id, r)
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch with a cookie that never expires is never answered",
		Breaks: []*contract.Requirement{contract.TouchBrowserSession, contract.MiddlewareBrowserSession},
		From:   "connect-sqlite3 0.9.5 (issue 11, commit ce6e06c)",
		fault: func(f *faulty, _ *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if _, expires := s.Cookie.Expires(); !expires {
					<-ctx.Done()
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch takes no expiry for the year 1970",
		Breaks: []*contract.Requirement{contract.TouchBrowserSession, contract.MiddlewareBrowserSession, contract.MiddlewareEarlySave, contract.MiddlewareMaxAgeChange},
		fault: touches(func(b *backend, id string, s *spec.Session) error {
			at, ok := s.Cookie.Expires()
			if !ok {
				at = time.UnixMilli(0)
			}
			return b.update(id, func(r tableRow) (tableRow, error) {
				r.expires = at
				return r, nil
			})
		}),
	},
	{
		Name:   "touch keeps the end of a session whose cookie has none any more",
		Breaks: []*contract.Requirement{contract.TouchBrowserSession, contract.MiddlewareEarlySave, contract.MiddlewareMaxAgeChange},
		fault: touches(func(b *backend, id string, s *spec.Session) error {
			return b.update(id, func(r tableRow) (tableRow, error) {
				if at, ok := s.Cookie.Expires(); ok {
					r.expires = at
				}
				return r, nil
			})
		}),
	},
	{
		Name:   "touch that gains less than a tenth of the life is skipped",
		Breaks: []*contract.Requirement{contract.TouchExtends},
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				r, _ := b.read(id)
				at, _ := s.Cookie.Expires()
				if life, ok := s.Cookie.OriginalMaxAge(); ok && at.After(r.expires) && at.Sub(r.expires) < life/10 {
					return f.enter(ctx)
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "a sweep of each second looks for the ends that the sets have noted",
		Breaks: []*contract.Requirement{contract.TouchExtends, contract.InstancesSeeTouches},
		// The close may come in the same second as the touch.
		MayBreak: []*contract.Requirement{contract.InstancesReopenExpiry},
		fault:    sweepsByIndex(),
	},
	{
		Name:   "touch never shortens a life",
		Breaks: []*contract.Requirement{contract.TouchShortens},
		From:   "connect-session-sequelize, the level stores",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				r, ok := b.read(id)
				if at, expires := s.Cookie.Expires(); ok && expires && (r.expires.IsZero() || at.Before(r.expires)) {
					return f.enter(ctx)
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch stores the whole session as the cookie",
		Breaks: []*contract.Requirement{contract.TouchKeepsData, contract.MiddlewareCookieKept, contract.MiddlewareMaxAgeChange},
		From:   "memorystore up to 1.5.1 (issue 1)",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if err := touch(ctx, id, s); err != nil {
					return err
				}
				return b.update(id, func(r tableRow) (tableRow, error) {
					stored, err := spec.ParseSession([]byte(r.text))
					if err != nil {
						return r, err
					}
					for _, name := range []string{"originalMaxAge", "expires", "httpOnly", "path"} {
						stored.Cookie.Delete(name)
					}
					_ = stored.Cookie.SetRaw("cookie", []byte(s.Cookie.String()))
					r.text = stored.String()
					return r, nil
				})
			}
		},
	},
	{
		Name:   "touch of a missing session leaves a record without data, at which get fails",
		Breaks: []*contract.Requirement{contract.TouchNoResurrection, contract.ConcurrencyDestroyAndTouch, contract.InstancesSeeTouches, contract.MiddlewareLogoutElsewhere},
		From:   "connect-dynamodb before November 2019 (issue 44, PR 61)",
		fault:  hollowTouch(),
	},
	{
		Name: "touch that changes nothing is an error",
		Breaks: []*contract.Requirement{
			contract.TouchBrowserSession, contract.TouchKeepsData, contract.TouchExtends, contract.GoNoGoroutineLeak, contract.MiddlewareCookieKept,
			contract.MiddlewareBrowserSession, contract.MiddlewareSaveElsewhere,
			contract.MiddlewareMaxAgeChange,
		},
		From: "connect-mongo 4.1.0 (issue 390)",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if r, ok := b.read(id); ok && r.expires.Equal(rowOf(s).expires) {
					return errors.New("unable to find the session to touch")
				}
				return touch(ctx, id, s)
			}
		},
	},
	{
		Name:   "touch of an expired session is an error",
		Breaks: []*contract.Requirement{contract.TouchMissingNoError},
		From:   "memorystore up to 1.6.7 with the option stale",
		fault: func(f *faulty, b *backend) {
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				if r, ok := b.peek(id); ok && r.expired(b.clock.Now()) {
					return errors.New("unexpected end of JSON input")
				}
				return touch(ctx, id, s)
			}
		},
	},
}

// sweepsByIndex removes expired sessions by an index that no touch changes. All instances of a backend share the index.
func sweepsByIndex() func(*faulty, *backend) {
	type index struct {
		mu   sync.Mutex
		ends map[string]time.Time
		next time.Time // when the next sweep is due
	}
	var all sync.Map // of *index by *backend
	return func(f *faulty, b *backend) {
		found, _ := all.LoadOrStore(b, &index{ends: map[string]time.Time{}, next: b.clock.Now()})
		x := found.(*index)
		// The suite's clock has no timers, so the first call after the sweep is due does it.
		sweep := func() {
			x.mu.Lock()
			defer x.mu.Unlock()
			now := b.clock.Now()
			if now.Before(x.next) {
				return
			}
			x.next = now.Add(time.Second)
			for id, end := range x.ends {
				if !end.IsZero() && !end.After(now) {
					delete(x.ends, id)
					b.remove(id)
				}
			}
		}
		get, set, destroy := f.get, f.set, f.destroy
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			defer sweep()
			return get(ctx, id)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			x.mu.Lock()
			x.ends[id] = rowOf(s).expires
			x.mu.Unlock()
			return set(ctx, id, s)
		}
		f.destroy = func(ctx context.Context, id string) error {
			x.mu.Lock()
			delete(x.ends, id)
			x.mu.Unlock()
			return destroy(ctx, id)
		}
	}
}

// hollowTouch makes a touch write an expiry even if there is no record. All instances of a backend share the hollow records.
func hollowTouch() func(*faulty, *backend) {
	var all sync.Map // of *sync.Map by *backend
	return func(f *faulty, b *backend) {
		found, _ := all.LoadOrStore(b, new(sync.Map))
		hollow := found.(*sync.Map)
		get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
		f.get = func(ctx context.Context, id string) (*spec.Session, error) {
			if _, ok := hollow.Load(id); ok {
				return nil, errors.New("cannot read properties of undefined")
			}
			return get(ctx, id)
		}
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			hollow.Delete(id)
			return set(ctx, id, s)
		}
		f.destroy = func(ctx context.Context, id string) error {
			hollow.Delete(id)
			return destroy(ctx, id)
		}
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			if _, ok := b.peek(id); !ok && ctx.Err() == nil {
				hollow.Store(id, true)
			}
			return touch(ctx, id, s)
		}
	}
}

// touches replaces the work of touch.
func touches(do func(b *backend, id string, s *spec.Session) error) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			if err := f.enter(ctx); err != nil {
				return err
			}
			return do(b, id, s)
		}
	}
}
