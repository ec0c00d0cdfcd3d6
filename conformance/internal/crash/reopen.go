package crash

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// timeToReopen is how much longer than usual a store may take to open after a kill. In a library that many use a lock counts as abandoned
// after ten seconds. The store is tried a little longer than that.
const (
	timeToReopen      = 10 * time.Second
	timeToReopenSlack = 2 * time.Second
)

// opens opens the store after a kill that has interrupted these calls. A store that stays closed is a finding, unless no process was started.
func (c *crasher) opens(calls []string) error {
	err := c.reopen()
	if err != nil && !errors.Is(err, probe.ErrNotStarted) {
		c.find(contract.DurabilityCrashOpens, calls, "wanted    the store to open within %v of the kill\ngot       %v", timeToReopen, err)
	}
	return err
}

// reopen opens the store after a kill. When the store stays closed, it returns the last error of the store, and the end of the time where the
// store gave none.
func (c *crasher) reopen() (last error) {
	ctx, cancel := awake.WithTimeout(c.t, timeToReopen+timeToReopenSlack+2*c.usual)
	defer cancel()
	for {
		i, err := c.t.TryOpenProcess(ctx)
		if err == nil {
			c.process = i
			return c.serves(ctx)
		}
		if c.t.Err() != nil {
			c.t.Broken(err)
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return last
		case <-time.After(100 * time.Millisecond): // a lock becomes old by itself
		}
	}
}

// serves waits until the store serves. An open store may not have reached its server yet.
func (c *crasher) serves(ctx context.Context) error {
	for {
		err := c.tryToServe()
		if err == nil || ctx.Err() != nil {
			return err
		}
		c.t.Pause(20 * time.Millisecond)
	}
}

// tryToServe sets, gets and removes a session that has no other purpose.
func (c *crasher) tryToServe() error {
	id := c.t.ID()
	defer c.process.Remove(id)
	if err := c.process.TrySet(id, c.t.Session(engine.Marker, c.listing.prefix+"serves.")); err != nil {
		return fmt.Errorf("set is answered with the error %w", err)
	}
	if _, err := c.process.TryGet(id); err != nil {
		return fmt.Errorf("get is answered with the error %w", err)
	}
	return nil
}
