package chapters

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
)

var calendarChecks = []engine.Check{
	{Requirement: contract.CalendarLivesHold, Body: calendarLivesHold, When: engine.Ages},
	{Requirement: contract.CalendarLivesEnd, Body: calendarLivesEnd, When: engine.Ages},
	{Requirement: contract.CalendarProlongedDaily, Body: calendarProlongedDaily, When: engine.Ages},
	{Requirement: contract.CalendarSweepSpares, Body: calendarSweepSpares, When: engine.Ages},
	{Requirement: contract.CalendarIdleNight, Body: calendarIdleNight, When: engine.Ages},
	{Requirement: contract.CalendarClockChanges, Body: calendarClockChanges, When: engine.Ages},
	{Requirement: contract.CalendarOddDates, Body: calendarOddDates, When: engine.Ages},
	{Requirement: contract.CalendarFarEnds, Body: calendarFarEnds, When: engine.Ages},
	{Requirement: contract.CalendarAfter2038, Body: calendarAfter2038, When: engine.Ages},
	{Requirement: contract.CalendarIdleLives, Body: calendarIdleLives, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarIdleDropped, Body: calendarIdleDropped, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarSweepRemoves, Body: calendarSweepRemoves, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarSweepEndless, Body: calendarSweepEndless, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarStopped, Body: calendarStopped, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarDateAhead, Body: calendarDateAhead, When: engine.Ages, OnMachine: true},
	{Requirement: contract.CalendarDateSteps, Body: calendarDateSteps, When: engine.Ages, OnMachine: true},
}

const (
	day = 24 * time.Hour
	// edge is how far from an end, beyond the granularity, the checks look: a busy machine makes them late by seconds.
	edge = 20 * time.Second
)

// calendarLives are the lives that applications give their sessions.
var calendarLives = []time.Duration{time.Hour, day, 14 * day, 30 * day, 31 * day, 90 * day, 400 * day}

// beforeEnd waits until shortly before the end of a session, when it must be there. Where it is missing the check fails and says how long it was to live.
func beforeEnd(t *engine.C, i *engine.Instance, l life, lives string) {
	t.Until(l.expires.Add(-t.Granularity() - edge))
	expectLiving(t, i, l, lives)
}

// expectLiving looks for a session that must be there.
func expectLiving(t *engine.C, i *engine.Instance, l life, lives string) {
	t.ShowCallsAbout(l.id)
	left := l.expires.Sub(t.Now())
	if got := i.Get(l.id); got != nil {
		expectData(t, got, l.session)
		t.ShowCallsAbout("")
		return
	}
	if l.expires.Sub(t.Now()) <= t.Granularity() {
		t.Inconclusive("the store was looked at too late, %s before the end of the session", l.expires.Sub(t.Now()))
	}
	t.Fail("wanted    the session that was set, %s\ngot       no session, %s before its end", lives, shortTime(left))
}

// afterEnd waits until shortly after the end of a session, when it must be missing.
func afterEnd(t *engine.C, i *engine.Instance, l life, lives string) {
	t.Until(goneBy(t, l).Add(edge))
	if !t.JudgesEnds() {
		return
	}
	t.ShowCallsAbout(l.id)
	if got := i.Find(l.id); got != nil {
		t.Fail("%s\nbecause   it was set %s, and its end was %s ago", compare.BeMissing().FailureMessage(got), lives, shortTime(t.Now().Sub(l.expires)))
	}
	t.ShowCallsAbout("")
}

// shortTime writes a time of days as a person would.
func shortTime(d time.Duration) string {
	if d >= 2*day {
		return fmt.Sprintf("%d days", d/day)
	}
	return d.Round(time.Second).String()
}

func forLife(d time.Duration) string { return "for " + shortTime(d) }

func calendarLivesHold(t *engine.C) {
	lives := make([]life, len(calendarLives))
	for n, d := range calendarLives {
		lives[n] = newLife(t, d, "user", t.Tag())
	}
	for n, d := range calendarLives {
		beforeEnd(t, t.Instance, lives[n], forLife(d))
	}
}

func calendarLivesEnd(t *engine.C) {
	lives := make([]life, len(calendarLives))
	for n, d := range calendarLives {
		lives[n] = newLife(t, d, "user", t.Tag())
	}
	for n, d := range calendarLives {
		afterEnd(t, t.Instance, lives[n], forLife(d))
	}
}

// A dailyVisit is a session that is prolonged each day.
type dailyVisit struct {
	life
	age   time.Duration
	touch bool
}

func (d dailyVisit) lives() string {
	by := "by a set"
	if d.touch {
		by = "by a touch"
	}
	return fmt.Sprintf("for %s, and prolonged each day %s", shortTime(d.age), by)
}

// prolongs prolongs the session from now on, as the end of a request does.
func (d *dailyVisit) prolongs(t *engine.C) {
	if d.touch {
		d.life = prolong(t, d.life, d.age)
		return
	}
	s := d.session.Clone()
	s.Cookie.SetMaxAge(t.Now(), d.age)
	d.life = newLifeAs(t.Instance, d.id, s)
}

func calendarProlongedDaily(t *engine.C) {
	const days = 40
	var visits []*dailyVisit
	for _, age := range []time.Duration{2 * day, 14 * day, 30 * day} {
		visits = append(visits, &dailyVisit{life: newLife(t, age, "user", t.Tag()), age: age})
		if t.Capabilities().Touch {
			visits = append(visits, &dailyVisit{life: newLife(t, age, "user", t.Tag()), age: age, touch: true})
		}
	}
	for start, n := t.Now(), 1; n <= days; n++ {
		t.Until(start.Add(time.Duration(n) * day))
		for _, v := range visits {
			expectLiving(t, t.Instance, v.life, v.lives())
			v.prolongs(t)
		}
	}
	for len(visits) > 0 {
		n := 1 // those that end together
		for n < len(visits) && visits[n].age == visits[0].age {
			n++
		}
		for _, v := range visits[:n] {
			beforeEnd(t, t.Instance, v.life, v.lives())
		}
		for _, v := range visits[:n] {
			afterEnd(t, t.Instance, v.life, v.lives())
		}
		visits = visits[n:]
	}
}

// calendarSweepSpares lets hours, days and weeks pass beside sessions that end. Timers of the store fire once with each step.
func calendarSweepSpares(t *engine.C) {
	const long = 60 * day
	spared := map[string]life{"for 60 days": newLife(t, long, "user", t.Tag())}
	again := newLife(t, time.Hour, "user", t.Tag())
	spared["for an hour, and then set for 60 days"] = newLifeAs(t.Instance, again.id, t.SessionFor(long, "user", t.Tag()))
	if t.Capabilities().Touch {
		spared["for an hour, and touched for 60 days"] = prolong(t, newLife(t, time.Hour, "user", t.Tag()), long)
	}
	for range 8 {
		newLife(t, 40*time.Minute, "user", t.Tag())
		newLife(t, 20*time.Hour, "user", t.Tag())
	}
	start := t.Now()
	for _, step := range []time.Duration{30 * time.Minute, 50 * time.Minute, 2 * time.Hour, 8 * time.Hour, day, 2 * day, 7 * day, 30 * day, 59 * day} {
		t.Until(start.Add(step))
		if !t.Injected() {
			t.Pause(engine.Settle / 4) // a sweep takes its time
		}
		for lives, l := range spared {
			expectLiving(t, t.Instance, l, lives)
		}
		newLife(t, 10*time.Minute, "user", t.Tag()) // some stores sweep when they are asked to set
	}
}

// calendarIdleNight waits until the other checks of lives have come to their ends: nobody else is to wake the store in this night.
func calendarIdleNight(t *engine.C) {
	const quiet, night = 410 * day, 10 * time.Hour
	t.Until(t.Now().Add(quiet))
	known := newLife(t, 3*day, "user", t.Tag())
	var gone []life // one for each night
	for range 3 {
		gone = append(gone, newLife(t, 3*day, "user", t.Tag()))
	}
	touched := newLife(t, 3*day, "user", t.Tag())
	for _, n := range []int{1, 2, 3} {
		t.Until(t.Now().Add(night))
		// Each night another call is the first.
		first := []func(){
			func() { expectLiving(t, t.Instance, known, "for 3 days") },
			func() {
				again := known.session.Clone()
				again.Cookie.SetMaxAge(t.Now(), 3*day)
				known = newLifeAs(t.Instance, known.id, again)
			},
			func() {
				if t.Capabilities().Touch {
					touched = prolong(t, touched, 3*day)
				}
			},
			func() { t.Destroy(gone[n-1].id) },
		}
		for k := range first {
			first[(n+k)%len(first)]()
		}
	}
}

func calendarClockChanges(t *engine.C) {
	const zone = "America/New_York"
	changes := clockChanges(t)
	i := t.OpenMovedInZone(zone)
	for _, change := range changes {
		t.Until(change.Add(-2 * time.Hour))
		var short, long []life
		for _, from := range []time.Duration{-70 * time.Minute, -50 * time.Minute, -10 * time.Minute, 10 * time.Minute, 50 * time.Minute} {
			t.Until(change.Add(from))
			short = append(short, newLifeAs(i, t.ID(), t.SessionFor(20*time.Minute, "user", t.Tag())))
			long = append(long, newLifeAs(i, t.ID(), t.SessionFor(3*time.Hour, "user", t.Tag())))
			l, lives := short[len(short)-1], inThatNight(20*time.Minute)
			beforeEnd(t, i, l, lives)
			afterEnd(t, i, l, lives)
		}
		for _, l := range long {
			lives := inThatNight(3 * time.Hour)
			beforeEnd(t, i, l, lives)
			afterEnd(t, i, l, lives)
		}
	}
}

func inThatNight(d time.Duration) string {
	return fmt.Sprintf("for %s, in the night in which the clocks of New York are changed", shortTime(d))
}

// clockChanges returns the next two moments at which the clocks of New York are changed.
func clockChanges(t *engine.C) []time.Time {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("this machine knows no time zones: %v", err)
	}
	var changes []time.Time
	for at := t.Now().Add(3 * time.Hour).Truncate(time.Hour); len(changes) < 2; at = at.Add(time.Hour) {
		_, before := at.Add(-time.Hour).In(zone).Zone()
		if _, after := at.In(zone).Zone(); before != after {
			changes = append(changes, at)
		}
	}
	return changes
}

func calendarOddDates(t *engine.C) {
	for _, date := range oddDates(t.Now()) {
		t.Until(date.Add(-5 * time.Minute))
		name := "set 5 minutes before " + date.Format(time.RFC3339)
		short, long := newLife(t, 10*time.Minute, "user", t.Tag()), newLife(t, day, "user", t.Tag())
		beforeEnd(t, t.Instance, short, "for 10 minutes, "+name)
		afterEnd(t, t.Instance, short, "for 10 minutes, "+name)
		beforeEnd(t, t.Instance, long, "for a day, "+name)
		afterEnd(t, t.Instance, long, "for a day, "+name)
	}
}

// oddDates returns the beginning of the next year, of the next leap day, and of the day after it.
func oddDates(now time.Time) []time.Time {
	now = now.UTC().Add(time.Hour)
	year := time.Date(now.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)
	leap := time.Date(year.Year(), 2, 29, 0, 0, 0, 0, time.UTC)
	for leap.Month() != time.February {
		leap = time.Date(leap.Year()+1, 2, 29, 0, 0, 0, 0, time.UTC)
	}
	return []time.Time{year, leap, leap.Add(day)}
}

func calendarFarEnds(t *engine.C) {
	start := t.Now()
	var kept []life
	for _, end := range []time.Time{
		time.Date(2039, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2107, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		if end.Before(start.AddDate(2, 0, 0)) {
			continue
		}
		l := life{id: t.ID(), session: t.SessionWith(expiringCookie(t, end), "user", t.Tag()), expires: end}
		if err := t.TrySet(l.id, l.session); err != nil {
			expectRefusal(t, err)
			continue
		}
		kept = append(kept, l)
	}
	for _, later := range []time.Duration{0, 400 * day} {
		t.Until(start.Add(later))
		for _, l := range kept {
			t.ShowCallsAbout(l.id)
			if got := t.Get(l.id); got == nil {
				t.Fail("wanted    a session that ends in %d, or an error of its set\ngot       no session after %s", l.expires.Year(), shortTime(later))
			}
		}
	}
	t.ShowCallsAbout("")
}

// full is the last second that 32 bits with a sign can count.
var full = time.Unix(1<<31-1, 0)

func calendarAfter2038(t *engine.C) {
	if ends := t.Subject().ClockEnds; !ends.IsZero() && ends.Before(full.Add(4*day)) {
		t.Skip("the server has no time after %s", ends.Format(time.DateOnly))
	}
	visit := func(from time.Time, when string) {
		t.Until(from)
		short := newLife(t, 10*time.Minute, "user", t.Tag())
		beforeEnd(t, t.Instance, short, "for 10 minutes, "+when)
		long := newLife(t, 10*time.Minute, "user", t.Tag())
		if t.Capabilities().Touch {
			long = prolong(t, long, time.Hour)
		} else {
			long = newLifeAs(t.Instance, long.id, t.SessionFor(time.Hour, "user", t.Tag()))
		}
		afterEnd(t, t.Instance, short, "for 10 minutes, "+when)
		beforeEnd(t, t.Instance, long, "for 10 minutes, and prolonged by an hour, "+when)
		expectListed(t)
		afterEnd(t, t.Instance, long, "for 10 minutes, and prolonged by an hour, "+when)
	}
	if t.Now().After(full.Add(-3 * day)) { // it is later already
		visit(t.Now(), "after 2038-01-19T03:14:07Z")
		return
	}
	t.Until(full.Add(-2 * day))
	ahead := newLife(t, 3*day, "user", t.Tag())
	visit(full.Add(-5*time.Minute), "across 2038-01-19T03:14:07Z")
	visit(full.Add(12*time.Hour), "after 2038-01-19T03:14:07Z")
	beforeEnd(t, t.Instance, ahead, "for 3 days, before 2038-01-19T03:14:07Z")
	afterEnd(t, t.Instance, ahead, "for 3 days, before 2038-01-19T03:14:07Z")
}

// expectListed asks for all sessions, among which a living one must be.
func expectListed(t *engine.C) {
	if !t.Capabilities().All {
		return
	}
	t.Patient(4)
	l := newMarked(t, t.ID())
	t.Set(l.id, l.session)
	elements := allElementsOf(t)
	if len(l.in(elements)) == 0 && t.Find(l.id) != nil {
		t.Fail("wanted    the living session among all\ngot       %d sessions without it", len(elements))
	}
}
