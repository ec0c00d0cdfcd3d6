package mutants

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// changesTouched makes touch change the session that it is given.
func changesTouched(change func(s *spec.Session, b *backend, id string)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		touch := f.touch
		f.touch = func(ctx context.Context, id string, s *spec.Session) error {
			err := touch(ctx, id, s.Clone())
			change(s, b, id)
			return err
		}
	}
}

// keepsOfCookie makes touch store the cookie that change makes of the stored one and of the one that touch is given. The session ends with the latter.
func keepsOfCookie(change func(stored, given spec.Cookie) spec.Cookie) func(*faulty, *backend) {
	return touches(func(b *backend, id string, s *spec.Session) error {
		return b.update(id, func(r tableRow) (tableRow, error) {
			stored, err := spec.ParseSession([]byte(r.text))
			if err != nil {
				return r, err
			}
			stored.Cookie = change(stored.Cookie, s.Cookie.Clone())
			r.text = stored.String()
			r.expires, _ = s.Cookie.Expires()
			return r, nil
		})
	})
}

// keepOriginalMaxAge puts the originalMaxAge of a stored cookie into another one, where it has one.
func keepOriginalMaxAge(stored spec.Cookie, into *spec.Cookie) {
	if raw, ok := stored.Raw("originalMaxAge"); ok && string(raw) != "null" {
		_ = into.SetRaw("originalMaxAge", raw)
	}
}

var givenMutants = []Mutant{
	{
		Name:   "touch notes the time in the session that it is given",
		Breaks: []*contract.Requirement{contract.TouchArgumentUnchanged},
		fault:  changesTouched(func(s *spec.Session, _ *backend, _ string) { _ = s.Set("lastAccess", 1) }),
	},
	{
		Name:   "touch puts the stored data into the session that it is given",
		Breaks: []*contract.Requirement{contract.TouchArgumentUnchanged},
		fault: changesTouched(func(s *spec.Session, b *backend, id string) {
			row, ok := b.read(id)
			if stored, err := spec.ParseSession([]byte(row.text)); ok && err == nil {
				for name, raw := range stored.Members() {
					_ = s.SetRaw(name, raw)
				}
			}
		}),
	},
	{
		Name:   "touch gives the cookie that it is given an expiry where it has none",
		Breaks: []*contract.Requirement{contract.TouchArgumentUnchanged},
		fault: changesTouched(func(s *spec.Session, b *backend, _ string) {
			if _, ok := s.Cookie.Expires(); !ok {
				s.Cookie.SetExpires(b.clock.Now().Add(24 * time.Hour))
			}
		}),
	},
	{
		Name:   "touch moves the end of the record, and leaves the cookie as it was set",
		Breaks: []*contract.Requirement{contract.MiddlewareMaxAgeChange, contract.MiddlewareEarlySave},
		From:   "connect-redis, all versions; most SQL stores",
		fault:  keepsOfCookie(func(stored, _ spec.Cookie) spec.Cookie { return stored }),
	},
	{
		Name:   "touch keeps the originalMaxAge of the set",
		Breaks: []*contract.Requirement{contract.MiddlewareMaxAgeChange},
		fault: keepsOfCookie(func(stored, given spec.Cookie) spec.Cookie {
			keepOriginalMaxAge(stored, &given)
			return given
		}),
	},
	{
		Name:   "touch keeps the originalMaxAge in 31 bits",
		Breaks: []*contract.Requirement{contract.MiddlewareMaxAgeChange},
		fault: keepsOfCookie(func(_, given spec.Cookie) spec.Cookie {
			if age, ok := given.OriginalMaxAge(); ok && age.Milliseconds() > math.MaxInt32 {
				_ = given.SetRaw("originalMaxAge", strconv.AppendInt(nil, math.MaxInt32, 10))
			}
			return given
		}),
	},
}
