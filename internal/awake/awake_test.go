package awake_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
)

func TestAfterFunc(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, d := range []time.Duration{-1, 0, 1, time.Millisecond, 350 * time.Millisecond, time.Second, 15 * time.Second} {
			start, done := time.Now(), make(chan struct{})
			awake.AfterFunc(d, func() { close(done) })
			<-done
			if took := time.Since(start); took != max(d, 0) {
				t.Errorf("%v took %v", d, took)
			}
		}
	})
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timer := awake.AfterFunc(time.Second, func() { t.Error("it was called") })
		time.Sleep(950 * time.Millisecond)
		timer.Stop()
		timer.Stop()
		time.Sleep(time.Minute)
	})
}

func TestWithTimeout(t *testing.T) {
	mine := errors.New("mine")
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			name       string
			make       func(context.Context) (context.Context, context.CancelFunc)
			end        func(parent, own context.CancelFunc)
			err, cause error
		}{
			{
				"in time", func(p context.Context) (context.Context, context.CancelFunc) {
					return awake.WithTimeout(p, time.Second)
				},
				func(_, own context.CancelFunc) { own() }, context.Canceled, context.Canceled,
			},
			{
				"too late", func(p context.Context) (context.Context, context.CancelFunc) {
					return awake.WithTimeout(p, time.Second)
				},
				func(_, _ context.CancelFunc) { time.Sleep(time.Second) }, context.DeadlineExceeded, context.DeadlineExceeded,
			},
			{
				"too late for a cause", func(p context.Context) (context.Context, context.CancelFunc) {
					return awake.WithTimeoutCause(p, time.Second, mine)
				},
				func(_, _ context.CancelFunc) { time.Sleep(time.Second) }, context.DeadlineExceeded, mine,
			},
			{
				"ended with its parent", func(p context.Context) (context.Context, context.CancelFunc) {
					return awake.WithTimeout(p, time.Second)
				},
				func(parent, _ context.CancelFunc) { parent() }, context.Canceled, context.Canceled,
			},
		} {
			parent, end := context.WithCancel(t.Context())
			ctx, cancel := c.make(parent)
			if err := ctx.Err(); err != nil {
				t.Errorf("%s: %v at the start", c.name, err)
			}
			if end, ok := ctx.Deadline(); !ok || time.Until(end) != time.Second {
				t.Errorf("%s: the deadline is %v away", c.name, time.Until(end))
			}
			derived, forget := context.WithCancel(ctx)
			child, leave := awake.WithTimeout(ctx, time.Hour)
			c.end(end, cancel)
			<-derived.Done()
			if !errors.Is(ctx.Err(), c.err) || !errors.Is(context.Cause(ctx), c.cause) || !errors.Is(context.Cause(derived), c.cause) {
				t.Errorf("%s: %v, caused by %v, and by %v in a derived one", c.name, ctx.Err(), context.Cause(ctx), context.Cause(derived))
			}
			if !errors.Is(child.Err(), c.err) {
				t.Errorf("%s: %v in a child", c.name, child.Err())
			}
			leave()
			forget()
			cancel()
			end()
		}
	})
}
