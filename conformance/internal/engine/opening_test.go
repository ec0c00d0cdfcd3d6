package engine

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A blocked store is one whose process answers nothing any more.
type blocked struct {
	spec.Store
	probe.Prober
}

func (blocked) Do(ctx context.Context, _ probe.Call) (probe.Outcome, error) {
	<-ctx.Done()
	return probe.Outcome{}, ctx.Err()
}

// closing is a store whose Close does something.
type closing struct {
	spec.Store
	close func() error
}

func (c closing) Close() error { return c.close() }

// What a store does when it is opened or closed ends no run: it is told as the reason why there is no verdict.
func TestOpenAndCloseGiveWay(t *testing.T) {
	never := func(t *testing.T) func() error {
		return func() error {
			<-t.Context().Done()
			return nil
		}
	}
	exits := func(*testing.T) func() error { return func() error { runtime.Goexit(); return nil } }
	panics := func(*testing.T) func() error { return func() error { panic("oh") } }
	for name, c := range map[string]struct {
		does func(*testing.T) func() error
		want string
	}{
		"hangs":  {never, "no answer within"},
		"exits":  {exits, "ended its goroutine"},
		"panics": {panics, "panic: oh"},
	} {
		t.Run("open "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				do := c.does(t)
				_, err := Open(t.Context(), func(context.Context) (spec.Store, error) { return nil, do() })
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Error(err)
				}
			})
		})
		t.Run("close "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Suite{shared: closing{close: c.does(t)}, watch: newWatch(nil)}
				if err := s.closeShared(); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Error(err)
				}
			})
		})
	}
}

// Who is to open a store until a moment may take its process down first, and say that none was started.
func TestOpenUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := Open(ctx, func(ctx context.Context) (spec.Store, error) {
			<-ctx.Done()
			time.Sleep(10 * time.Second)
			return nil, probe.ErrNotStarted
		})
		if !errors.Is(err, probe.ErrNotStarted) {
			t.Error(err)
		}
	})
}

// What is opened when nobody waits for it any more is closed.
func TestOpenedTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := make(chan struct{})
		_, err := Open(t.Context(), func(context.Context) (spec.Store, error) {
			time.Sleep(opening + time.Minute)
			return closing{close: func() error { close(closed); return nil }}, nil
		})
		if !errors.Is(err, ErrTimedOut) {
			t.Error(err)
		}
		<-closed
	})
}

// A store that derives its context is told of the end of the time as of a cancellation.
func TestGuardOfDerivedContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := awake.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := GuardError(ctx, func(ctx context.Context) error {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) || answered(err) {
			t.Error(err)
		}
	})
}

// A probe that is not answered at all says that the process may be blocked, and the process counts as gone.
func TestProbeOfBlockedProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newSuite(subject.Subject{}, Settings{CallTimeout: 10 * time.Millisecond}).NewC(t.Context(), contract.GetMissing, blocked{}, 0)
		v := c.Judge(func(c *C) { c.Probe(probe.Call{Method: "get", ID: "a"}) })
		if v.Status != contract.Broken || !strings.Contains(v.Reason, "its event loop may be blocked") {
			t.Errorf("%s %q", v.Status, v.Reason)
		}
		if !c.met.inCall {
			t.Error("its process does not count as gone")
		}
	})
}
