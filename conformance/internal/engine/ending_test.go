package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A run that ends early keeps the verdicts that it has, calls the others inconclusive, and removes what its checks have stored.
func TestEndKeepsVerdicts(t *testing.T) {
	store := memorystore.New(memorystore.Options{})
	type open struct{ spec.Store } // which the end of the run does not close
	began := make(chan struct{})
	waits := func(c *engine.C) {
		c.Set(c.ID(), c.Session())
		close(began)
		<-c.Done()
		c.Fail("what a check sees of the end is no verdict")
	}
	done := make(chan struct{})
	sets := func(c *engine.C) { c.Set(c.ID(), c.Session()); c.AtEnd(func(context.Context) { close(done) }) }
	s := engine.New(subject.Subject{
		Name: "memory", Open: func(context.Context) (spec.Store, error) { return open{store}, nil },
	}, engine.Settings{CallTimeout: time.Second}, []engine.Check{
		{Requirement: contract.GetMissing, Body: sets, When: engine.Beside},
		{Requirement: contract.GetAfterSet, Body: waits, When: engine.Beside},
		{Requirement: contract.SetReplaces, Body: sets, When: engine.Late},
	})
	go func() {
		<-began
		<-done
		time.Sleep(50 * time.Millisecond) // the verdict follows the end of the check
		s.End(errors.New("the budget is used up"))
	}()
	want := map[string]contract.Status{
		contract.GetMissing.ID: contract.Pass, contract.GetAfterSet.ID: contract.Inconclusive, contract.SetReplaces.ID: contract.Inconclusive,
	}
	// The one that waits is asked for first.
	for _, i := range []int{1, 0, 2} {
		c := s.Checks()[i]
		if v := s.Verdict(t.Context(), c); v.Status != want[c.Requirement.ID] ||
			v.Status == contract.Inconclusive && v.Reason != "not checked: the budget is used up" {
			t.Errorf("%s: %s (%s%s), want %s", c.Requirement.ID, v.Status, v.Reason, v.Message, want[c.Requirement.ID])
		}
	}
	if s.Down() != nil {
		t.Errorf("the backend is said to be down: %v", s.Down())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n, err := store.Length(t.Context()); n != 0 || err != nil {
		t.Errorf("%d sessions are left (%v)", n, err)
	}
}
