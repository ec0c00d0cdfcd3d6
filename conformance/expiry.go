package conformance

import (
	"strconv"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var expiryChecks = []check{
	{requirement: contract.ExpiryGoneAfter, body: expiryGoneAfter, when: timed},
	{requirement: contract.ExpiryNotEarly, body: expiryNotEarly, when: timed},
	{requirement: contract.ExpirySubSecond, body: expirySubSecond, when: timed},
	{requirement: contract.ExpiryPastIsMissing, body: expiryPastIsMissing},
	{requirement: contract.ExpiryPastRemovesOld, body: expiryPastRemovesOld},
	{requirement: contract.ExpiryMaxAgeZeroAccepted, body: expiryMaxAgeZeroAccepted, when: timed},
	{requirement: contract.ExpiryMaxAgeZero, body: expiryMaxAgeZero, when: timed},
	{requirement: contract.ExpiryBrowserSession, body: expiryBrowserSession, when: timed},
	{requirement: contract.ExpiryFromExpires, body: expiryFromExpires, when: timed},
	{requirement: contract.ExpiryOverOriginalMaxAge, body: expiryOverOriginalMaxAge, when: timed},
	{requirement: contract.ExpiryMilliseconds, body: expiryMilliseconds, when: timed},
	{requirement: contract.ExpiryLong, body: expiryLong, when: timed},
	{requirement: contract.ExpiryVeryLong, body: expiryVeryLong, when: timed},
	{requirement: contract.ExpiryFractional, body: expiryFractional},
	{requirement: contract.ExpiryPlainCookie, body: expiryPlainCookie, when: timed},
	{requirement: contract.ExpiryAllExcludes, body: expiryAllExcludes, when: timed},
	{requirement: contract.ExpiryAllProlonged, body: expiryAllProlonged, when: timed},
	{requirement: contract.ExpiryLengthExcludes, body: expiryLengthExcludes, when: exclusive},
	{requirement: contract.ExpirySweepSparesLive, body: expirySweepSparesLive, when: timed},
	{requirement: contract.ExpiryRolling, body: expiryRolling, when: timed},
	{requirement: contract.ExpiryLatestWins, body: expiryLatestWins, when: timed},
	{requirement: contract.ExpiryGetDoesNotExtend, body: expiryGetDoesNotExtend, when: timed},
}

func expiryGoneAfter(t *C) {
	t.expectGone(t.live(t.lifetime(), "user", t.Tag()))
}

func expiryNotEarly(t *C) {
	end := t.Now().Add(t.lifetime())
	if t.Granularity() < time.Second {
		// Late in its second, so that a store which compares whole seconds ends it almost a second early; and no shorter a life for that.
		end = end.Add(50 * time.Millisecond).Truncate(time.Second).Add(950 * time.Millisecond)
	}
	l := t.liveWith(t.SessionWith(t.expiring(end), "user", t.Tag()))
	start := t.Now()
	sure := l.expires.Add(-t.Granularity()).Sub(start)
	for _, part := range []time.Duration{4, 6, 7} {
		t.Until(start.Add(sure * part / 8))
		t.expectAlive(l)
	}
}

func expirySubSecond(t *C) {
	t.expectGone(t.live(400*time.Millisecond, "user", t.Tag()))
}

func expiryPastIsMissing(t *C) {
	id := t.ID()
	t.Set(id, t.SessionFor(-time.Hour, "user", t.Tag()))
	t.Expect(t.Find(id)).To(BeMissing())
}

func expiryPastRemovesOld(t *C) {
	id, old := t.ID(), t.Session("user", t.Tag())
	t.Set(id, old)
	// Whether the store may refuse it is another requirement's matter; that the old session answers after it is not.
	_ = t.TrySet(id, t.SessionFor(-time.Hour, "user", "logged out"))
	if got := t.Find(id); got != nil && differData(old, got, t.suite.subject.AddedKeys) == "" {
		t.Fail("wanted    no session, or the one that was set last\ngot       the old one: %s", short(got))
	}
}

func expiryMaxAgeZeroAccepted(t *C) {
	id := t.ID()
	t.Set(id, t.SessionFor(0, "user", t.Tag()))
	if t.Injected() {
		t.Until(t.Now().AddDate(10, 0, 0))
		t.Expect(t.Find(id)).To(BeMissing())
	}
}

func expiryMaxAgeZero(t *C) {
	t.expectGone(t.live(0, "user", t.Tag()))
}

func expiryBrowserSession(t *C) {
	stored := map[string]*spec.Session{}
	for _, cookie := range []string{
		`{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`,
		`{"originalMaxAge":false,"expires":false,"httpOnly":true,"path":"/"}`,
		`{"originalMaxAge":null,"httpOnly":true,"path":"/"}`,
	} {
		s, err := spec.ParseSession([]byte(`{"cookie":` + cookie + `,"user":"` + t.Tag() + `"}`))
		if err != nil {
			t.broken(err)
		}
		id := t.ID()
		t.Set(id, s)
		stored[id] = s
	}
	t.Until(t.Now().Add(2 * time.Second))
	for id, s := range stored {
		t.expectData(t.Get(id), s)
	}
}

// The application gives a stored session a date to end at, long before it would have ended.
func expiryFromExpires(t *C) {
	l := t.live(24*time.Hour, "user", t.Tag())
	l.session.Cookie = t.expiring(t.Now().Add(t.lifetime()))
	t.expectGone(t.liveAs(l.id, l.session))
}

func expiryOverOriginalMaxAge(t *C) {
	s := t.SessionFor(time.Hour, "user", t.Tag())
	s.Cookie.SetExpires(t.Now().Add(t.lifetime()))
	t.expectGone(t.liveWith(s))
}

func expiryMilliseconds(t *C) {
	minutes, seconds := t.live(20*time.Minute, "user", t.Tag()), t.live(t.lifetime(), "user", t.Tag())
	t.Until(t.Now().Add(max(3*time.Second, 3*t.Granularity())))
	t.expectAlive(minutes)
	t.expectGone(seconds)
}

func expiryLong(t *C) {
	const day = 24 * time.Hour
	lives := []life{t.live(25*day, "days", 25), t.live(31*day, "days", 31), t.live(3652*day, "days", 3652)}
	for _, l := range lives {
		t.expectAlive(l)
	}
	t.Until(t.Now().Add(time.Second))
	for _, l := range lives {
		t.expectAlive(l)
	}
	if t.Injected() {
		for _, l := range lives {
			t.Until(l.expires.Add(-t.Granularity() - time.Millisecond))
			t.expectAlive(l)
			t.expectGone(l)
		}
	}
}

func expiryVeryLong(t *C) {
	var kept []life
	for _, end := range []time.Time{
		t.Now().AddDate(100, 0, 0),
		time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
		time.UnixMilli(8_640_000_000_000_000),
	} {
		l := life{id: t.ID(), session: t.SessionWith(t.expiring(end), "user", t.Tag()), expires: end}
		if err := t.TrySet(l.id, l.session); err != nil {
			t.expectRefusal(err)
			continue
		}
		t.expectAlive(l)
		kept = append(kept, l)
	}
	t.Until(t.Now().Add(time.Second))
	for _, l := range kept {
		t.expectAlive(l)
	}
}

func expiryFractional(t *C) {
	t.expectAlive(t.live(60*time.Second+750*time.Microsecond, "user", t.Tag()))
}

func expiryPlainCookie(t *C) {
	l := life{id: t.ID(), session: t.SessionFor(t.lifetime(), "user", t.Tag())}
	l.expires, _ = l.session.Cookie.Expires()
	start := time.Now()
	t.Probe(probe.Call{Method: "set", ID: l.id, Session: l.session.JSON(), Plain: true})
	l.took = time.Since(start)
	t.expectGone(l)
}

func expiryAllExcludes(t *C) {
	t.Patient(4)
	owner, another := t.Tag(), t.Tag()
	expired := map[string]bool{owner: true}
	touched, shortens := t.shorten(t.lifetime(), "owner", another)
	l := t.live(t.lifetime(), "owner", owner)
	t.Until(t.over(l))
	if shortens {
		t.Until(t.over(touched))
		// That a touch does not shorten lives is another requirement's matter.
		expired[another] = t.Find(touched.id) == nil
	}
	for _, s := range t.All() {
		var got string
		if _, err := s.Decode("owner", &got); err == nil && expired[got] {
			t.Fail("wanted    no expired session among all\ngot       %s", short(s))
		}
	}
}

func expiryAllProlonged(t *C) {
	t.Patient(4)
	l := t.listed(t.ID())
	l.session = t.SessionFor(t.lifetime(), markerName, l.marker)
	first := t.liveAs(l.id, l.session)
	t.prolong(first, time.Hour)
	t.Until(t.over(first))
	elements := collection(t)
	// That a touch prolongs lives is another requirement's matter.
	if len(l.in(elements)) == 0 && t.Find(l.id) != nil {
		t.Fail("wanted    %s among the sessions of all\ngot       %d sessions without it", short(l.session), len(elements))
	}
}

func expiryLengthExcludes(t *C) {
	before := t.Length()
	l := life{id: t.ID(), session: t.SessionFor(100*time.Millisecond, "user", t.Tag())}
	l.expires, _ = l.session.Cookie.Expires()
	if err := t.TrySet(l.id, l.session); err != nil {
		t.Skip("the store refuses a short life")
	}
	last := l
	touched, shortens := t.shorten(100*time.Millisecond, "user", t.Tag())
	if shortens {
		last = touched
	}
	for t.Length() > before {
		if t.Now().Before(t.over(last)) {
			t.Until(t.Now().Add(50 * time.Millisecond))
			continue
		}
		n := t.Length() - before
		if touched.id != "" && t.Find(touched.id) != nil {
			// A touch that does not shorten lives is another requirement's matter.
			n, shortens = n-1, false
		}
		switch {
		case n <= 0:
			t.Observe("leaves expired sessions out")
			return
		case n == 1 && shortens:
			t.Observe("leaves expired sessions out, or those that a touch has shortened, but not both")
			return
		default:
			t.Observe("counts expired sessions until they are removed")
			return
		}
	}
	t.Observe("leaves expired sessions out")
}

func expirySweepSparesLive(t *C) {
	var long, short []*spec.Session
	for i := range 24 {
		if i%3 == 0 {
			short = append(short, t.SessionFor(t.lifetime(), "n", i))
		} else {
			long = append(long, t.Session("n", i))
		}
	}
	live, over := t.liveAll(long...), t.liveAll(short...)
	for _, l := range over {
		t.Until(t.over(l))
	}
	t.Parallel(len(over), func(i int) error {
		_, err := t.TryGet(over[i].id)
		return err
	})
	for range 2 {
		t.live(time.Hour, "user", t.Tag())
	}
	for _, l := range live {
		t.expectAlive(l)
	}
}

func expiryRolling(t *C) {
	start, step := t.Now(), t.lifetime()/6
	first := t.live(t.lifetime(), "views", 0)
	last := first
	for i := 1; i <= 3; i++ {
		t.Until(start.Add(time.Duration(i) * step))
		// Twice as long as at first, so that the look after the first end comes well before the last.
		last = t.liveAs(first.id, t.SessionFor(2*t.lifetime(), "views", i))
	}
	t.Until(t.over(first))
	t.expectAlive(last)
}

func expiryLatestWins(t *C) {
	l := t.live(time.Hour, "user", t.Tag())
	short := t.liveAs(l.id, t.SessionFor(t.lifetime(), "user", t.Tag()))
	other := t.live(t.lifetime(), "user", t.Tag())
	endless := t.SessionWith(spec.NewCookie(), "user", t.Tag())
	t.Set(other.id, endless)
	t.expectGone(short)
	t.Until(t.over(other))
	t.expectData(t.Get(other.id), endless)
}

func expiryGetDoesNotExtend(t *C) {
	l := t.live(t.lifetime(), "user", t.Tag())
	for at := t.Now(); at.Before(t.over(l)); at = at.Add(t.lifetime() / 6) {
		t.Until(at)
		t.Find(l.id)
	}
	t.expectGone(l)
}

// expiring returns the cookie of an application that set its expires to a date: express-session's setter makes originalMaxAge what is
// left until then.
func (t *C) expiring(end time.Time) spec.Cookie {
	cookie := spec.NewCookie()
	left := end.UnixMilli() - t.Now().UnixMilli()
	if err := cookie.SetRaw("originalMaxAge", strconv.AppendInt(nil, left, 10)); err != nil {
		t.broken(err)
	}
	cookie.SetExpires(end)
	return cookie
}
