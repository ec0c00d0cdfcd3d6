package subject

import (
	"sync"
	"time"
)

// A Clock is time that the suite can move. It must be safe for concurrent use.
type Clock interface {
	Now() time.Time
	// Advance moves the clock forward by d.
	Advance(d time.Duration)
}

// A RunningClock is a Clock that also goes by itself, as fast as that of the system: the clock of real processes, which the suite may only push
// ahead. Advance returns when all of them have seen the new time. The suite calls it while no call on a store that lives by the clock is in flight.
type RunningClock interface {
	Clock
	// Running tells it from a clock that stands still.
	Running()
}

// A ManualClock is a Clock that stands still until it is advanced, for a store whose clock can be given. Its method Now is what the
// store is given. It is safe for concurrent use.
type ManualClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewManualClock returns a clock that shows the present time.
func NewManualClock() *ManualClock { return &ManualClock{now: time.Now().Truncate(time.Millisecond)} }

// Now returns the time that the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward by d.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
