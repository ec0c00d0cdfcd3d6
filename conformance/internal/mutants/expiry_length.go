package mutants

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

var lifeLengthMutants = []Mutant{
	{
		Name: "the first life of a session counts for all that are set later",
		Breaks: []*contract.Requirement{
			contract.ExpiryFromExpires, contract.ExpiryLatestWins, contract.EnumerationClearLaterSets, contract.ConcurrencySweepAndRefresh,
		},
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
}
