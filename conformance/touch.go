package conformance

import (
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var touchChecks = []check{
	{requirement: contract.TouchExtends, body: touchExtends, when: timed},
	{requirement: contract.TouchKeepsData, body: touchKeepsData},
	{requirement: contract.TouchNoResurrection, body: touchNoResurrection},
	{requirement: contract.TouchMissingNoError, body: touchMissingNoError, when: timed},
	{requirement: contract.TouchExpiredData, body: touchExpiredData, when: timed},
	{requirement: contract.TouchExpiredStaysDead, body: touchExpiredStaysDead, when: timed},
	{requirement: contract.TouchBrowserSession, body: touchBrowserSession, when: timed},
	{requirement: contract.TouchShortens, body: touchShortens, when: timed},
	{requirement: contract.TouchCookieVisible, body: touchCookieVisible},
}

func touchExtends(t *C) {
	small := t.smallGain()
	// Neither an earlier life of the id nor an earlier touch stands in the way.
	earlier := t.live(t.lifetime(), "user", t.Tag())
	t.Destroy(earlier.id)
	first := t.liveAs(earlier.id, t.SessionFor(t.lifetime(), "user", t.Tag()))
	short := t.prolong(first, t.lifetime())
	long := t.prolong(short, time.Hour)
	t.Until(t.over(short))
	t.expectAlive(long)
	small()
	// A sweep of each second that looks for the earlier end has come by then.
	t.live(time.Hour, "user", t.Tag())
	t.Until(first.expires.Add(2200 * time.Millisecond))
	t.expectAlive(long)
}

// smallGain touches a session early in its life, which gains a twelfth of it, and returns the look that is to be had between the two ends.
// A store that is too coarse for that is not asked where real time would have to pass.
func (t *C) smallGain() (look func()) {
	lifetime := max(3*time.Second, 36*t.Granularity())
	if !t.Injected() && lifetime > 3*time.Second {
		return func() {}
	}
	first := t.live(lifetime, "user", t.Tag())
	t.Until(first.expires.Add(-lifetime * 11 / 12))
	second := t.prolong(first, lifetime)
	return func() {
		t.Until(first.expires.Add(t.Granularity() + lifetime/72))
		got := t.Get(first.id)
		// Here a look that comes too late is not worth another attempt.
		if got != nil || second.expires.Sub(t.Now()) > t.Granularity() {
			t.expectData(got, second.session)
		}
	}
}

func touchKeepsData(t *C) {
	empty := t.ID()
	t.Set(empty, t.Session())
	if t.Get(empty) != nil { // That it is there is another requirement's matter.
		t.Touch(empty, t.Session("user", t.Tag()))
		t.expectData(t.Get(empty), t.Session())
	}

	id, stored := t.ID(), t.Session("user", t.Tag(), "views", 2)
	t.Set(id, stored)
	for _, stale := range []*spec.Session{t.Session("user", t.Tag(), "views", 1, "cart", []string{"tea"}), t.Session()} {
		t.Touch(id, stale)
		got := t.Get(id)
		t.expectData(got, stored)
		for _, name := range []string{"path", "httpOnly"} {
			want, _ := stored.Cookie.Raw(name)
			if raw, ok := got.Cookie.Raw(name); !ok || spec.Diff(want, raw) != "" {
				t.Fail("wanted    a cookie whose %s is %s, as in both sessions\ngot       %s", name, want, got.Cookie)
			}
		}
	}
}

func touchNoResurrection(t *C) {
	// Whether that may be answered with an error is another requirement's matter.
	never := t.ID()
	t.expectRefusal(t.TryTouch(never, t.Session("user", t.Tag())))
	t.Expect(t.Find(never)).To(BeMissing())

	destroyed, session := t.ID(), t.Session("user", t.Tag())
	t.Set(destroyed, session)
	t.Destroy(destroyed)
	t.expectRefusal(t.TryTouch(destroyed, session))
	t.Expect(t.Find(destroyed)).To(BeMissing())
}

func touchMissingNoError(t *C) {
	t.Touch(t.ID(), t.Session("user", t.Tag()))

	destroyed, session := t.ID(), t.Session("user", t.Tag())
	t.Set(destroyed, session)
	t.Destroy(destroyed)
	t.Touch(destroyed, session)

	expired := t.live(t.lifetime(), "user", t.Tag())
	t.Until(t.over(expired))
	t.Touch(expired.id, t.Session("user", t.Tag()))
}

// touchExpired touches a session that has expired, with other data, and returns what a get answers with then.
func touchExpired(t *C) (stored, got *spec.Session) {
	l := t.live(t.lifetime(), "user", t.Tag())
	t.Until(t.over(l))
	t.expectRefusal(t.TryTouch(l.id, t.Session("user", t.Tag(), "views", 1)))
	return l.session, t.Find(l.id)
}

func touchExpiredData(t *C) {
	if stored, got := touchExpired(t); got != nil {
		t.expectData(got, stored)
	}
}

func touchExpiredStaysDead(t *C) {
	_, got := touchExpired(t)
	t.Expect(got).To(BeMissing())
}

func touchBrowserSession(t *C) {
	finite := t.live(t.lifetime(), "user", t.Tag())
	endless := finite.session.Clone()
	endless.Cookie = spec.NewCookie()
	err := t.TryTouch(finite.id, endless)
	t.inTime(finite)
	t.mustSucceed("touch", err)

	for _, s := range []*spec.Session{t.Session("user", t.Tag()), t.SessionWith(spec.NewCookie(), "user", t.Tag())} {
		id, touched := t.ID(), s.Clone()
		touched.Cookie = spec.NewCookie()
		t.Set(id, s)
		for range 2 {
			t.Touch(id, touched)
			t.expectData(t.Get(id), s)
		}
	}

	t.Until(t.over(finite))
	t.expectData(t.Get(finite.id), endless)
}

func touchShortens(t *C) {
	t.expectGone(t.prolong(t.live(time.Hour, "user", t.Tag()), t.lifetime()))
}

func touchCookieVisible(t *C) {
	id, set, touched := t.ID(), t.Session("user", t.Tag()), t.SessionFor(2*time.Hour, "user", t.Tag())
	t.Set(id, set)
	t.Touch(id, touched)
	got := t.Get(id)
	t.Expect(got).NotTo(BeMissing())
	expires := func(s *spec.Session) time.Time {
		at, _ := s.Cookie.Expires()
		return at
	}
	switch {
	case t.sameInstant(expires(got), expires(touched)):
		t.Observe("get shows the touched expires")
	case t.sameInstant(expires(got), expires(set)):
		t.Observe("get shows the expires that was set")
	default:
		t.Fail("wanted    a cookie whose expires is %s or %s\ngot       %s", t.wantedExpires(touched), t.wantedExpires(set), got.Cookie)
	}
}
