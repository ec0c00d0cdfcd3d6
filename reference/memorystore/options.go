package memorystore

import (
	"errors"
	"time"

	"github.com/storecheck/storecheck/spec"
)

var (
	// ErrClosed is what every method that returns an error, except Close, returns once the store is closed.
	ErrClosed = errors.New("memorystore: the store is closed")
	// ErrTooHeavy is what Set returns for a session that weighs more than Options.Max. What the id held before is still there.
	ErrTooHeavy = errors.New("memorystore: the session weighs more than the store may hold")
)

// Options configure a store. The zero value is ready to use: unbounded, by the cookies' expiry, without a goroutine. Functions must be
// safe for concurrent use. They are called with no lock held, so they may call the store.
type Options struct {
	// Max is the greatest weight of all sessions together: their number, unless Weight says otherwise. Zero and less is no bound.
	Max int64
	// Weight returns what a session weighs against Max; nil weighs each as 1. It is called once for each Set, before the session is stored.
	// Less than zero counts as zero: such a session is never a reason to evict others, but is itself evicted in its turn.
	Weight func(id string, session *spec.Session) int64

	// TTL decides how long a session lives after a Set or a Touch, in place of its cookie; ok false leaves it to the cookie. A life of zero
	// or less is over at once. Fixed makes one of a duration. nil leaves all to the cookies.
	TTL func(id string, session *spec.Session) (life time.Duration, ok bool)
	// DefaultTTL is the life of a session whose cookie has no expiry; zero is for ever.
	DefaultTTL time.Duration
	// Stale hands an expired session out once more, to Get or All, before it goes. A store with it does not meet the contract's clauses on
	// expiry; it is for who asks the cookie himself.
	Stale bool

	// CheckPeriod is how often expired sessions are removed in the background, from New until StopInterval or Close; zero is never.
	CheckPeriod time.Duration

	// Encoder makes what is kept of a session from its JSON, and Decoder reverses it: npm's serializer, to compress or encrypt. Neither may keep
	// or change its argument. The cookie is kept as it is too. The default is to keep the text, which costs least.
	Encoder, Decoder func([]byte) ([]byte, error)

	// Dispose is told of every session that leaves the store, with the reason, but not of those that Close drops. The session is nil where
	// the Decoder fails. It is called by the goroutine whose call made the session leave, after the change. Of one call's sessions it is told
	// in the order in which they left; calls that run at the same time tell in no order.
	Dispose func(id string, session *spec.Session, why Reason)
	// NoDisposeOnSet leaves out the reason Replaced.
	NoDisposeOnSet bool

	// Now tells the time by which sessions expire; nil is time.Now. A CoarseClock makes it cheaper.
	Now func() time.Time
}

// Fixed is a TTL that gives every session the same life, whatever its cookie says.
func Fixed(life time.Duration) func(string, *spec.Session) (time.Duration, bool) {
	return func(string, *spec.Session) (time.Duration, bool) { return life, true }
}
