package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/probe"
)

// A Panicked error is a Go store that panicked. It is the store's failure.
type Panicked struct {
	Value any
	Stack []byte
}

func (p *Panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.Value, p.Stack) }

var (
	// ErrTimedOut is a call that did not return in time.
	ErrTimedOut = errors.New("no answer")
	// ErrInterrupted is a call that was not answered because the suite killed the process.
	ErrInterrupted = errors.New("in flight when the process was killed")

	// errExited is a call whose goroutine has ended.
	errExited = errors.New("the call ended its goroutine, as FailNow of a test does: return an error instead")
)

// grace is how long a call may still return after its context has ended. A store that honours the context answers at the same moment:
// what the store says is preferred to saying that it hangs.
const grace = time.Second

// Guard makes a call that may hang or panic, and returns its answer. A call that hangs is left behind, and nobody sees its answer.
func Guard[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	type result struct {
		answer T
		err    error
	}
	start := time.Now()
	done := make(chan result, 1)
	go func() {
		r := result{err: errExited}
		defer func() {
			if value := recover(); value != nil {
				r.err = &Panicked{value, debug.Stack()}
			}
			done <- r
		}()
		r.answer, r.err = call(ctx)
	}()
	var hung <-chan struct{}
	cancelled := ctx.Done()
	for {
		select {
		case r := <-done:
			if errors.Is(ctx.Err(), context.DeadlineExceeded) && errors.Is(r.err, context.Canceled) {
				r.err = fmt.Errorf("%w: %w", context.DeadlineExceeded, r.err) // as told by a context that the store has derived
			}
			return r.answer, r.err
		case <-cancelled:
			over := make(chan struct{})
			defer awake.AfterFunc(grace, func() { close(over) }).Stop()
			hung, cancelled = over, nil
		case <-hung:
			var none T
			return none, fmt.Errorf("%w within %.1f s", ErrTimedOut, time.Since(start).Seconds())
		}
	}
}

// GuardError is Guard for a call that answers with an error alone.
func GuardError(ctx context.Context, call func(context.Context) error) error {
	_, err := Guard(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, call(ctx) })
	return err
}

// answered reports whether a call with that error was answered by the store.
func answered(err error) bool {
	if failure, ok := errors.AsType[*probe.Failure](err); ok {
		return !failure.NoCallback()
	}
	return !errors.Is(err, ErrTimedOut) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, probe.ErrBroken)
}
