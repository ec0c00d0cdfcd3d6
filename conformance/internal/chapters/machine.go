package chapters

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// A solitude is a store on a machine of its own.
type solitude struct {
	*engine.C
	store   *engine.Instance
	machine subject.Machine
	before  int // events that the process has told when the store was opened
}

func onMachine(t *engine.C) *solitude {
	t.SkipUnlessHas(t.Requirement().Needs...)
	i, machine := t.OpenOnMachine()
	s := &solitude{C: t, store: i, machine: machine}
	events, err := s.events()
	s.must(err)
	s.before = len(events)
	return s
}

// events returns what the process has told. Of one that tells nothing the next call shows whether it lives.
func (s *solitude) events() ([]probe.Event, error) {
	if prober, ok := s.store.Store().(probe.Prober); ok && prober.Features().Events {
		return prober.Events(s)
	}
	return nil, nil
}

// expectProcess fails the check if the process has ended, or would have but for the suite.
func (s *solitude) expectProcess() {
	if fatal := s.fatality(); fatal != "" {
		s.Fail("wanted    nothing that ends the process\ngot       %s", fatal)
	}
}

// must ends the check if the machine does not do what it was told.
func (s *solitude) must(err error) {
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		s.Skip("%v", err)
	case err != nil:
		s.Broken(err)
	}
}

// later lets time pass.
func (s *solitude) later(d time.Duration) {
	s.Log("… %s later …", shortTime(d))
	s.must(s.machine.Advance(d))
	s.Pause(time.Duration(s.Attempt()) * engine.Settle)
}

// seenTwice ends the first attempt. A store may have been at work when time passed, in a way that its process does not tell, such as in the middle of a
// sweep that compares what it has read with a later time. In the next attempt it has time after each step.
func seenTwice(t *engine.C) {
	if t.Attempt() == 0 {
		t.Inconclusive("what may come of a store that was at work while time passed counts if it is seen again")
	}
}

// dateTo sets the date.
func (s *solitude) dateTo(ahead time.Duration, text string) {
	s.Log("… %s …", text)
	s.must(s.machine.SetDate(ahead))
}

// bounded has the machine do something that takes its time.
func (s *solitude) bounded(do func(context.Context) error) { s.must(engine.Bounded(s, do)) }

// sessionFor returns a session that lives for d from now on.
func (s *solitude) sessionFor(d time.Duration) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(s.machine.Now(), d)
	return s.SessionWith(cookie, "user", s.Tag())
}

// life sets a session that lives for d.
func (s *solitude) life(d time.Duration) life { return newLifeAs(s.store, s.ID(), s.sessionFor(d)) }

// endless sets a session without an end, if the store takes one.
func (s *solitude) endless(id string) life {
	l := life{id: id, session: s.SessionWith(spec.NewCookie(), "user", s.Tag())}
	if err := s.store.TrySet(id, l.session); err != nil {
		s.Skip("a session without an end is not set: %v", err)
	}
	return l
}

// prolong touches a session so that it lives for d from now on, if the store can do that. Otherwise it sets it anew.
func (s *solitude) prolong(l life, d time.Duration) life {
	l.session = l.session.Clone()
	l.session.Cookie.SetMaxAge(s.machine.Now(), d)
	if !s.Capabilities().Touch {
		return newLifeAs(s.store, l.id, l.session)
	}
	s.store.Touch(l.id, l.session)
	l.expires, _ = l.session.Cookie.Expires()
	return l
}

// expectLiving looks for a session that must be there. Others judge what is in it.
func (s *solitude) expectLiving(l life, because string) {
	s.ShowCallsAbout(l.id)
	if s.store.Get(l.id) == nil {
		seenTwice(s.C)
		end := "which has no end"
		if !l.expires.IsZero() {
			end = shortTime(l.expires.Sub(s.machine.Now())) + " before its end"
		}
		s.Fail("wanted    the session that was set\ngot       no session, %s\nbecause   %s", end, because)
	}
	s.ShowCallsAbout("")
}
