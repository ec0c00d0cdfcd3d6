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
