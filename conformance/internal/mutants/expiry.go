package mutants

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

const day = 24 * time.Hour

// listsByEndOfSet changes what all lists for each record that a touch has given another end, where now is between the two. over tells that
// the end of its last set is behind.
func listsByEndOfSet(change func(all []*spec.Session, r row, over bool) ([]*spec.Session, error)) func(*faulty, *backend) {
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

var expiryMutants = []Mutant{
	{
		Name: "a get does not look at the expiry",
		Breaks: []*contract.Requirement{
			contract.ExpiryGoneAfter, contract.ExpirySubSecond, contract.ExpiryPastIsMissing, contract.ExpiryMaxAgeZeroAccepted, contract.ExpiryMaxAgeZero,
			contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryMilliseconds, contract.ExpiryLatestWins,
			contract.ExpiryGetDoesNotExtend, contract.TouchExpiredStaysDead, contract.TouchShortens, contract.FidelityNestedCookie,
			contract.InstancesReopenExpiry,
			contract.ExpiryLong,
		},
		From: "session-file-store up to 0.0.16 (issues 16 and 17), connect-pg-simple up to 2.0 (commit 923ddb3), express-mysql-session up to 2.0.1 (issue 89), prisma-session-store up to 3.1.12 (issue 115), connect-session-sequelize up to 8.0.6, connect-mssql (issue 13), connect-session-knex in 2014 (issue 19), connect-loki up to 1.2.0, connect-lowdb 2.1.0, lowdb-session-store 1.1.1, express-nedb-session 0.1.1, @itrocks/fastify-file-session-store, @fastify/session's Store (issue 251), tower-sessions (PR 82)",
		fault: func(f *faulty, b *backend) {
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if err := f.enter(ctx); err != nil {
					return nil, err
				}
				r, ok := b.peek(id)
				if !ok {
					return nil, nil
				}
				return spec.ParseSession([]byte(r.text))
			}
		},
	},
	{
		Name:   "expiries are compared as whole seconds",
		Breaks: []*contract.Requirement{contract.ExpiryNotEarly, contract.ExpiryLong},
		// A visit a part of a millisecond before a whole second is none that it minds.
		MayBreak: []*contract.Requirement{contract.MiddlewareActiveUser},
		From:     "better-sqlite3-session-store 0.1.0, connect-typeorm, connect-session-knex in 2014 on MySQL (PR 1)",
		fault:    endsAt(func(l lived) time.Time { return l.expires.Truncate(time.Second) }),
	},
	{
		Name:   "a life of less than a second is for ever",
		Breaks: []*contract.Requirement{contract.ExpirySubSecond},
		From:   "connect-memcached up to 3.0.0",
		fault: endsAt(func(l lived) time.Time {
			if l.left > 0 && l.left < time.Second {
				return time.Time{}
			}
			return l.expires
		}),
	},
	{
		Name:   "a life of less than a second is refused",
		Breaks: []*contract.Requirement{contract.ExpirySubSecond},
		From:   "connect-redis up to 3.4.2",
		fault: refuses(func(l lived) error {
			if l.left > 0 && l.left < time.Second {
				return errors.New("invalid expire time in SETEX")
			}
			return nil
		}),
	},
	{
		Name:   "a past expiry is taken for none, and lives for a day",
		Breaks: []*contract.Requirement{contract.ExpiryPastIsMissing},
		fault: endsAt(func(l lived) time.Time {
			if l.left < 0 {
				return l.now.Add(day)
			}
			return l.expires
		}),
	},
	{
		Name:   "a past expiry is refused, and the old session lives on",
		Breaks: []*contract.Requirement{contract.ExpiryPastRemovesOld, contract.ExpiryPastIsMissing},
		From:   "connect-redis up to 5.1.0 (PR 322)",
		fault: refuses(func(l lived) error {
			if l.left < 0 {
				return errors.New("invalid expire time in SETEX")
			}
			return nil
		}),
	},
	{
		Name:   "a session with a past expiry is not worth writing",
		Breaks: []*contract.Requirement{contract.ExpiryPastRemovesOld},
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if rowOf(s).expired(b.clock.Now()) {
					return f.enter(ctx)
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "a maxAge of 0 is for ever",
		Breaks: []*contract.Requirement{contract.ExpiryMaxAgeZeroAccepted, contract.ExpiryMaxAgeZero},
		From:   "memorystore, all versions",
		fault: endsAt(func(l lived) time.Time {
			if l.left == 0 {
				return time.Time{}
			}
			return l.expires
		}),
	},
	{
		Name:   "a maxAge of 0 is none, and lives for a day",
		Breaks: []*contract.Requirement{contract.ExpiryMaxAgeZero},
		From:   "connect-sqlite3, connect-session-knex up to 3, connect-memcached and more",
		fault: endsAt(func(l lived) time.Time {
			if l.left == 0 {
				return l.now.Add(day)
			}
			return l.expires
		}),
	},
	{
		Name:   "an expires of false is the year 1970",
		Breaks: []*contract.Requirement{contract.ExpiryBrowserSession},
		fault: endsAt(func(l lived) time.Time {
			if raw, _ := l.session.Cookie.Raw("expires"); string(raw) == "false" {
				return time.Unix(0, 0)
			}
			return l.expires
		}),
	},
	{
		Name:   "the first life of a session counts for all that are set later",
		Breaks: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryLatestWins, contract.EnumerationClearLaterSets},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			firsts := map[string]time.Duration{}
			endsAt(func(l lived) time.Time {
				mu.Lock()
				defer mu.Unlock()
				if first, ok := firsts[l.id]; ok && l.left > 0 {
					return l.now.Add(first)
				}
				firsts[l.id] = l.left
				return l.expires
			})(f, b)
		},
	},
	{
		Name:   "originalMaxAge counts, not expires",
		Breaks: []*contract.Requirement{contract.ExpiryOverOriginalMaxAge},
		From:   "session-file-store, all versions",
		fault: endsAt(func(l lived) time.Time {
			if d, ok := l.session.Cookie.OriginalMaxAge(); ok && d < 200*365*day {
				return l.now.Add(d)
			}
			return l.expires
		}),
	},
	{
		Name: "milliseconds are taken for seconds",
		Breaks: []*contract.Requirement{
			contract.ExpiryMilliseconds, contract.ExpiryGoneAfter, contract.ExpirySubSecond, contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge,
			contract.ExpiryAllExcludes, contract.ExpiryLatestWins, contract.ExpiryGetDoesNotExtend, contract.TouchExpiredStaysDead,
			contract.FidelityNestedCookie, contract.InstancesReopenExpiry,
		},
		From: "better-sqlite3-session-store up to 0.0.3 (hoangvvo/next-session issue 369)",
		fault: endsAt(func(l lived) time.Time {
			if l.left < 0 || l.left > day {
				return l.expires
			}
			return l.now.Add(1000 * l.left)
		}),
	},
	{
		Name:   "the life of minutes is divided by a thousand too often",
		Breaks: []*contract.Requirement{contract.ExpiryMilliseconds, contract.ExpiryLong},
		From:   "connect-dynamodb of 2013 (issue 4)",
		fault: endsAt(func(l lived) time.Time {
			if l.left < time.Minute || l.expires.IsZero() {
				return l.expires
			}
			return l.now.Add(l.left / 1000)
		}),
	},
	{
		Name:   "a life of more than 30 days is a date counted from 1970",
		Breaks: []*contract.Requirement{contract.ExpiryLong},
		From:   "connect-memcached up to 3.0.0",
		fault: endsAt(func(l lived) time.Time {
			if l.left > 30*day && !l.expires.IsZero() {
				return time.Unix(0, 0).Add(l.left)
			}
			return l.expires
		}),
	},
	{
		Name:   "a timer of more than 2^31 ms fires at once",
		Breaks: []*contract.Requirement{contract.ExpiryLong, contract.ExpiryVeryLong},
		fault: endsAt(func(l lived) time.Time {
			if l.left > math.MaxInt32*time.Millisecond && !l.expires.IsZero() {
				return l.now.Add(time.Millisecond)
			}
			return l.expires
		}),
	},
	{
		Name:   "an expiry after 2106 is acknowledged and lost",
		Breaks: []*contract.Requirement{contract.ExpiryVeryLong},
		From:   "better-sqlite3-session-store up to 0.0.3",
		fault: endsAt(func(l lived) time.Time {
			if l.expires.Unix() > math.MaxUint32 {
				return time.Unix(int64(uint32(l.expires.Unix()))%1e9, 0)
			}
			return l.expires
		}),
	},
	{
		Name:   "a very long life makes set panic",
		Breaks: []*contract.Requirement{contract.ExpiryVeryLong},
		From:   "better-sqlite3-session-store up to 0.0.3 throws",
		fault: refuses(func(l lived) error {
			if l.expires.Year() > 9999 {
				panic("invalid time value")
			}
			return nil
		}),
	},
	{
		Name:   "a life with a fraction of a millisecond is refused",
		Breaks: []*contract.Requirement{contract.ExpiryFractional},
		fault: refuses(func(l lived) error {
			if raw, _ := l.session.Cookie.Raw("originalMaxAge"); strings.Contains(string(raw), ".") {
				return fmt.Errorf("invalid input syntax for type integer: %q", raw)
			}
			return nil
		}),
	},
	{
		Name:   "all lists the expired",
		Breaks: []*contract.Requirement{contract.ExpiryAllExcludes},
		From:   "connect-sqlite3, better-sqlite3-session-store, express-mysql-session up to 2.0.1",
		fault: func(f *faulty, b *backend) {
			f.all = func(ctx context.Context) ([]*spec.Session, error) {
				if err := f.enter(ctx); err != nil {
					return nil, err
				}
				b.mu.Lock()
				defer b.mu.Unlock()
				var all []*spec.Session
				for _, r := range b.rows {
					s, err := spec.ParseSession([]byte(r.text))
					if err != nil {
						return nil, err
					}
					all = append(all, s)
				}
				return all, nil
			}
		},
	},
	{
		Name:   "all lists a session until the expiry of its set, whatever a touch has made of it",
		Breaks: []*contract.Requirement{contract.ExpiryAllExcludes},
		fault: listsByEndOfSet(func(all []*spec.Session, r row, over bool) ([]*spec.Session, error) {
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
		fault: listsByEndOfSet(func(all []*spec.Session, r row, over bool) ([]*spec.Session, error) {
			return slices.DeleteFunc(all, func(s *spec.Session) bool { return over && s.String() == r.text }), nil
		}),
	},
	{
		Name:   "a sweep that meets several expired sessions goes on with the next hour's",
		Breaks: []*contract.Requirement{contract.ExpirySweepSparesLive},
		// On a busy machine a set of another check, which runs beside, can be the sweep.
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
						err = b.update(id, func(r row) (row, error) {
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
	{
		Name:   "a life is kept as 32 bits of seconds",
		Breaks: []*contract.Requirement{contract.ExpiryVeryLong},
		From:   "connect-redis up to 2.3.0",
		fault: endsAt(func(l lived) time.Time {
			if l.expires.IsZero() {
				return l.expires
			}
			if seconds := l.expires.Unix() - l.now.Unix(); seconds > math.MaxInt32 {
				return l.now.Add(time.Duration(int32(seconds)) * time.Second)
			}
			return l.expires
		}),
	},
	{
		Name: "a session without an expiry is refused",
		Breaks: []*contract.Requirement{
			contract.ExpiryBrowserSession, contract.GetUsableCookie, contract.SetReplaces, contract.SetArgumentUnchanged, contract.SetCookieOnly,
			contract.TouchBrowserSession, contract.FidelityCookie, contract.ExpiryLatestWins, contract.MiddlewareBrowserSession,
		},
		From: "session-rethinkdb (issue 1)",
		fault: refuses(func(l lived) error {
			if l.expires.IsZero() {
				return errors.New("expires: expected type NUMBER but found NULL")
			}
			return nil
		}),
	},
	{
		Name: "get fails for a session without an expiry",
		Breaks: []*contract.Requirement{
			contract.ExpiryBrowserSession, contract.GetUsableCookie, contract.SetReplaces, contract.SetCookieOnly, contract.TouchBrowserSession,
			contract.FidelityCookie, contract.ExpiryLatestWins, contract.MiddlewareBrowserSession,
		},
		From: "pallets-eco/flask-session (issue 151)",
		fault: func(f *faulty, b *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if r, ok := b.read(id); ok && r.expires.IsZero() {
					return nil, errors.New("'<=' not supported between instances of 'NoneType' and 'datetime'")
				}
				return get(ctx, id)
			}
		},
	},
}

// A lived is a session that is being set, and its life as it should be.
type lived struct {
	id      string
	session *spec.Session
	now     time.Time
	expires time.Time     // zero: never
	left    time.Duration // until then, as far as a Duration goes; the longest when never
	old     row
	live    bool // the id has a live row already, which is old
}

func (b *backend) lived(id string, s *spec.Session) lived {
	l := lived{id: id, session: s, now: b.clock.Now(), expires: rowOf(s).expires, left: math.MaxInt64}
	l.old, l.live = b.read(id)
	if !l.expires.IsZero() {
		l.left = l.expires.Sub(l.now)
	}
	return l
}

// endsAt is the fault of a set that computes the wrong end.
func endsAt(end func(lived) time.Time) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if err := f.enter(ctx); err != nil {
				return err
			}
			r := rowOf(s)
			r.expires = end(b.lived(id, s))
			b.write(id, r)
			return nil
		}
	}
}

// refuses is the fault of a set that accepts too little.
func refuses(why func(lived) error) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if err := why(b.lived(id, s)); err != nil {
				return err
			}
			return set(ctx, id, s)
		}
	}
}
