package chapters

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

const (
	sweptSessions = 40
	// leftSessions may be left: a store may remove in parts, or by chance.
	leftSessions = sweptSessions / 10
)

// sweptSteps are how time passes for those that have ended. An interval fires once with each step, however far that goes, so that each of the store's
// sweeps, of a minute to a week, gets some turns.
var sweptSteps = []time.Duration{
	2 * time.Minute, 16 * time.Minute, 61 * time.Minute, 61 * time.Minute, 7 * time.Hour, day, day, day, day, 8 * day, 8 * day, 8 * day, 31 * day, 31 * day,
}

// A generation is what has become of sessions that ended together and were never asked for again.
type generation struct {
	by     string // what was counted
	set    int    // how many records the sessions have made
	left   int
	within time.Duration
}

func calendarSweepRemoves(t *engine.C) {
	s := onMachine(t)
	var seen []generation
	for range 2 {
		g := s.generation()
		if g.by == "" {
			t.Skip("nothing shows the records of sessions")
		}
		seen = append(seen, g)
	}
	for k, g := range seen {
		removed := g.set - g.left
		if k > 0 {
			removed = max(removed, seen[k-1].set-seen[k-1].left)
		}
		if removed >= sweptSessions/4 && g.left > leftSessions {
			t.Fail("wanted    %d of %d records to be removed when their sessions have ended, as others were\ngot       %d left %s after the end, counted by %s",
				sweptSessions-leftSessions, g.set, g.left, shortTime(g.within), g.by)
		}
	}
	switch last := seen[len(seen)-1]; {
	case last.left > leftSessions:
		t.Observe("they stay for %s at least, counted by %s", shortTime(last.within), last.by)
	case last.within == 0:
		t.Observe("they are removed at their end, counted by %s", last.by)
	default:
		t.Observe("they are removed within %s of their end, counted by %s", shortTime(last.within), last.by)
	}
}

// generation sets sessions, lets them end, and lets the store sweep.
func (s *solitude) generation() (g generation) {
	base := s.records()
	living := s.life(400 * day)
	for range sweptSessions {
		s.life(40 * time.Minute)
	}
	full := s.records()
	for _, by := range []string{"keys", "rows", "files", "length"} {
		if n := full[by] - base[by]; n > sweptSessions {
			g.by, g.set = by, n-n/(sweptSessions+1) // without those of the living one
			break
		}
	}
	if g.by == "" {
		return g
	}
	s.later(40*time.Minute + s.Granularity() + edge)
	for k := 0; ; k++ {
		g.left = max(0, s.settled(g.by)-full[g.by]+g.set)
		if g.left <= leftSessions || k == len(sweptSteps) {
			break
		}
		s.later(sweptSteps[k])
		g.within += sweptSteps[k]
	}
	s.store.Destroy(living.id)
	return g
}

// settled counts the records when the store has done what it does after a step.
func (s *solitude) settled(by string) int {
	const pause, most = 40 * time.Millisecond, 25
	n := s.records()[by]
	for range most {
		s.Pause(pause)
		now := s.records()[by]
		if now == n {
			break
		}
		n = now
	}
	return n
}

// records counts what the store holds.
func (s *solitude) records() (n map[string]int) {
	s.bounded(func(ctx context.Context) (err error) {
		n, err = s.machine.Records(ctx)
		return err
	})
	// Last, because a store may remove what has ended when it is asked for its length.
	if s.Capabilities().Length {
		if length, err := s.store.TryLength(); err == nil {
			n["length"] = length
		}
	}
	return n
}

// sweepIntervals are those of stores that sweep, by their own defaults.
var sweepIntervals = []time.Duration{time.Minute, 10 * time.Minute, 15 * time.Minute, time.Hour, day}

// calendarSweepEndless lets the interval of a sweep end while sessions without an end are young: a store may give such a session an hour.
func calendarSweepEndless(t *engine.C) {
	s := onMachine(t)
	for _, interval := range sweepIntervals {
		s.later(2 * day) // each interval has ended now, and begins anew
		if early := interval - 15*time.Minute; early > 0 {
			s.later(early)
		}
		plain := s.endless(s.ID())
		again := s.life(10 * time.Minute)
		again = s.endless(again.id)
		s.later(min(interval, 15*time.Minute) + time.Minute) // the interval ends
		s.later(14 * time.Minute)
		for _, l := range []life{plain, again} {
			s.expectLiving(l, "it was set less than an hour ago, and a sweep each "+shortTime(interval)+" was due")
		}
	}
}
