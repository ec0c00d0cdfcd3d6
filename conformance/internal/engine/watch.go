package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/contract"
)

// The backend of a store is asked every pulse whether it answers. A backend that gives no answer to several questions in a row is down: a
// single one may be lost on a busy machine.
const (
	pulse     = time.Second
	questions = 3
	between   = 250 * time.Millisecond
	answering = 5 * time.Second // how long an answer may take
)

// A watch looks whether the backend of the store answers, and ends the run when the backend is down. Nothing can be judged then.
type watch struct {
	alive func(context.Context) error // Subject.Alive, or nil

	run     context.Context // ends when the backend is down, or by Suite.End
	end     context.CancelCauseFunc
	pulses  context.Context // ends with run, or by stop
	stop    context.CancelFunc
	started sync.Once
	asking  chan struct{} // holds a token while somebody asks
}

func newWatch(alive func(context.Context) error) *watch {
	w := &watch{alive: alive, asking: make(chan struct{}, 1)}
	w.run, w.end = context.WithCancelCause(context.Background())
	w.pulses, w.stop = context.WithCancel(w.run)
	return w
}

// ended returns why the run has ended early, nil when it has not.
func (w *watch) ended() error {
	if w.run.Err() == nil {
		return nil
	}
	return context.Cause(w.run)
}

// down is ended where the backend is the reason: the store can be asked nothing any more, not even to remove its sessions.
func (w *watch) down() error {
	err := w.ended()
	if _, cut := errors.AsType[*cutShort](err); cut {
		return nil
	}
	return err
}

// bound returns a context that ends with the run as well.
func (w *watch) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	unbind := context.AfterFunc(w.run, func() { cancel(context.Cause(w.run)) })
	return ctx, func() { unbind(); cancel(nil) }
}

// start asks once, and from then on every pulse until stop is called or the run ends.
func (w *watch) start(ctx context.Context) {
	if w.alive == nil {
		return
	}
	w.started.Do(func() {
		w.ask(ctx)
		go func() {
			for {
				select {
				case <-w.pulses.Done():
					return
				case <-time.After(pulse):
					w.ask(w.pulses)
				}
			}
		}()
	})
}

// ask asks the backend whether it answers, and ends the run when it does not. A ctx that ends leaves the question open.
func (w *watch) ask(ctx context.Context) {
	if w.alive == nil {
		return
	}
	select {
	case w.asking <- struct{}{}:
		defer func() { <-w.asking }()
	case <-ctx.Done():
		return
	case <-w.run.Done():
		return
	}
	var err error
	for n := range questions {
		if n > 0 {
			time.Sleep(between)
		}
		if err = w.askOnce(ctx); err == nil || ctx.Err() != nil {
			return
		}
	}
	w.end(fmt.Errorf("the backend of the store is down: %w", err))
}

func (w *watch) askOnce(ctx context.Context) error {
	ctx, cancel := awake.WithTimeout(ctx, answering)
	defer cancel()
	return GuardError(ctx, w.alive)
}

// Down returns why the run has ended early: the backend of the store is down. It is nil as long as the run goes on.
func (s *Suite) Down() error { return s.watch.down() }

// confirmed returns a verdict that the state of the backend has nothing to do with. A check that did not pass may have met a backend that
// had gone a moment before.
func (s *Suite) confirmed(ctx context.Context, c Check, v contract.Verdict) contract.Verdict {
	if s.watch.ended() != nil && s.watch.down() == nil {
		return v
	}
	if v.Status != contract.Pass && (v.Status != contract.Skip || len(v.Calls) > 0) {
		s.watch.ask(ctx)
		s.doubt(ctx, c.Requirement, v)
	}
	if s.watch.down() != nil {
		return s.notReached(c)
	}
	return v
}
