package mutants

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var shortLifeMutants = []Mutant{
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
		// A visit just before a whole second does not meet the fault.
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
