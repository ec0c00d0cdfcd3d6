package chapters

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// droppedNights are how often a store is left alone. Each night another call is the first.
const droppedNights = 4

// An idleNight is a store in nights in which its server drops the connections.
type idleNight struct {
	*solitude
	known, set, touched life
	gone                []life // one for each night
}

func newIdleNight(t *engine.C) *idleNight {
	s := onMachine(t)
	n := &idleNight{solitude: s, known: s.life(30 * day), set: s.life(30 * day), touched: s.life(30 * day)}
	for range droppedNights {
		n.gone = append(n.gone, s.life(30*day))
	}
	return n
}

// pass lets a night pass. The timers of the store and of its client have their turn first, and then the server ends the connections that are left.
func (n *idleNight) pass() {
	n.later(10 * time.Hour)
	n.Log("… the server has ended the connections that idled …")
	n.bounded(n.machine.Drop)
}

// dawn makes the first calls after the kth night.
func (n *idleNight) dawn(k int) error {
	calls := []func() error{
		func() error {
			got, err := n.store.TryGet(n.known.id)
			if err == nil && got == nil {
				err = errors.New("get answered that there is no session, although it lives")
			}
			return err
		},
		func() error {
			n.set.session = n.sessionFor(30 * day)
			return n.store.TrySet(n.set.id, n.set.session)
		},
		func() error {
			if !n.Capabilities().Touch {
				return nil
			}
			n.touched.session = n.touched.session.Clone()
			n.touched.session.Cookie.SetMaxAge(n.machine.Now(), 30*day)
			return n.store.TryTouch(n.touched.id, n.touched.session)
		},
		func() error { return n.store.TryDestroy(n.gone[k].id) },
	}
	var errs []error
	for i := range calls {
		errs = append(errs, calls[(k+i)%len(calls)]())
	}
	return errors.Join(errs...)
}

func calendarIdleDropped(t *engine.C) {
	n := newIdleNight(t)
	for k := range droppedNights {
		n.pass()
		if err := n.dawn(k); err != nil {
			t.Fail("wanted    the first get, set, touch and destroy after the night to be served\ngot       %s", strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
}

func calendarIdleLives(t *engine.C) {
	n := newIdleNight(t)
	for k := range droppedNights {
		n.pass()
		t.Pause(engine.Settle)
		n.expectProcess()
		_ = n.dawn(k) // another requirement judges whether they are served
		t.Pause(engine.Settle)
		n.expectProcess()
	}
}

// expectProcess fails the check if the process has ended, or would have but for the suite.
func (s *solitude) expectProcess() {
	const wanted = "wanted    nothing that ends the process\ngot       %s"
	prober, ok := s.store.Store().(probe.Prober)
	if !ok || !prober.Features().Events {
		if _, err := s.store.Store().Get(s, s.ID()); errors.Is(err, probe.ErrDied) {
			s.Fail(wanted, err)
		}
		return
	}
	events, err := prober.Events(s)
	if errors.Is(err, probe.ErrDied) {
		s.Fail(wanted, err)
	}
	s.must(err)
	for _, e := range events {
		if e.Kind == "uncaughtException" || e.Kind == "unhandledRejection" {
			s.Fail(wanted, fmt.Sprintf("%s: %s", e.Kind, phrase.Fault(e.Fault)))
		}
	}
}

var calendarMachineChecks = []engine.Check{
	{Requirement: contract.CalendarIdleLives, Body: calendarIdleLives, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarIdleDropped, Body: calendarIdleDropped, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarSweepRemoves, Body: calendarSweepRemoves, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarStopped, Body: calendarStopped, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarDateAhead, Body: calendarDateAhead, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarDateSteps, Body: calendarDateSteps, When: engine.Ages, OnMachine: true},
}
