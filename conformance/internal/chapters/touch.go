package chapters

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var touchChecks = []engine.Check{
	{Requirement: contract.TouchExtends, Body: touchExtends, When: engine.Timed},
	{Requirement: contract.TouchKeepsData, Body: touchKeepsData},
	{Requirement: contract.TouchNoResurrection, Body: touchNoResurrection},
	{Requirement: contract.TouchMissingNoError, Body: touchMissingNoError, When: engine.Timed},
	{Requirement: contract.TouchExpiredData, Body: touchExpiredData, When: engine.Timed},
	{Requirement: contract.TouchExpiredStaysDead, Body: touchExpiredStaysDead, When: engine.Timed},
	{Requirement: contract.TouchBrowserSession, Body: touchBrowserSession, When: engine.Timed},
	{Requirement: contract.TouchShortens, Body: touchShortens, When: engine.Timed},
	{Requirement: contract.TouchArgumentUnchanged, Body: touchArgumentUnchanged},
	{Requirement: contract.TouchCookieVisible, Body: touchCookieVisible},
	{Requirement: contract.TouchCrossed, Body: touchCrossed},
}

func touchExtends(t *engine.C) {
	small := smallGain(t)
	// An earlier life of the id and an earlier touch must not stand in the way.
	earlier := newLife(t, shortestLife(t), "user", t.Tag())
	t.Destroy(earlier.id)
	first := newLifeAs(t.Instance, earlier.id, t.SessionFor(shortestLife(t), "user", t.Tag()))
	short := prolong(t, first, shortestLife(t))
	long := prolong(t, short, time.Hour)
	t.Until(goneBy(t, short))
	expectAlive(t, long)
	small()
	// By then a sweep that runs each second has looked for the earlier end.
	newLife(t, time.Hour, "user", t.Tag())
	t.Until(first.expires.Add(2200 * time.Millisecond))
	expectAlive(t, long)
}

// smallGain touches a session so early that it gains only a twelfth of its life, and returns a look between the two ends. A store that is too
// coarse for that is asked only on a clock that the suite moves.
func smallGain(t *engine.C) (look func()) {
	lifetime := max(3*time.Second, 36*t.Granularity())
	if !t.Injected() && lifetime > 3*time.Second {
		return func() {}
	}
	first := newLife(t, lifetime, "user", t.Tag())
	t.Until(first.expires.Add(-lifetime * 11 / 12))
	second := prolong(t, first, lifetime)
	return func() {
		t.Until(first.expires.Add(t.Granularity() + lifetime/72))
		got := t.Get(first.id)
		// A look that comes too late is not worth another attempt here.
		if got != nil || second.expires.Sub(t.Now()) > t.Granularity() {
			expectData(t, got, second.session)
		}
	}
}

func touchKeepsData(t *engine.C) {
	empty := t.ID()
	t.Set(empty, t.Session())
	if t.Get(empty) != nil { // another requirement judges whether it is there
		t.Touch(empty, t.Session("user", t.Tag()))
		expectData(t, t.Get(empty), t.Session())
	}

	id, stored := t.ID(), t.Session("user", t.Tag(), "views", 2)
	t.Set(id, stored)
	for _, stale := range []*spec.Session{t.Session("user", t.Tag(), "views", 1, "cart", []string{"tea"}), t.Session()} {
		t.Touch(id, stale)
		got := t.Get(id)
		expectData(t, got, stored)
		for _, name := range []string{"path", "httpOnly"} {
			if !slices.Contains(t.Profile().Cookie, name) {
				continue
			}
			want, _ := stored.Cookie.Raw(name)
			if raw, ok := got.Cookie.Raw(name); !ok || spec.Diff(want, raw) != "" {
				t.Fail("wanted    a cookie whose %s is %s, as in both sessions\ngot       %s", name, want, got.Cookie)
			}
		}
	}
}

func touchArgumentUnchanged(t *engine.C) {
	id := t.ID()
	t.Set(id, t.Session("user", map[string]any{"name": t.Tag()}, "views", 7))
	for _, s := range []*spec.Session{
		t.SessionFor(2*time.Hour, "user", map[string]any{"name": t.Tag(), "roles": []string{"admin", "editor"}}, "views", 8),
		t.SessionFor(3*time.Hour, "views", 7),
		t.SessionWith(spec.NewCookie(), "cart", []string{"tea"}),
	} {
		expectArgument(t, "touch", id, s)
		expectArgument(t, "touch", id, s)
	}
}

func touchNoResurrection(t *engine.C) {
	// Another requirement judges whether this touch may be answered with an error.
	never := t.ID()
	expectRefusal(t, t.TryTouch(never, t.Session("user", t.Tag())))
	t.Expect(t.Find(never)).To(compare.BeMissing())

	destroyed, session := t.ID(), t.Session("user", t.Tag())
	t.Set(destroyed, session)
	t.Destroy(destroyed)
	expectRefusal(t, t.TryTouch(destroyed, session))
	t.Expect(t.Find(destroyed)).To(compare.BeMissing())
}

func touchMissingNoError(t *engine.C) {
	t.Touch(t.ID(), t.Session("user", t.Tag()))

	destroyed, session := t.ID(), t.Session("user", t.Tag())
	t.Set(destroyed, session)
	t.Destroy(destroyed)
	t.Touch(destroyed, session)

	expired := newLife(t, shortestLife(t), "user", t.Tag())
	t.Until(goneBy(t, expired))
	t.Touch(expired.id, t.Session("user", t.Tag()))
}

// touchExpired touches an expired session with other data. It returns the session that was set, and the one that a get answers with.
func touchExpired(t *engine.C) (stored, got *spec.Session) {
	l := newLife(t, shortestLife(t), "user", t.Tag())
	t.Until(goneBy(t, l))
	expectRefusal(t, t.TryTouch(l.id, t.Session("user", t.Tag(), "views", 1)))
	return l.session, t.Find(l.id)
}

func touchExpiredData(t *engine.C) {
	if stored, got := touchExpired(t); got != nil {
		expectData(t, got, stored)
	}
}

func touchExpiredStaysDead(t *engine.C) {
	_, got := touchExpired(t)
	t.Expect(got).To(compare.BeMissing())
}

func touchBrowserSession(t *engine.C) {
	finite := newLife(t, shortestLife(t), "user", t.Tag())
	endless := finite.session.Clone()
	endless.Cookie = spec.NewCookie()
	err := t.TryTouch(finite.id, endless)
	expectInTime(t, finite)
	t.MustSucceed("touch", err)

	for _, s := range []*spec.Session{t.Session("user", t.Tag()), t.SessionWith(spec.NewCookie(), "user", t.Tag())} {
		id, touched := t.ID(), s.Clone()
		touched.Cookie = spec.NewCookie()
		t.Set(id, s)
		for range 2 {
			t.Touch(id, touched)
			expectData(t, t.Get(id), s)
		}
	}

	t.Until(goneBy(t, finite))
	expectData(t, t.Get(finite.id), endless)
}

func touchShortens(t *engine.C) {
	expectGone(t, prolong(t, newLife(t, time.Hour, "user", t.Tag()), shortestLife(t)))
}

func touchCookieVisible(t *engine.C) {
	id, set, touched := t.ID(), t.Session("user", t.Tag()), t.SessionFor(2*time.Hour, "user", t.Tag())
	t.Set(id, set)
	t.Touch(id, touched)
	got := t.Get(id)
	t.Expect(got).NotTo(compare.BeMissing())
	expires := func(s *spec.Session) time.Time {
		at, _ := s.Cookie.Expires()
		return at
	}
	switch {
	case sameInstant(t, expires(got), expires(touched)):
		t.Observe("get shows the touched expires")
	case sameInstant(t, expires(got), expires(set)):
		t.Observe("get shows the expires that was set")
	default:
		t.Fail("wanted    a cookie whose expires is %s or %s\ngot       %s", wantedExpires(t, touched), wantedExpires(t, set), got.Cookie)
	}
}

func touchCrossed(t *engine.C) {
	id, s := t.ID(), t.Session("user", t.Tag())
	t.Set(id, s)
	out := t.Probe(probe.Call{Method: "touch", ID: id, Session: s.JSON(), Form: "crossed"})
	if err := out.Err("touch"); err != nil {
		t.Log("the touch is answered with an error, which is as good")
	}
	t.Expect(t.Get(id)).To(compare.BeMissing())
}
