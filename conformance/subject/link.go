package subject

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Link is the way between a store and its backend, which can be disturbed. Each of Latency, Cut, Refuse and Blackhole ends what another
// one has begun.
type Link interface {
	// Latency makes every answer of the backend come later by d.
	Latency(d time.Duration)
	// Cut ends each open connection in the middle of the next answer on it. New connections are sound.
	Cut()
	// Refuse ends all connections and refuses new ones, as where the backend does not run.
	Refuse()
	// Blackhole lets nothing through any more, in either direction, and tells nobody.
	Blackhole()
	// Restore ends all harm. What a Blackhole holds back gets through. An error is trouble of the harness.
	Restore() error
}

// A Bypass is a link with a way around it.
type Bypass interface {
	Link
	// Open opens another instance, on the same sessions, that nothing disturbs. It is closed like what Subject.Open returns, and may be
	// used as long as the link.
	Open(ctx context.Context) (spec.Store, error)
}
