// Package subject is what a user of the suite fills in: a store and what is true of it.
package subject

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Subject is a store under test and what is true of it. Name and Open are required. The zero value of every other field claims the
// least: checks that need more are skipped with a reason.
type Subject struct {
	// Name names the store in reports.
	Name string

	// Open opens an instance. The suite calls it again for a second instance and after a restart. An instance with a Close method is
	// closed in the end. A store in another process may also implement probe.Prober.
	//
	// The suite calls Open, OpenForeign and OpenSecret from several goroutines at once, none of them a test's. They return at the latest
	// when ctx ends; what they have opened lives until it is closed. The suite waits two minutes for them and for Close. An error is no
	// failure of the store: the check that needs the instance has no verdict. Only with a damaged record or a wrong secret an error is
	// the store's answer.
	Open func(ctx context.Context) (spec.Store, error)

	// Durable says that sessions survive when all instances are closed, or their process is killed, and one is opened again.
	Durable bool
	// Shared says that instances which are open together work on the same sessions.
	Shared bool
	// Disposable says that all sessions may be cleared and counted: the store holds nothing that anybody needs.
	Disposable bool

	// OpenProcess opens the store in a process of its own, which the suite kills in the middle of calls, opens again and closes in the
	// end. One is open at a time. All of them work on the same sessions, which need not be those of Open, and live by the system's clock.
	// bridge.OpenChild does it for a store in Go.
	OpenProcess func(ctx context.Context) (Process, error)
	// ProcessApart says that the stores of OpenProcess, OpenInZone, Faulty and Refusing have a place of their own, which neither those of Open nor
	// Dir have to do with. Then the suite kills and disturbs them beside everything else, which takes less time.
	ProcessApart bool

	// OpenInZone opens an instance in a process of its own that lives in a time zone, such as Pacific/Kiritimati. All these instances work on
	// the same sessions, in a place that those of Open have nothing to do with, and live by the system's clock. Unless the store is Shared, one
	// is open at a time. bridge.OpenChildIn does it for a store in Go.
	OpenInZone func(ctx context.Context, zone string) (spec.Store, error)

	// Granularity is how far from its cookie's expires a session may end, earlier or later: the suite asks nothing in between. Zero means
	// that the store does not say; one second is assumed then, the coarsest that is common. A store that says it may also show an
	// expires that is as far from the one that was set.
	Granularity time.Duration
	// Clock is the clock that the instances live by, when the suite may move it. Without one the suite waits for real time. By a RunningClock
	// live all instances, and the stores of OpenProcess, OpenInZone, Faulty and Refusing too unless ProcessApart is true.
	Clock Clock
	// OpenReal opens a store that lives by the system's clock, in a place of its own, where Clock is a RunningClock: a few checks of time
	// use it, so that the clock cannot hide a fault.
	OpenReal func(ctx context.Context) (spec.Store, error)

	// ClockEnds is when the Clock cannot show a later time, as where a server has none; zero for never.
	ClockEnds time.Time
	// OpenMovedInZone is OpenInZone for stores that live by the Clock, where that is a RunningClock.
	OpenMovedInZone func(ctx context.Context, zone string) (spec.Store, error)

	// OnMachine opens a store that has a place of its own, and everything else for itself, on a clock that the suite moves by the machine alone. One is
	// open at a time. The suite closes the store; the machine ends with it.
	OnMachine func(ctx context.Context) (spec.Store, Machine, error)
	// MachineDrops says that these machines can drop connections.
	MachineDrops bool

	// Alive asks the backend of the instances that Open opens whether it answers; an error says how it does not, and what to do. The suite
	// asks every second, and when a check has not passed. When several questions in a row get no answer the run ends, because nothing
	// can be judged any more. What the suite does by Break and Faulty must not show here. Without Alive, a store of which no call works
	// is the one at fault, unless its errors say that no connection can be made.
	Alive func(ctx context.Context) error

	// AddedKeys are top-level keys that the store adds to sessions by design. They do not count as a change of the data.
	AddedKeys []string

	// OpenForeign opens a separate store on the same backend: another directory, prefix or table. The name of that should be the name of
	// Open's with [ForeignSuffix] behind it, such as app2 beside app. An error that is [errors.ErrUnsupported] says that this store cannot
	// have another beside it: then the check is skipped, and the error is the reason.
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
	// Races returns what a race detector has reported so far in the processes of the store that do not belong to the suite, one report each. It
	// is nil where none watches.
	Races func() ([]string, error)
	// Faulty opens a store that reaches its backend over a link of its own, which can be disturbed. The suite calls it several times and
	// uses the stores at the same time. None of them works on the sessions of another or of those that Open opens. A store that may take
	// its process down is opened in a process of its own. The suite closes the store; the link ends with it. The link of a shared store
	// should be a [Bypass].
	Faulty func(ctx context.Context) (spec.Store, Link, error)
	// Refusing opens a store with a place of its own, whose backend can be made to refuse to write. The store lives by the system's clock. A
	// store that may take its process down is opened in a process of its own. The suite closes the store.
	Refusing func(ctx context.Context) (spec.Store, Refuser, error)
}

// ForeignSuffix makes the name of the store that OpenForeign opens out of the name of the store under test. The suite uses ids that begin
// with it: a store that writes an id right behind its name then has one key for two sessions.
const ForeignSuffix = "2"

// AssumedGranularity returns the Granularity, or the one that is assumed of a store that does not say it.
func (s *Subject) AssumedGranularity() time.Duration {
	if s.Granularity > 0 {
		return s.Granularity
	}
	return time.Second
}

// ShownWithin is how far the expires that get shows may be from the one that was set. A store that keeps time more coarsely than dates
// do, and says so, may show what is left of the life in its backend. For a store that says nothing a difference is a mistake.
func (s *Subject) ShownWithin() time.Duration {
	if s.Granularity > time.Millisecond {
		return s.Granularity
	}
	return 0
}
