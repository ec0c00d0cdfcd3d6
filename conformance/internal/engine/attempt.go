package engine

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// attempts is how often a check that could not decide is tried, each time with longer lives.
const attempts = 3

// A try tells the runs of a check's body apart. attempt counts those that could not decide; retry counts how often the check was run again
// for another reason: the store's process had ended, or calls were given up.
type try struct{ attempt, retry int }

// run runs a check and decides whether what it met was its own doing.
func (s *Suite) run(ctx context.Context, c Check) contract.Verdict {
	ctx, cancel := s.watch.bound(ctx)
	defer cancel()
	start := time.Now()
	alone := c.When.alone(s.subject.Clock != nil && s.passing == nil)
	v, met := s.tries(ctx, c, alone, 0)
	// At most one check ended the store's process. To find it, rerun alone every check that had a call in flight.
	for retry, repeated := 1, false; met.death != nil && !repeated; retry++ {
		repeated = alone || met.inCall || retry == 2
		v, met = s.tries(ctx, c, repeated, retry)
	}
	if met.death != nil {
		s.conditionOf(c).deaths.explain()
	}
	v = s.retryAfterPause(ctx, c, start, !alone, v)
	if s.watch.ended() != nil { // what it has met may be the end
		v = s.notReached(c)
	}
	v.Duration = time.Since(start)
	return v
}

// tries attempts a check, with longer lives each time, until it has decided.
func (s *Suite) tries(ctx context.Context, c Check, alone bool, retry int) (v contract.Verdict, met meeting) {
	switch {
	case c.When == apart:
	case alone:
		s.gate.Lock()
		defer s.gate.Unlock()
		if retry > 0 {
			s.condition.flight.wait(ctx, patienceForOthers)
		}
	default:
		s.gate.RLock()
		defer s.gate.RUnlock()
	}
	if c.When != apart {
		defer s.passing.enter(1)()
	}
	if c.When == Ages && retry == 0 {
		s.passing.arrive()
	}
	for n := range attempts {
		if v, met = s.attempt(ctx, c, try{n, retry}); v.Status != contract.Inconclusive || met.overdue {
			break
		}
	}
	return v, met
}

func (s *Suite) attempt(ctx context.Context, c Check, n try) (v contract.Verdict, met meeting) {
	if s.watch.ended() != nil {
		return s.notReached(c), met
	}
	v.ID = c.Requirement.ID
	var store spec.Store // none for a check that opens its own
	var opening int
	switch {
	case c.onSystem:
		var err error
		if store, err = Open(ctx, s.subject.OpenReal); err != nil {
			v.Status, v.Reason = contract.Broken, "a store in real time could not be opened: "+err.Error()
			return v, met
		}
		defer s.closings.close(context.WithoutCancel(ctx), store) //nolint:errcheck // the verdict is out
	case c.When != apart:
		var err error
		if store, opening, err = s.instance(ctx); err != nil {
			v.Status, v.Reason = contract.Broken, "the store could not be opened: "+err.Error()
			return v, met
		}
	}
	ctx, cancel := s.whileAffordable(ctx, c)
	defer cancel()
	t := newC(ctx, s, c, n, store)
	defer func() {
		switch met = t.met; {
		case met.death == nil:
			t.clean()
		case c.OwnProcess || c.onSystem: // the shared instance lives
			s.conditionOf(c).deaths.note(met.death)
			t.clean()
		default:
			s.lose(t, opening)
		}
		v.Calls = t.log.lines()
		v.Observed, v.WholeRun = t.observed, t.wholeRun
		if v.Status == contract.Fail {
			v.Cause = t.cause
		}
	}()
	if c.Reopens && !s.subject.Shared {
		switch err := s.closeShared(); {
		case isCloseFault(err) && !c.JudgesClose:
			v.Status, v.Reason = contract.Skip, "the store does not close, which another check judges: "+err.Error()
			return v, met
		case err != nil && !isCloseFault(err):
			t.meetDeathOf(err)
			v.Status, v.Reason = contract.Broken, "the store could not be closed: "+err.Error()
			return v, met
		}
	}
	v.Status, v.Reason, v.Message = t.judge(func(t *C) {
		if c.When != apart || c.onSystem {
			t.SkipUnlessHas(c.Requirement.Needs...)
		}
		c.Body(t)
	})
	if t.met.overdue = errors.Is(context.Cause(ctx), errOverdue); t.met.overdue {
		s.undecided(c, &v)
	}
	return v, met
}
