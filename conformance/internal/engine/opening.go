package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
)

// opening is far above what a store takes to open or to close: one that hangs there must not hang the run.
const opening = 2 * time.Minute

// An Opener opens a store, as Subject.Open does.
type Opener = func(context.Context) (spec.Store, error)

// instance returns the instance that checks share, opening it first, and which opening it is of. Stores need not be comparable.
func (s *Suite) instance(ctx context.Context) (store spec.Store, opening int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shared == nil && s.openErr == nil {
		s.openings++
		s.shared, s.openErr = Open(context.WithoutCancel(ctx), s.subject.Open)
	}
	return s.shared, s.openings, s.openErr
}

// closeShared closes the shared instance; the next check opens another. The caller holds the gate for writing.
func (s *Suite) closeShared() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	store := s.shared
	s.shared = nil
	ctx := context.Background()
	if s.Down() != nil {
		// A store without its backend need not close well.
		bounded, cancel := awake.WithTimeout(ctx, answering)
		defer cancel()
		_ = CloseStore(bounded, store)
		return nil
	}
	return s.closings.close(ctx, store)
}

// Open opens a store, bounded in time. A store that opens when nobody waits any more is closed.
func Open(ctx context.Context, open Opener) (spec.Store, error) {
	// An opener whose ctx ends has time to say so, and may have a process to take down first.
	bounded, cancel := awake.WithTimeout(context.WithoutCancel(ctx), opening)
	defer cancel()
	store, err := Guard(bounded, func(context.Context) (spec.Store, error) {
		store, err := open(ctx) // not bounded: the store may hold on to its context
		if err == nil && bounded.Err() != nil {
			return nil, errors.Join(ErrTimedOut, CloseStore(context.Background(), store))
		}
		return store, err
	})
	switch {
	case errors.Is(err, ErrTimedOut):
		return nil, fmt.Errorf("Open gives %w", err)
	case err != nil:
		return nil, err // a nil pointer may stand beside it, which is no nil store
	case store == nil:
		return nil, errors.New("Open returned no store")
	}
	return store, nil
}

// Bounded does something for the harness, such as a function of the subject, that must not hang the run.
func Bounded(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := awake.WithTimeout(ctx, opening)
	defer cancel()
	return GuardError(ctx, do)
}

// CloseStore closes a store that has a Close method, bounded in time.
func CloseStore(ctx context.Context, store spec.Store) error {
	c, ok := store.(io.Closer)
	if !ok {
		return nil
	}
	err := Bounded(ctx, func(context.Context) error { return c.Close() })
	if errors.Is(err, ErrTimedOut) {
		err = fmt.Errorf("Close gives %w", err)
	}
	return err
}
