package memorystore

import (
	"math"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// never is the expiry of a session without one.
const never = math.MaxInt64

// end returns when a session expires that is set or touched now. The caller holds no lock, because the user's rule may call the store.
func (s *Store) end(id string, session *spec.Session, now time.Time) int64 {
	var life time.Duration
	decided := false
	if s.options.TTL != nil {
		life, decided = s.options.TTL(id, session.Clone())
	}
	if !decided {
		if at, expires := session.Cookie.Expires(); expires {
			return at.UnixMilli()
		}
		if life = s.options.DefaultTTL; life <= 0 {
			return never
		}
	}
	return now.Add(life).UnixMilli()
}

// expired reports whether a session is over, at its instant of expiry and after it.
func (e *entry) expired(now time.Time) bool { return e.expires <= now.UnixMilli() }
