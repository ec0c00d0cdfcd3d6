package conformance

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/spec"
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
	}, Options{Select: func(r *spec.Requirement) bool { return r == spec.GetMissing }})
	if err != nil {
		t.Error(err)
	}
	if len(verdicts) != 1 || verdicts[0].Status != spec.Broken || !strings.Contains(verdicts[0].Reason, "no backend") {
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

// A probe that is not answered at all says that the process may be blocked, and the process counts as gone.
func TestProbeOfBlockedProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &suite{}
		s.patience.full = 10 * time.Millisecond
		c := newC(t.Context(), s, check{requirement: spec.GetMissing}, 0, 0, blocked{})
		status, reason, _ := c.judge(func(c *C) { c.Probe(probe.Call{Method: "get", ID: "a"}) })
		if status != spec.Broken || !strings.Contains(reason, "its event loop may be blocked") {
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
