package memorystore

import (
	"math"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// never is the expiry of a session that has none.
const never = math.MaxInt64

// A lifetime is what Options.TTL says; decided is false where the cookie decides.
type lifetime struct {
	of      time.Duration
	decided bool
}

// life asks Options.TTL, with no lock held: it is the user's.
func (s *Store) life(id string, session *spec.Session) (l lifetime) {
	if s.options.TTL != nil {
		l.of, l.decided = s.options.TTL(id, session.Clone())
	}
	return l
}

// end returns when a session expires that is set or touched now.
func (s *Store) end(l lifetime, session *spec.Session) int64 {
	if !l.decided {
		if at, expires := session.Cookie.Expires(); expires {
			return at.UnixMilli()
		}
		if l.of = s.options.DefaultTTL; l.of <= 0 {
			return never
		}
	}
	return s.clock().Add(l.of).UnixMilli()
}

// expired reports whether a session is over, at its instant of expiry and after it. The clock is asked only where it matters.
func (s *Store) expired(e *entry) bool {
	return e.expires != never && e.expires <= s.clock().UnixMilli()
}
