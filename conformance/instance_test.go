package conformance

import (
	"cmp"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

// An Open that fails may return a nil pointer beside its error, as the method of a concrete type does.
func TestOpenFailsWithNilPointer(t *testing.T) {
	type store struct {
		spec.Store
		io.Closer
	}
	verdicts, err := Record(t.Context(), Subject{
		Name: "closed",
		Open: func(context.Context) (spec.Store, error) { return (*store)(nil), errors.New("no backend") },
	}, Options{Select: func(r *contract.Requirement) bool { return r == contract.GetMissing }})
	if err != nil {
		t.Error(err)
	}
	if len(verdicts) != 1 || verdicts[0].Status != contract.Broken || !strings.Contains(verdicts[0].Reason, "no backend") {
		t.Errorf("%+v", verdicts)
	}
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
		"hangs":  {never, "no answer within 121.0 s"},
		"exits":  {exits, "ended its goroutine"},
		"panics": {panics, "panic: oh"},
	} {
		t.Run("open "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				do := c.does(t)
				s := &suite{}
				_, err := s.open(t.Context(), func(context.Context) (spec.Store, error) { return nil, do() })
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Error(err)
				}
			})
		})
		t.Run("close "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &suite{main: closing{close: c.does(t)}}
				if err := s.closeInstance(); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Error(err)
				}
			})
		})
	}
}

// A store may refuse a wrong secret when it is opened, and with an error.
func TestWrongSecretAtOpen(t *testing.T) {
	for want, refuse := range map[contract.Status]func() error{
		contract.Pass: func() error { return errors.New("wrong secret") },
		contract.Fail: func() error { panic("wrong secret") },
	} {
		store := &quick{sessions: map[string]*spec.Session{}}
		right := ""
		verdicts, err := Record(t.Context(), Subject{
			Name: "sealed", Shared: true, Open: func(context.Context) (spec.Store, error) { return store, nil },
			OpenSecret: func(_ context.Context, secret string) (spec.Store, error) {
				if right = cmp.Or(right, secret); secret != right {
					return nil, refuse()
				}
				return store, nil
			},
		}, Options{Select: func(r *contract.Requirement) bool { return r == contract.InstancesWrongSecret }})
		if err != nil || len(verdicts) != 1 || verdicts[0].Status != want {
			t.Errorf("%+v %v, want %s", verdicts, err, want)
		}
	}
}

// Who is to open a store until a moment may take its process down first, and say that none was started.
func TestOpenUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := new(suite).open(ctx, func(ctx context.Context) (spec.Store, error) {
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
		_, err := new(suite).open(t.Context(), func(context.Context) (spec.Store, error) {
			time.Sleep(opening + time.Minute)
			return closing{close: func() error { close(closed); return nil }}, nil
		})
		if !errors.Is(err, errNoAnswer) {
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
		err := guard(ctx, func(ctx context.Context) error {
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
		s := &suite{}
		s.patience.full = 10 * time.Millisecond
		c := newC(t.Context(), s, check{requirement: contract.GetMissing}, 0, 0, blocked{})
		status, reason, _ := c.judge(func(c *C) { c.Probe(probe.Call{Method: "get", ID: "a"}) })
		if status != contract.Broken || !strings.Contains(reason, "its event loop may be blocked") {
			t.Errorf("%s %q", status, reason)
		}
		if !c.met.inCall {
			t.Error("its process does not count as gone")
		}
	})
}

// The calls that are probed are told in the words of the others.
func TestSeen(t *testing.T) {
	fault := &probe.Fault{Name: "Error", Message: "no"}
	for _, c := range []struct {
		method string
		out    probe.Outcome
		want   string
	}{
		{"set", probe.Outcome{Callbacks: 1, Kind: "undefined"}, "ok"},
		{"set", probe.Outcome{Callbacks: 1, Kind: "string", Value: []byte(`"OK"`)}, "ok"},
		{"set", probe.Outcome{Callbacks: 2, Kind: "undefined"}, "ok; called back 2 times"},
		{"destroy", probe.Outcome{TimedOut: true}, "never called back"},
		{"touch", probe.Outcome{Callbacks: 1, Error: fault}, "error: " + fault.String()},
		{"clear", probe.Outcome{Thrown: fault, Callbacks: 1}, "threw " + fault.String()},
		{"get", probe.Outcome{Callbacks: 1, Kind: "undefined"}, "missing"},
		{"get", probe.Outcome{Callbacks: 2, Kind: "null", Value: []byte("null")}, "missing; called back 2 times"},
		{"get", probe.Outcome{Callbacks: 1, Kind: "object", Value: []byte(`{"a":1}`)}, `{"a":1}`},
		{"get", probe.Outcome{Callbacks: 1, Kind: "object without JSON text"}, "object without JSON text"},
		{"get", probe.Outcome{Promise: true, TimedOut: true}, "never called back"},
		{"get", probe.Outcome{}, ""}, // was given no callback
		{"all", probe.Outcome{Callbacks: 1, Kind: "undefined"}, "undefined"},
	} {
		if got := seen(c.method, c.out); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.method, c.out, got, c.want)
		}
	}
}
