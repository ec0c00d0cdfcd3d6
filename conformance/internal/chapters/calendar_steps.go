package chapters

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

func calendarStopped(t *engine.C) {
	s := onMachine(t)
	const because = "the process of the store was stopped for a minute"
	plain, touched, far := s.life(10*time.Minute), s.prolong(s.life(10*time.Minute), time.Hour), s.life(30*day)
	for range 2 {
		t.Log("… the process is stopped for a minute …")
		s.must(s.machine.Stop())
		s.must(s.machine.Advance(time.Minute))
		t.Pause(engine.Settle)
		s.must(s.machine.Continue())
		for _, l := range []life{plain, touched, far} {
			s.expectLiving(l, because)
		}
		touched = s.prolong(touched, time.Hour)
		s.expectLiving(s.life(time.Hour), because)
	}
	s.expectProcess()
}

func calendarDateAhead(t *engine.C) {
	s := onMachine(t)
	const because = "the date has jumped ahead by an hour"
	plain, touched, far := s.life(90*time.Minute), s.prolong(s.life(30*time.Minute), 90*time.Minute), s.life(30*day)
	s.dateTo(time.Hour, because)
	t.Pause(engine.Settle)
	s.later(2 * time.Second)
	for _, l := range []life{plain, touched, far} {
		s.expectLiving(l, because)
	}
	again := s.life(10 * time.Minute)
	s.later(5 * time.Minute)
	s.expectLiving(again, because+" before it was set")
	s.expectProcess()
}

func calendarDateSteps(t *engine.C) {
	s := onMachine(t)
	short := s.life(30 * time.Minute)
	s.dateTo(-time.Hour, "the date steps back by an hour")
	lived := "at most 20 minutes"
	for _, minutes := range []int{20, 35, 85, 95} {
		s.later(time.Duration(minutes)*time.Minute - s.machine.Now().Sub(short.expires.Add(-90*time.Minute)))
		if s.store.Find(short.id) == nil {
			break
		}
		lived = fmt.Sprintf("more than %d minutes", minutes)
	}
	s.dateTo(0, "the date is right again")
	kept, touched := s.life(day), s.prolong(s.life(day), 2*day)
	t.Log("… the date is two years ahead, for two seconds …")
	s.must(s.machine.SetDate(2 * 365 * day))
	s.must(s.machine.Advance(2 * time.Second))
	t.Pause(engine.Settle)
	s.must(s.machine.SetDate(0))
	found := 0
	for _, l := range []life{kept, touched} {
		if s.store.Find(l.id) != nil {
			found++
		}
	}
	t.Observe("with an hour back a session of 30 minutes lives for %s; of 2 sessions of a day %d are there after the date was two years ahead for 2 s", lived, found)
}
