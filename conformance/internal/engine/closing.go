package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

const (
	// closeTime is far above what a store takes to close.
	closeTime = 10 * time.Second
	// closeTimeAgain is granted to the stores of a run in which a close has failed already.
	closeTimeAgain = time.Second
)

// closings remember how the stores of a run close.
type closings struct {
	mu    sync.Mutex
	fault error
}

// close closes a store, bounded in time.
func (c *closings) close(ctx context.Context, store spec.Store) error {
	limit := closeTime
	if c.met() != nil {
		limit = closeTimeAgain
	}
	bounded, cancel := awake.WithTimeout(ctx, limit)
	defer cancel()
	err := CloseStore(bounded, store)
	if isCloseFault(err) && ctx.Err() == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.fault == nil {
			c.fault = err
		}
	}
	return err
}

// met returns the first fault.
func (c *closings) met() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault
}

// isCloseFault reports whether an error of a close is the store's doing: there was no answer, a panic, or what a target in another process tells
// of its store. Any other error is the harness's trouble.
func isCloseFault(err error) bool {
	_, failed := errors.AsType[*probe.Failure](err)
	_, panicked := errors.AsType[*Panicked](err)
	return failed || panicked || errors.Is(err, ErrTimedOut)
}

// TryClose closes the instance and returns the store's fault, if the store did not close.
func (i *Instance) TryClose() error {
	err := i.close(i.c)
	if err != nil && !isCloseFault(err) {
		i.c.Broken(fmt.Errorf("an instance could not be closed: %w", err))
	}
	return err
}

// Close closes the instance. A store that does not close can be judged no further by this check.
func (i *Instance) Close() {
	if err := i.TryClose(); err != nil {
		i.c.skipUnclosed(err)
	}
}

// CloseFault returns how a close of the run has failed already by the store's doing, or nil.
func (t *C) CloseFault() error { return t.suite.closings.met() }

func (t *C) skipUnclosed(err error) {
	t.Skip("the store does not close, which another check judges: %v", err)
}
