package conformance

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Subject is a store under test and what is true of it. Name and Open are required; the zero value of everything else claims the
// least, and the checks that would need more are skipped with a reason.
type Subject struct {
	// Name names the store in reports.
	Name string

	// Open opens an instance. It is called again for a second instance and after a restart. What it returns is closed when it has a
	// Close method. For a store in another process it may also implement probe.Prober.
	//
	// Open, OpenForeign and OpenSecret may be called from several goroutines at once, none of them that of a test. They return at the latest
	// when ctx ends; what they have opened lives until it is closed. They and Close are waited for two minutes. An error
	// is no failure of the store, but no verdict for the check that needs the instance; only with a damaged record or a wrong secret it
	// is the store's answer.
	Open func(ctx context.Context) (spec.Store, error)

	// Durable says that sessions survive when all instances are closed, or their process is killed, and one is opened again.
	Durable bool
	// Shared says that instances which are open together work on the same sessions.
	Shared bool
	// Disposable says that all sessions may be cleared and counted: the store holds nothing that anybody needs.
	Disposable bool

	// OpenProcess opens the store in a process of its own, which the suite kills in the middle of calls, opens again and closes in the end.
	// One is open at a time. All of them work on the same sessions, which need not be those of Open, and live by the system's clock.
	// bridge.OpenChild does it for a store in Go.
	OpenProcess func(ctx context.Context) (Process, error)

	// Granularity is how far from its cookie's expires a session may end, earlier or later: in between nothing is asked of it. Zero means
	// that the store does not say, and is taken for one second, the coarsest that is common. Where it is said, the expires that get shows
	// may be as far from the one that was set too.
	Granularity time.Duration
	// Clock is the clock that the instances live by when the suite may move it. Without one the suite waits for real time.
	Clock Clock

	// AddedKeys are top-level keys that the store adds to sessions by design; they are not taken for a change of the data.
	AddedKeys []string

	// OpenForeign opens a separate store on the same backend: another directory, prefix or table.
	OpenForeign func(ctx context.Context) (spec.Store, error)
	// OpenSecret opens an instance, on the same backend, that encrypts with a secret.
	OpenSecret func(ctx context.Context, secret string) (spec.Store, error)

	// Dir is a directory below which the store keeps its files in a folder of their own, when it keeps files. The suite looks at
	// everything below Dir and puts files of its own there.
	Dir string
	// Corrupt damages the stored record of an id. Without it, and with a Dir, the suite damages the file that a set has written.
	Corrupt func(ctx context.Context, id string) error
	// Break makes the backend of an instance fail from now on. The suite calls it on an instance that it opened for this.
	Break func(ctx context.Context, instance spec.Store) error
	// Faulty opens a store that reaches its backend by a way of its own, which can be disturbed. It is called several times, and the stores
	// are used at the same time. None of them works on the sessions of another or of those that Open opens. Where a store may take its
	// process down it is in one of its own. What it returns is closed like what Open returns, and the link ends with it. The link of a
	// shared store should be a [Bypass].
	Faulty func(ctx context.Context) (spec.Store, Link, error)
}

// A Link is the way between a store and its backend, which can be disturbed. Each of Latency, Cut, Refuse and Blackhole ends what another one has begun.
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

// A Process is a store in a process that can be killed.
type Process interface {
	spec.Store
	// Kill ends the process as a crash does, with all that it has started, and returns when nothing of it is left. The calls in flight
	// return with an error.
	Kill() error
	// Close closes the store and ends the process. After Kill it does nothing.
	Close() error
}

// A Clock is time that the suite can move. It must be safe for concurrent use.
type Clock interface {
	Now() time.Time
	// Advance moves the clock forward by d.
	Advance(d time.Duration)
}

func (s *Subject) granularity() time.Duration {
	if s.Granularity > 0 {
		return s.Granularity
	}
	return time.Second
}

// shownWithin is how far the expires that get shows may be from the one that was set. A store that declares to keep time more coarsely than
// dates do may show what is left of the life in its backend; of one that says nothing it is taken for a mistake.
func (s *Subject) shownWithin() time.Duration {
	if s.Granularity > time.Millisecond {
		return s.Granularity
	}
	return 0
}
