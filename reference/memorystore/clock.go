package memorystore

import (
	"sync"
	"sync/atomic"
	"time"
)

// A CoarseClock tells the time of its last tick. Reading it is a load from memory, in place of a call of the system's clock, which is most of the
// time of a Get. Sessions live up to a tick longer, and even longer while the process stalls.
//
//	clock := memorystore.NewCoarseClock(time.Millisecond)
//	defer clock.Stop()
//	store := memorystore.New(memorystore.Options{Now: clock.Now})
type CoarseClock struct {
	now  atomic.Pointer[time.Time]
	done chan struct{}
	stop func()
}

// NewCoarseClock starts a clock that ticks every tick, in a goroutine that Stop ends. A tick must be more than zero.
func NewCoarseClock(tick time.Duration) *CoarseClock {
	c := &CoarseClock{done: make(chan struct{})}
	c.stop = sync.OnceFunc(func() { close(c.done) })
	ticker := time.NewTicker(tick)
	c.set(time.Now())
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-c.done:
				return
			case <-ticker.C:
				c.set(time.Now())
			}
		}
	}()
	return c
}

func (c *CoarseClock) set(t time.Time) { c.now.Store(&t) }

// Now returns the time of the last tick, and after Stop the exact time. It is safe for concurrent use.
func (c *CoarseClock) Now() time.Time {
	select {
	case <-c.done:
		return time.Now()
	default:
		return *c.now.Load()
	}
}

// Stop ends the ticking. It may be called again.
func (c *CoarseClock) Stop() { c.stop() }
