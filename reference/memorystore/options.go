package memorystore

import (
	"errors"
	"time"

	"github.com/storecheck/storecheck/spec"
)

var (
	// ErrClosed is the error of every method but Close after the store was closed.
	ErrClosed = errors.New("memorystore: the store is closed")
	// ErrTooHeavy is the error of Set for a session that weighs more than Options.Max. The earlier session of the id stays.
	ErrTooHeavy = errors.New("memorystore: the session weighs more than the store may hold")
)

// Options configure a store. The zero value is ready to use: unbounded, by the cookies' expiry, without a goroutine. Functions must be
// safe for concurrent use. They are called with no lock held, so they may call the store.
type Options struct {
	// Max bounds the weight of all sessions together: their number, unless Weight says otherwise. Zero or less is no bound.
	Max int64
	// Weight returns the weight of a session; nil weighs each as 1. It is called once for each Set, before the session is stored. A weight
	// below zero counts as zero: such a session evicts no others, but is itself evicted in its turn.
	Weight func(id string, session *spec.Session) int64

	// TTL decides in place of the cookie how long a session lives after a Set or a Touch. With ok false, and with a nil TTL, the cookie decides.
	// A life of zero or less is over at once. Fixed makes a TTL of a duration.
	TTL func(id string, session *spec.Session) (life time.Duration, ok bool)
	// DefaultTTL is the life of a session whose cookie has no expiry. Zero is for ever.
	DefaultTTL time.Duration
	// Stale hands an expired session out once more, by Get or All, before it is removed. Such a store breaks the contract's requirements on
	// expiry. It is for applications that check the cookie themselves. A Set removes none that has expired: give a CheckPeriod or a Max too.
	Stale bool

	// CheckPeriod is the time between two prunes in the background, from New until StopInterval or Close. Zero is never.
	CheckPeriod time.Duration

	// Encoder turns the JSON of a session into the bytes that are kept, and Decoder reverses it: npm's serializer, to compress or encrypt.
	// Neither may keep or change its argument. The cookie is also kept as it is. The default keeps the text, which costs least.
	Encoder, Decoder func([]byte) ([]byte, error)

	// Dispose is called for every session that leaves the store, with the reason, but not for sessions that Close drops. The session is nil if
	// the Decoder fails. The goroutine whose call removed the session calls Dispose, after the change. The sessions of one call come in the
	// order in which they left. Calls that run at the same time have no order.
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
