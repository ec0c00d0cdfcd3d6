package chapters

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// A life is a session that was set, and when it ends. It must be there until its end less the granularity. It must be gone after its end plus
// the granularity, engine.Slack, and the measured time of the set.
type life struct {
	id      string
	session *spec.Session
	expires time.Time
	took    time.Duration // by the set or touch that gave it this end
}

// shortestLife returns the shortest life in which a check still has time to look before the end. It is longer for a coarse store. It doubles
// with each attempt, because the attempt before has looked too late. A slow store has time for some calls.
func shortestLife(t *engine.C) time.Duration {
	const callsInTime = 4
	return max(time.Second, 3*t.Granularity(), t.Granularity()+callsInTime*t.Pace()) << t.Attempt()
}

// newLife sets a session that lives for d.
func newLife(t *engine.C, d time.Duration, members ...any) life {
	return newLifeWith(t, t.SessionFor(d, members...))
}

// newLifeWith sets a session. Its cookie says when it ends.
func newLifeWith(t *engine.C, s *spec.Session) life { return newLifeAs(t.Instance, t.ID(), s) }

// newLifeAs sets a session under an id that may hold another one.
func newLifeAs(i *engine.Instance, id string, s *spec.Session) life {
	l := life{id: id, session: s}
	start := time.Now()
	i.Set(id, s)
	l.took = time.Since(start)
	l.expires, _ = s.Cookie.Expires()
	return l
}

// newLives sets sessions at the same time, each under an id of its own.
func newLives(t *engine.C, sessions ...*spec.Session) []life {
	lives := make([]life, len(sessions))
	for i, s := range sessions {
		lives[i] = life{id: t.ID(), session: s}
		lives[i].expires, _ = s.Cookie.Expires()
	}
	start := time.Now()
	for _, err := range t.Parallel(len(lives), func(i int) error { return t.TrySet(lives[i].id, lives[i].session) }) {
		t.MustSucceed("set", err)
	}
	for i := range lives {
		lives[i].took = time.Since(start)
	}
	return lives
}

// prolong touches a session so that it lives for d from now. The session must be alive.
func prolong(t *engine.C, l life, d time.Duration) life { return prolongOn(t, t.Instance, l, d) }

// prolongOn is prolong on another instance.
func prolongOn(t *engine.C, i *engine.Instance, l life, d time.Duration) life {
	before := l
	l.session = l.session.Clone()
	l.session.Cookie.SetMaxAge(t.Now(), d)
	start := time.Now()
	err := i.TryTouch(l.id, l.session)
	l.took = time.Since(start)
	expectInTime(t, before) // another requirement judges an error for a session that may have been over
	t.MustSucceed("touch", err)
	l.expires, _ = l.session.Cookie.Expires()
	return l
}

// touchShorter sets a session that lives for an hour, and touches it so that it lives for d. ok is false when the store has no touch or
// refuses this one. Another requirement judges whether the session then lives shorter.
func touchShorter(i *engine.Instance, d time.Duration, members ...any) (l life, ok bool) {
	t := i.C()
	if !t.Capabilities().Touch {
		return life{}, false
	}
	l = newLifeAs(i, t.ID(), t.Session(members...))
	l.session = l.session.Clone()
	l.session.Cookie.SetMaxAge(t.Now(), d)
	start := time.Now()
	err := i.TryTouch(l.id, l.session)
	l.took = time.Since(start)
	l.expires, _ = l.session.Cookie.Expires()
	return l, err == nil
}

// expectInTime ends the attempt as inconclusive when a session was prolonged so late that it may have been over.
func expectInTime(t *engine.C, before life) {
	if left := before.expires.Sub(t.Now()); left <= t.Granularity() {
		t.Inconclusive("the session was touched %s its end, within the store's granularity of %s", phrase.Before(left), phrase.Milliseconds(t.Granularity()))
	}
}

// expectAlive looks for a session before its end and returns it. A look that comes too late decides nothing.
func expectAlive(t *engine.C, l life) *spec.Session { return expectAliveOn(t, t.Instance, l) }

// expectAliveOn is expectAlive on another instance.
func expectAliveOn(t *engine.C, i *engine.Instance, l life) *spec.Session {
	got := i.Get(l.id)
	if left := l.expires.Sub(t.Now()); got == nil && left <= t.Granularity() {
		t.Inconclusive("the store was looked at %s the session's end, within its granularity of %s", phrase.Before(left), phrase.Milliseconds(t.Granularity()))
	} else if got == nil {
		failInTime(t, compare.HaveDataOf(l.session, t.Subject().AddedKeys...), got, fmt.Sprintf("its end is %s away", phrase.Milliseconds(left)))
	}
	t.Expect(got).To(compare.HaveDataOf(l.session, t.Subject().AddedKeys...))
	return got
}

// expectGone waits until a session must be gone, and fails the check when it is found.
func expectGone(t *engine.C, l life) { expectGoneOn(t, t.Instance, l) }

// expectGoneOn is expectGone on another instance.
func expectGoneOn(t *engine.C, i *engine.Instance, l life) {
	if !t.JudgesEnds() {
		return
	}
	t.Until(goneBy(t, l))
	if got := i.Find(l.id); got != nil {
		failOverdue(t, got, t.Now().Sub(l.expires))
	}
}

// failOverdue fails the check for a session that was found when its end was some time ago.
func failOverdue(t *engine.C, got *spec.Session, ago time.Duration) {
	failInTime(t, compare.BeMissing(), got, fmt.Sprintf("its end was %s ago", phrase.Milliseconds(ago)))
}

// failInTime fails the check for what was got too early or too late. It says how exactly the store was held to keep time, and who says so.
func failInTime(t *engine.C, matcher interface{ FailureMessage(any) string }, got *spec.Session, when string) {
	t.Fail("%s\nbecause   %s, and the store keeps time within %s, as it says or --granularity does (in Go Subject.Granularity)",
		matcher.FailureMessage(got), when, phrase.Milliseconds(t.Granularity()))
}

// goneBy is the moment from which a session must be gone.
func goneBy(t *engine.C, l life) time.Time {
	if t.Injected() {
		return l.expires.Add(t.Granularity() + time.Millisecond)
	}
	return l.expires.Add(t.Granularity() + engine.Slack + l.took)
}

// expectData fails the check unless got has the data of want. The cookies are not compared.
func expectData(t *engine.C, got, want *spec.Session) {
	t.Expect(got).To(compare.HaveDataOf(want, t.Subject().AddedKeys...))
}

// sameInstant reports whether the expires that get shows is the one that was set, as exactly as the store is declared to show time.
func sameInstant(t *engine.C, got, want time.Time) bool {
	return compare.Instants(got, want, t.Subject().ShownWithin())
}

// wantedExpires says which expires a get must show.
func wantedExpires(t *engine.C, s *spec.Session) string {
	raw, _ := s.Cookie.Raw("expires")
	if within := t.Subject().ShownWithin(); within > 0 {
		return fmt.Sprintf("%s, give or take %s", raw, within)
	}
	return string(raw)
}

// visitUntil visits a session again and again until a moment, and at that moment. The session lives for age, and a third of that passes
// between two visits.
func visitUntil(t *engine.C, when time.Time, age time.Duration, visit func()) {
	for t.Now().Before(when) {
		next := t.Now().Add(age / 3)
		if next.After(when) {
			next = when
		}
		t.Until(next)
		visit()
	}
}
