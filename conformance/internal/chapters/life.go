package chapters

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// A life is a session that was set and when it ends. What a check may ask of it follows from measured times: before the end less the
// granularity it must be there, after the end plus the granularity, engine.Slack, and the time that the set itself took it must be gone.
type life struct {
	id      string
	session *spec.Session
	expires time.Time
	took    time.Duration // by the set or touch that gave it this end
}

// shortestLife returns the shortest life for which a check can still look before the end: longer for a coarse store, and doubled with every
// attempt, because the attempt before looked too late.
func shortestLife(t *engine.C) time.Duration {
	return max(time.Second, 3*t.Granularity()) << t.Attempt()
}

// newLife sets a session that lives for d.
func newLife(t *engine.C, d time.Duration, members ...any) life {
	return newLifeWith(t, t.SessionFor(d, members...))
}

// newLifeWith sets a session whose cookie says when it ends.
func newLifeWith(t *engine.C, s *spec.Session) life { return newLifeAs(t.Instance, t.ID(), s) }

// newLifeAs sets a session under an id that may hold another.
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

// prolong touches a session, which must be alive, so that it lives for d from now.
func prolong(t *engine.C, l life, d time.Duration) life { return prolongOn(t, t.Instance, l, d) }

func prolongOn(t *engine.C, i *engine.Instance, l life, d time.Duration) life {
	before := l
	l.session = l.session.Clone()
	l.session.Cookie.SetMaxAge(t.Now(), d)
	start := time.Now()
	err := i.TryTouch(l.id, l.session)
	l.took = time.Since(start)
	expectInTime(t, before) // an error for a session that may have been over is another requirement's matter
	t.MustSucceed("touch", err)
	l.expires, _ = l.session.Cookie.Expires()
	return l
}

// touchShorter sets a session that lives for an hour and touches it so that it lives for d, if the store has a touch and accepts that. Whether
// it lives shorter for that is another requirement's matter.
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

// expectInTime ends the attempt when a session was prolonged so late that it may have been over.
func expectInTime(t *engine.C, before life) {
	if left := before.expires.Sub(t.Now()); left <= t.Granularity() {
		t.Inconclusive("the session was touched %s before its end, within the store's granularity of %s", left, t.Granularity())
	}
}

// expectAlive looks for a session before its end and returns it. A look that came too late decides nothing.
func expectAlive(t *engine.C, l life) *spec.Session { return expectAliveOn(t, t.Instance, l) }

func expectAliveOn(t *engine.C, i *engine.Instance, l life) *spec.Session {
	got := i.Get(l.id)
	if left := l.expires.Sub(t.Now()); got == nil && left <= t.Granularity() {
		t.Inconclusive("the store was looked at %s before the session's end, within its granularity of %s", left, t.Granularity())
	}
	t.Expect(got).To(compare.HaveDataOf(l.session, t.Subject().AddedKeys...))
	return got
}

// expectGone waits until a session must be gone and looks for it.
func expectGone(t *engine.C, l life) { expectGoneOn(t, t.Instance, l) }

func expectGoneOn(t *engine.C, i *engine.Instance, l life) {
	t.Until(goneBy(t, l))
	t.Expect(i.Find(l.id)).To(compare.BeMissing())
}

// goneBy is the moment from which a session must be gone.
func goneBy(t *engine.C, l life) time.Time {
	if t.Injected() {
		return l.expires.Add(t.Granularity() + time.Millisecond)
	}
	return l.expires.Add(t.Granularity() + engine.Slack + l.took)
}

// expectData compares a session's data, without its cookie, with what was set.
func expectData(t *engine.C, got, want *spec.Session) {
	t.Expect(got).To(compare.HaveDataOf(want, t.Subject().AddedKeys...))
}

// sameInstant reports whether the expires that get shows is the one that was set, as exactly as the store has declared to keep time.
func sameInstant(t *engine.C, got, want time.Time) bool {
	return compare.Instants(got, want, t.Subject().ShownWithin())
}

func wantedExpires(t *engine.C, s *spec.Session) string {
	raw, _ := s.Cookie.Raw("expires")
	if within := t.Subject().ShownWithin(); within > 0 {
		return fmt.Sprintf("%s, give or take %s", raw, within)
	}
	return string(raw)
}

// visitUntil visits a session that lives for age, every third of that, until a moment and at that moment.
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
