package conformance

import (
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A life is a session that was set and when it ends. What a check may ask of it follows from measured times: before the end less the
// granularity it must be there, after the end plus the granularity, slack, and the time that the set itself took it must be gone.
type life struct {
	id      string
	session *spec.Session
	expires time.Time
	took    time.Duration // by the set or touch that gave it this end
}

// lifetime returns the shortest life for which a check can still look before the end: longer for a coarse store, and doubled with every
// attempt, because the attempt before looked too late.
func (t *C) lifetime() time.Duration {
	return max(time.Second, 3*t.Granularity()) << t.attempt
}

// live sets a session that lives for d.
func (t *C) live(d time.Duration, members ...any) life {
	return t.liveWith(t.SessionFor(d, members...))
}

// liveWith sets a session whose cookie says when it ends.
func (t *C) liveWith(s *spec.Session) life { return t.liveAs(t.ID(), s) }

// liveAs sets a session under an id that may hold another.
func (i *Instance) liveAs(id string, s *spec.Session) life {
	l := life{id: id, session: s}
	start := time.Now()
	i.Set(id, s)
	l.took = time.Since(start)
	l.expires, _ = s.Cookie.Expires()
	return l
}

// liveAll sets sessions at the same time, each under an id of its own.
func (t *C) liveAll(sessions ...*spec.Session) []life {
	lives := make([]life, len(sessions))
	for i, s := range sessions {
		lives[i] = life{id: t.ID(), session: s}
		lives[i].expires, _ = s.Cookie.Expires()
	}
	start := time.Now()
	for _, err := range t.Parallel(len(lives), func(i int) error { return t.TrySet(lives[i].id, lives[i].session) }) {
		t.mustSucceed("set", err)
	}
	for i := range lives {
		lives[i].took = time.Since(start)
	}
	return lives
}

// prolong touches a session, which must be alive, so that it lives for d from now.
func (t *C) prolong(l life, d time.Duration) life { return t.prolongOn(t.Instance, l, d) }

func (t *C) prolongOn(i *Instance, l life, d time.Duration) life {
	before := l
	l.session = l.session.Clone()
	l.session.Cookie.SetMaxAge(t.Now(), d)
	start := time.Now()
	err := i.TryTouch(l.id, l.session)
	l.took = time.Since(start)
	t.inTime(before) // an error for a session that may have been over is another requirement's matter
	t.mustSucceed("touch", err)
	l.expires, _ = l.session.Cookie.Expires()
	return l
}

// shorten sets a session that lives for an hour and touches it so that it lives for d, if the store has a touch and accepts that. Whether
// it lives shorter for that is another requirement's matter.
func (i *Instance) shorten(d time.Duration, members ...any) (l life, ok bool) {
	t := i.c
	if !t.capabilities.Touch {
		return life{}, false
	}
	l = i.liveAs(t.ID(), t.Session(members...))
	l.session = l.session.Clone()
	l.session.Cookie.SetMaxAge(t.Now(), d)
	start := time.Now()
	err := i.TryTouch(l.id, l.session)
	l.took = time.Since(start)
	l.expires, _ = l.session.Cookie.Expires()
	return l, err == nil
}

// inTime ends the attempt when a session was prolonged so late that it may have been over.
func (t *C) inTime(before life) {
	if left := before.expires.Sub(t.Now()); left <= t.Granularity() {
		t.Inconclusive("the session was touched %s before its end, within the store's granularity of %s", left, t.Granularity())
	}
}

// expectAlive looks for a session before its end and returns it. A look that came too late decides nothing.
func (t *C) expectAlive(l life) *spec.Session { return t.expectAliveOn(t.Instance, l) }

func (t *C) expectAliveOn(i *Instance, l life) *spec.Session {
	got := i.Get(l.id)
	if left := l.expires.Sub(t.Now()); got == nil && left <= t.Granularity() {
		t.Inconclusive("the store was looked at %s before the session's end, within its granularity of %s", left, t.Granularity())
	}
	t.Expect(got).To(HaveDataOf(l.session, t.suite.subject.AddedKeys...))
	return got
}

// expectGone waits until a session must be gone and looks for it.
func (t *C) expectGone(l life) { t.expectGoneOn(t.Instance, l) }

func (t *C) expectGoneOn(i *Instance, l life) {
	t.Until(t.over(l))
	t.Expect(i.Find(l.id)).To(BeMissing())
}

// over is the moment from which a session must be gone.
func (t *C) over(l life) time.Time {
	if t.Injected() {
		return l.expires.Add(t.Granularity() + time.Millisecond)
	}
	return l.expires.Add(t.Granularity() + slack + l.took)
}

// expectData compares a session's data, without its cookie, with what was set.
func (t *C) expectData(got, want *spec.Session) {
	t.Expect(got).To(HaveDataOf(want, t.suite.subject.AddedKeys...))
}
