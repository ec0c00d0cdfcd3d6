package subject

import (
	"context"
	"time"
)

// A Machine is what a store lives on that has everything for itself: its clock, its server, if it needs one, and its process. What is done to it
// meets no other store. The suite calls one method at a time, and none while a call of the store is in flight. An error is trouble of the harness,
// except for [errors.ErrUnsupported]: the machine cannot do that.
type Machine interface {
	// Now is the date by the clock that the store and its server live by.
	Now() time.Time
	// Advance moves the clock ahead, as time that passes does: timers fire. It returns when process and server have seen that.
	Advance(d time.Duration) error
	// SetDate puts the date ahead of what all calls of Advance have made it, or behind that. Timers see nothing of it. It returns like Advance.
	SetDate(ahead time.Duration) error
	// Stop stops the process of the store, but not its server, until Continue.
	Stop() error
	// Continue returns when the process has seen what time it is.
	Continue() error
	// Drop, where Subject.MachineDrops says that there is one, ends the connections of the store, as its server does with connections that have been idle for too long. It returns when the process has
	// heard of that.
	Drop(ctx context.Context) error
	// Records counts what the store keeps, the ended included, without asking the store, by what is counted: keys, rows or files.
	Records(ctx context.Context) (map[string]int, error)
}
