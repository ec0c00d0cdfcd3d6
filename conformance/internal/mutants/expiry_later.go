package mutants

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var laterLifeMutants = []Mutant{
	{
		Name:   "all lists the expired",
		Breaks: []*contract.Requirement{contract.ExpiryAllExcludes},
		From:   "connect-sqlite3, better-sqlite3-session-store, express-mysql-session up to 2.0.1",
		fault: func(f *faulty, b *backend) {
			f.all = everyRow(f, b)
		},
	},
	{
		Name:   "all lists a session until the expiry of its set, whatever a touch has made of it",
		Breaks: []*contract.Requirement{contract.ExpiryAllExcludes},
		fault: listsByEndOfSet(func(all []*spec.Session, r tableRow, over bool) ([]*spec.Session, error) {
			if over {
				return all, nil
			}
			s, err := spec.ParseSession([]byte(r.text))
			return append(all, s), err
		}),
	},
	{
		Name:   "all lists no session beyond the expiry of its set, whatever a touch has made of it",
		Breaks: []*contract.Requirement{contract.ExpiryAllProlonged},
		fault: listsByEndOfSet(func(all []*spec.Session, r tableRow, over bool) ([]*spec.Session, error) {
			return slices.DeleteFunc(all, func(s *spec.Session) bool { return over && s.String() == r.text }), nil
		}),
	},
	{
		Name:   "a sweep that meets several expired sessions goes on with the next hour's",
		Breaks: []*contract.Requirement{contract.ExpirySweepSparesLive},
		// On a busy machine the set of another check can be the sweep.
		MayBreak: []*contract.Requirement{contract.TouchExtends, contract.ExpiryNotEarly, contract.ExpiryFractional, contract.ExpiryRolling},
		From:     "govuk-prototype-kit (PR 2399), koa-pg-session (PR 8)",
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				err := set(ctx, id, s)
				b.mu.Lock()
				defer b.mu.Unlock()
				now := b.clock.Now()
				var expired []string
				for id, r := range b.rows {
					if r.expired(now) {
						expired = append(expired, id)
					}
				}
				if len(expired) > 4 {
					now = now.Add(time.Hour)
				}
				for other, r := range b.rows {
					if r.expired(now) && other != id {
						delete(b.rows, other)
					}
				}
				return err
			}
		},
	},
	{
		Name:   "the expiry is written by the first set only",
		Breaks: []*contract.Requirement{contract.ExpiryRolling, contract.ExpiryFromExpires, contract.ExpiryLatestWins},
		fault: endsAt(func(l lived) time.Time {
			if l.live {
				return l.old.expires
			}
			return l.expires
		}),
	},
	{
		Name:   "of two expiries the later one counts",
		Breaks: []*contract.Requirement{contract.ExpiryLatestWins, contract.ExpiryFromExpires},
		fault: endsAt(func(l lived) time.Time {
			if l.live && l.left > 0 && l.old.expires.After(l.expires) {
				return l.old.expires
			}
			return l.expires
		}),
	},
	{
		Name:   "a get prolongs the session",
		Breaks: []*contract.Requirement{contract.ExpiryGetDoesNotExtend, contract.ExpiryLong},
		fault: func(f *faulty, b *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s != nil {
					if d, ok := s.Cookie.OriginalMaxAge(); ok {
						err = b.update(id, func(r tableRow) (tableRow, error) {
							if end := b.clock.Now().Add(d); end.After(r.expires) {
								r.expires = end
							}
							return r, nil
						})
					}
				}
				return s, err
			}
		},
	},
	{
		Name:   "a sweep takes what has lived for half of its life",
		Breaks: []*contract.Requirement{contract.ExpiryNotEarly, contract.ExpiryLong, contract.InstancesSeeTouches},
		From:   "session-file-store 0.0.2 (issues 3 and 4)",
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			halves := map[string]time.Time{}
			get, set, touch := f.get, f.set, f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				delete(halves, id)
				mu.Unlock()
				return touch(ctx, id, s)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				delete(halves, id)
				if l := b.lived(id, s); !l.expires.IsZero() {
					halves[id] = l.now.Add(l.left / 2)
				}
				mu.Unlock()
				return set(ctx, id, s)
			}
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				mu.Lock()
				half, ok := halves[id]
				mu.Unlock()
				if ok && half.Before(b.clock.Now()) {
					b.remove(id)
				}
				return get(ctx, id)
			}
		},
	},
}

// listsByEndOfSet lets change alter the answer of all for each touched record, while now is between the end of its last set and the end of
// its touch. over says that the end of the set has passed.
func listsByEndOfSet(change func(all []*spec.Session, r tableRow, over bool) ([]*spec.Session, error)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var mu sync.Mutex
		ends := map[string]time.Time{}
		set, all := f.set, f.all
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			mu.Lock()
			defer mu.Unlock()
			ends[id] = rowOf(s).expires
			return set(ctx, id, s)
		}
		f.all = func(ctx context.Context) ([]*spec.Session, error) {
			mu.Lock()
			defer mu.Unlock()
			sessions, err := all(ctx)
			for id, end := range ends {
				now := b.clock.Now()
				over := !end.IsZero() && !end.After(now)
				if r, ok := b.peek(id); ok && err == nil && over != r.expired(now) {
					sessions, err = change(sessions, r, over)
				}
			}
			return sessions, err
		}
	}
}
