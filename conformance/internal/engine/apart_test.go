package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var errDied = fmt.Errorf("exited: %w", probe.ErrDied)

// A check of processes with a place of their own runs beside a check that has the shared store for itself. The end of its process explains
// nothing about the shared one.
func TestApart(t *testing.T) {
	o := &opened{t: t}
	met, deaths := make(chan struct{}), 0
	s := engine.New(subject.Subject{Name: "two processes", Open: o.Open, ProcessApart: true}, engine.Settings{CallTimeout: time.Second}, []engine.Check{
		{Requirement: contract.DurabilityCrashOpens, When: engine.Late, Reopens: true, OwnProcess: true, Body: func(t *engine.C) {
			if t.Store() != nil {
				t.Fail("wanted    no shared instance\ngot       one")
			}
			select {
			case <-met:
			case <-time.After(10 * time.Second):
				t.Fail("wanted    the exclusive check to run meanwhile\ngot       10 s without it")
			}
			t.Broken(errDied)
		}},
		{Requirement: contract.GetMissing, When: engine.Exclusive, Body: func(t *engine.C) {
			if deaths++; deaths == 1 {
				close(met)
				t.Broken(errDied)
			}
		}},
	})
	want := map[string]contract.Status{contract.DurabilityCrashOpens.ID: contract.Broken, contract.GetMissing.ID: contract.Pass}
	for _, c := range s.Checks() {
		if v := s.Verdict(t.Context(), c); v.Status != want[v.ID] {
			t.Errorf("%s %s: %s%s", v.ID, v.Status, v.Reason, v.Message)
		}
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "ended during the run, and not again") {
		t.Errorf("the end of the shared process is not told: %v", err)
	}
}
