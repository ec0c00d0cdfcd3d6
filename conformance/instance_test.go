package conformance

import (
	"context"
	"errors"
	"io"
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
