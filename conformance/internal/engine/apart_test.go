package engine_test

import (
	"errors"
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

// apartFrom runs a check of processes apart, and beside it one that has the shared store for itself. It returns the verdicts on both.
func apartFrom(t *testing.T, own, exclusive func(*engine.C)) (ownVerdict, exclusiveVerdict contract.Verdict, closeErr error) {
	t.Helper()
	s := engine.New(subject.Subject{Name: "two processes", Open: (&opened{t: t}).Open, ProcessApart: true}, engine.Settings{CallTimeout: 15 * time.Second}, []engine.Check{
		{Requirement: contract.DurabilityCrashOpens, When: engine.Late, Reopens: true, OwnProcess: true, Body: own},
		{Requirement: contract.GetMissing, When: engine.Exclusive, Body: exclusive},
	})
	exclusiveVerdict = s.Verdict(t.Context(), s.Checks()[0])
	ownVerdict = s.Verdict(t.Context(), s.Checks()[1])
	return ownVerdict, exclusiveVerdict, s.Close()
}

// What the processes apart bring about says nothing of the shared store: no failure there is tried again for their late errors, and no call
// there has less time because theirs hung.
func TestApartHasItsOwnCondition(t *testing.T) {
	noted, over := make(chan struct{}), make(chan struct{})
	runs := 0
	own, exclusive, err := apartFrom(t,
		func(c *engine.C) {
			c.Note("set", errors.New("locked"), 300*time.Millisecond)
			c.Note("get", engine.ErrTimedOut, time.Second)
			close(noted)
			<-over
		},
		func(c *engine.C) {
			defer close(over)
			<-noted
			runs++
			if c.CallTimeout("get") != 15*time.Second || c.LostCallback() {
				t.Errorf("a call has %v, a callback is lost: %t", c.CallTimeout("get"), c.LostCallback())
			}
			c.Fail("wanted    no race\ngot       one, seen once")
		})
	if err != nil || own.Status != contract.Pass || exclusive.Status != contract.Fail || runs != 1 {
		t.Errorf("%s, and %s after %d runs (%v)", own.Status, exclusive.Status, runs, err)
	}
}

// The end of a process apart that does not come again is told at the end of the run.
func TestApartDeathIsTold(t *testing.T) {
	runs := 0
	own, _, err := apartFrom(t, func(c *engine.C) {
		if runs++; runs == 1 {
			c.Broken(errDied)
		}
	}, func(*engine.C) {})
	if own.Status != contract.Pass || runs != 2 || err == nil || !strings.Contains(err.Error(), "ended during the run, and not again") {
		t.Errorf("%s after %d runs: %v", own.Status, runs, err)
	}
}

// Several checks that judge what one process has shown make it once, and once more for the retries, also where the process ends each time.
func TestSharedObservationOfDyingProcess(t *testing.T) {
	for _, isApart := range []bool{true, false} {
		var observed engine.Shared[int]
		made := 0
		body := func(c *engine.C) {
			observed.Observe(c, func() int {
				made++
				c.Broken(errDied)
				return 0
			})
		}
		var checks []engine.Check
		for _, r := range []*contract.Requirement{contract.DurabilityCrashOpens, contract.DurabilityCrashWhole, contract.DurabilityCrashLists} {
			checks = append(checks, engine.Check{Requirement: &contract.Requirement{ID: r.ID}, When: engine.Late, OwnProcess: true, Body: body})
		}
		o := &opened{t: t}
		s := engine.New(subject.Subject{Name: "dies", Shared: true, Open: o.Open, ProcessApart: isApart}, engine.Settings{CallTimeout: time.Second}, checks)
		for _, c := range s.Checks() {
			if v := s.Verdict(t.Context(), c); v.Status != contract.Broken || !strings.Contains(v.Reason, "exited") {
				t.Errorf("apart %t: %s %s %s", isApart, v.ID, v.Status, v.Reason)
			}
		}
		if err := s.Close(); err != nil || made != 2 || o.open.Load() != 0 {
			t.Errorf("apart %t: %d observations, want 2; %d stores are left open (%v)", isApart, made, o.open.Load(), err)
		}
	}
}
