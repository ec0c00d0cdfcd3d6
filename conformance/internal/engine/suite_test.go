package engine_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// opened counts how many of its stores are open, and fails the test when one is opened after the end.
type opened struct {
	t    *testing.T
	open atomic.Int64
	over atomic.Bool
}

func (o *opened) Open(context.Context) (spec.Store, error) {
	if o.over.Load() {
		o.t.Error("a store is opened after the end of the run")
	}
	o.open.Add(1)
	return closer{memorystore.New(memorystore.Options{}), func() { o.open.Add(-1) }}, nil
}

type closer struct {
	*memorystore.Store
	closed func()
}

func (c closer) Close() error {
	c.closed()
	return c.Store.Close()
}

// A driver may leave checks out that wait on the timeline: a store that was closed stays closed.
func TestClosedStaysClosed(t *testing.T) {
	for range 50 {
		o := &opened{t: t}
		var checks []engine.Check
		for _, r := range contract.All()[:40] {
			checks = append(checks, engine.Check{Requirement: &contract.Requirement{ID: r.ID}, Body: func(t *engine.C) { t.Get(t.ID()) }})
		}
		s := engine.New(subject.Subject{Name: "opened", Open: o.Open}, engine.Settings{CallTimeout: time.Second}, checks)
		s.Verdict(t.Context(), s.Checks()[0])
		err := s.Close()
		o.over.Store(true)
		if err != nil || o.open.Load() != 0 {
			t.Fatalf("%d stores are open after the end of the run (%v)", o.open.Load(), err)
		}
		if v := s.Verdict(t.Context(), engine.Check{Requirement: contract.All()[40], Body: func(*engine.C) {}}); v.Status != contract.Broken {
			t.Errorf("after the end of the run a check has the verdict %s", v.Status)
		}
	}
}

// An observation that several checks judge is made once, and anew for a check that is tried again: the machine may have spoiled the first.
func TestSharedObservation(t *testing.T) {
	t.Parallel()
	store := &hesitant{Store: memorystore.New(memorystore.Options{}), after: 250 * time.Millisecond}
	var observed engine.Shared[int]
	made := 0
	observe := func(t *engine.C) int {
		return observed.Observe(t, func() int {
			made++
			store.refuses = made == 1
			_ = t.TrySet(t.ID(), t.Session()) // given up the first time
			return made
		})
	}
	body := func(t *engine.C) {
		if n := observe(t); n == 1 {
			t.Fail("wanted    another observation\ngot       the first")
		}
	}
	s := engine.New(subject.Subject{Name: "hesitant", Shared: true, Open: func(context.Context) (spec.Store, error) { return store, nil }},
		engine.Settings{CallTimeout: time.Second}, []engine.Check{
			{Requirement: contract.GetMissing, Body: body, When: engine.Last},
			{Requirement: contract.GetAfterSet, Body: body, When: engine.Last},
		})
	for _, c := range s.Checks() {
		if v := s.Verdict(t.Context(), c); v.Status != contract.Pass {
			t.Errorf("%s %s: %s", v.ID, v.Status, v.Message)
		}
	}
	if made != 2 {
		t.Errorf("%d observations, want one and another for the retries", made)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// What ended the check that made an observation ends those as well that ask for it later.
func TestSharedObservationGivesWay(t *testing.T) {
	var observed engine.Shared[int]
	made := 0
	s := engine.New(subject.Subject{Name: "store", Open: new(opened).Open}, engine.Settings{CallTimeout: time.Second}, nil)
	for range 2 {
		v := s.NewC(t.Context(), contract.GetMissing, nil, 0).Judge(func(t *engine.C) {
			observed.Observe(t, func() int {
				made++
				t.Skip("there is nothing to see")
				return 0
			})
		})
		if v.Status != contract.Skip || made != 1 {
			t.Errorf("%s %s after %d observations", v.Status, v.Reason, made)
		}
	}
}

// A hangs store never answers a destroy, or lists its sessions when nobody waits any more.
type hangs struct {
	*memorystore.Store
	over <-chan struct{}
}

func (h hangs) Destroy(context.Context, string) error {
	<-h.over
	return nil
}

func (h hangs) All(context.Context) ([]*spec.Session, error) {
	<-h.over
	return []*spec.Session{nil}, nil
}

func (h hangs) Length(context.Context) (int, error) {
	<-h.over
	return 1, nil
}

// Cleaning up ends in the time of a call, however many sessions there are to remove.
func TestCleanUpIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 300 * time.Millisecond
		start := time.Now()
		suite := engine.New(subject.Subject{Name: "hangs", Open: new(opened).Open}, engine.Settings{CallTimeout: timeout}, nil)
		store := hangs{memorystore.New(memorystore.Options{}), t.Context().Done()}
		suite.Standalone(t.Context(), contract.GetMissing, store, func(c *engine.C) {
			for range 3000 {
				c.Set(c.ID(), c.Session())
			}
		})
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("cleaning up took %v", took)
		}
	})
}

// A destroy that cleaning up does not wait for in full may call back later, for the first time.
func TestCleanUpLosesCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 10 * time.Second
		suite := engine.New(subject.Subject{Name: "hangs", Open: new(opened).Open}, engine.Settings{CallTimeout: timeout}, nil)
		store := hangs{memorystore.New(memorystore.Options{}), t.Context().Done()}
		var lost func() bool
		suite.Standalone(t.Context(), contract.GetMissing, store, func(c *engine.C) {
			c.Set(c.ID(), c.Session())
			c.AtEnd(func(context.Context) { time.Sleep(timeout / 2) })
			if lost = c.LostCallback; lost() {
				t.Error("a callback is lost before a call was made that has none")
			}
		})
		if !lost() {
			t.Error("nobody knows of the destroy that may still call back")
		}
	})
}

// What a store answers when nobody waits any more is lost, and does not race with those who go on.
func TestLateAnswer(t *testing.T) {
	over := make(chan struct{})
	store := hangs{memorystore.New(memorystore.Options{}), over}
	suite := engine.New(subject.Subject{Name: "hangs", Open: new(opened).Open, Disposable: true}, engine.Settings{CallTimeout: time.Millisecond}, nil)
	var late sync.WaitGroup
	late.Go(func() {
		time.Sleep(1100 * time.Millisecond) // the time of a call, and what a store that honours the context may take beyond
		close(over)
	})
	suite.Standalone(t.Context(), contract.GetMissing, store, func(c *engine.C) {
		c.Parallel(2, func(i int) error {
			if i == 0 {
				if all, err := c.TryAll(); len(all) > 0 && err != nil {
					t.Errorf("%d sessions beside the error %v", len(all), err)
				}
				return nil
			}
			if n, err := c.TryLength(); n > 0 && err != nil {
				t.Errorf("a length of %d beside the error %v", n, err)
			}
			return nil
		})
	})
	late.Wait()
}

// Every need of the contract is one that the engine can look for.
func TestNeeds(t *testing.T) {
	suite := engine.New(subject.Subject{Name: "store", Open: new(opened).Open}, engine.Settings{CallTimeout: time.Second}, nil)
	c := suite.NewC(t.Context(), contract.GetMissing, memorystore.New(memorystore.Options{}), 0)
	for _, r := range contract.All() {
		for _, need := range r.Needs {
			c.Has(need)
		}
	}
	if !c.Has(contract.NeedTouch) || c.Has(contract.NeedDurable) {
		t.Error("the needs are told apart wrongly")
	}
}
