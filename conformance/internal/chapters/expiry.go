package chapters

import (
	"strconv"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var expiryChecks = []engine.Check{
	{Requirement: contract.ExpiryGoneAfter, Body: expiryGoneAfter, When: engine.Timed, InRealTime: true},
	{Requirement: contract.ExpiryNotEarly, Body: expiryNotEarly, When: engine.Timed, InRealTime: true},
	{Requirement: contract.ExpirySubSecond, Body: expirySubSecond, When: engine.Timed},
	{Requirement: contract.ExpiryEndedKept, Body: expiryEndedKept, When: engine.Timed},
	{Requirement: contract.ExpiryPastIsMissing, Body: expiryPastIsMissing},
	{Requirement: contract.ExpiryPastRemovesOld, Body: expiryPastRemovesOld},
	{Requirement: contract.ExpiryMaxAgeZeroAccepted, Body: expiryMaxAgeZeroAccepted, When: engine.Timed},
	{Requirement: contract.ExpiryMaxAgeZero, Body: expiryMaxAgeZero, When: engine.Timed},
	{Requirement: contract.ExpiryBrowserSession, Body: expiryBrowserSession, When: engine.Timed},
	{Requirement: contract.ExpiryFromExpires, Body: expiryFromExpires, When: engine.Timed},
	{Requirement: contract.ExpiryOverOriginalMaxAge, Body: expiryOverOriginalMaxAge, When: engine.Timed},
	{Requirement: contract.ExpiryMilliseconds, Body: expiryMilliseconds, When: engine.Timed},
	{Requirement: contract.ExpiryLong, Body: expiryLong, When: engine.Timed},
	{Requirement: contract.ExpiryVeryLong, Body: expiryVeryLong, When: engine.Timed},
	{Requirement: contract.ExpiryFractional, Body: expiryFractional},
	{Requirement: contract.ExpiryPlainCookie, Body: expiryPlainCookie, When: engine.Timed},
	{Requirement: contract.ExpiryAllExcludes, Body: expiryAllExcludes, When: engine.Timed},
	{Requirement: contract.ExpiryAllProlonged, Body: expiryAllProlonged, When: engine.Timed},
	{Requirement: contract.ExpiryLengthExcludes, Body: expiryLengthExcludes, When: engine.Exclusive},
	{Requirement: contract.ExpirySweepSparesLive, Body: expirySweepSparesLive, When: engine.Timed},
	{Requirement: contract.ExpirySweepByTimer, Body: expirySweepByTimer, When: engine.Last},
	{Requirement: contract.ExpirySweepComplete, Body: expirySweepComplete, When: engine.Last},
	{Requirement: contract.ExpiryEndedRecords, Body: expiryEndedRecords, When: engine.Last},
	{Requirement: contract.ExpiryRolling, Body: expiryRolling, When: engine.Timed},
	{Requirement: contract.ExpiryLatestWins, Body: expiryLatestWins, When: engine.Timed},
	{Requirement: contract.ExpiryGetDoesNotExtend, Body: expiryGetDoesNotExtend, When: engine.Timed},
}

func expiryGoneAfter(t *engine.C) {
	l := newLife(t, shortestLife(t), "user", t.Tag())
	t.Until(goneBy(t, l))
	if got := t.Find(l.id); got != nil {
		late := t.Now().Sub(l.expires)
		seekOverdue(t) // which may make the store remove the session
		failOverdue(t, got, late)
	}
}

func expiryNotEarly(t *engine.C) {
	end := t.Now().Add(shortestLife(t))
	if t.Granularity() < time.Second {
		// The end is late in its second: a store that compares whole seconds then ends the session almost a second early.
		end = end.Add(50 * time.Millisecond).Truncate(time.Second).Add(950 * time.Millisecond)
	}
	l := newLifeWith(t, t.SessionWith(expiringCookie(t, end), "user", t.Tag()))
	start := t.Now()
	sure := l.expires.Add(-t.Granularity()).Sub(start)
	for _, part := range []time.Duration{4, 6, 7} {
		t.Until(start.Add(sure * part / 8))
		expectAlive(t, l)
	}
}

func expirySubSecond(t *engine.C) {
	expectGone(t, newLife(t, 400*time.Millisecond, "user", t.Tag()))
}

func expiryPastIsMissing(t *engine.C) {
	id := t.ID()
	t.Set(id, t.SessionFor(-time.Hour, "user", t.Tag()))
	t.Expect(t.Find(id)).To(compare.BeMissing())
}

func expiryPastRemovesOld(t *engine.C) {
	id, old := t.ID(), t.Session("user", t.Tag())
	t.Set(id, old)
	// Another requirement judges whether the store may refuse this set. In no case may the old session answer after it.
	_ = t.TrySet(id, t.SessionFor(-time.Hour, "user", "logged out"))
	if got := t.Find(id); got != nil && compare.Data(old, got, t.Subject().AddedKeys) == "" {
		t.Fail("wanted    no session, or the one that was set last\ngot       the old one: %s", phrase.Session(got))
	}
}

func expiryMaxAgeZeroAccepted(t *engine.C) {
	id := t.ID()
	t.Set(id, t.SessionFor(0, "user", t.Tag()))
	if t.Injected() {
		t.Until(t.Now().AddDate(10, 0, 0))
		t.Expect(t.Find(id)).To(compare.BeMissing())
	}
}

func expiryMaxAgeZero(t *engine.C) {
	expectGone(t, newLife(t, 0, "user", t.Tag()))
}

func expiryBrowserSession(t *engine.C) {
	stored := map[string]*spec.Session{}
	for _, cookie := range []string{
		`{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}`,
		`{"originalMaxAge":false,"expires":false,"httpOnly":true,"path":"/"}`,
		`{"originalMaxAge":null,"httpOnly":true,"path":"/"}`,
	} {
		s, err := spec.ParseSession([]byte(`{"cookie":` + cookie + `,"user":"` + t.Tag() + `"}`))
		if err != nil {
			t.Broken(err)
		}
		id := t.ID()
		t.Set(id, s)
		stored[id] = s
	}
	t.Until(t.Now().Add(2 * time.Second))
	for id, s := range stored {
		expectData(t, t.Get(id), s)
	}
}

// expiryFromExpires gives a stored session a new end, long before the old one, as an application does that sets expires.
func expiryFromExpires(t *engine.C) {
	l := newLife(t, 24*time.Hour, "user", t.Tag())
	l.session.Cookie = expiringCookie(t, t.Now().Add(shortestLife(t)))
	expectGone(t, newLifeAs(t.Instance, l.id, l.session))
}

func expiryOverOriginalMaxAge(t *engine.C) {
	s := t.SessionFor(time.Hour, "user", t.Tag())
	s.Cookie.RestoreExpires(t.Now().Add(shortestLife(t)))
	expectGone(t, newLifeWith(t, s))
}

func expiryMilliseconds(t *engine.C) {
	minutes, seconds := newLife(t, 20*time.Minute, "user", t.Tag()), newLife(t, shortestLife(t), "user", t.Tag())
	t.Until(t.Now().Add(max(3*time.Second, 3*t.Granularity())))
	expectAlive(t, minutes)
	expectGone(t, seconds)
}

func expiryLong(t *engine.C) {
	const day = 24 * time.Hour
	lives := []life{newLife(t, 25*day, "days", 25), newLife(t, 31*day, "days", 31), newLife(t, 3652*day, "days", 3652)}
	for _, l := range lives {
		expectAlive(t, l)
	}
	t.Until(t.Now().Add(time.Second))
	for _, l := range lives {
		expectAlive(t, l)
	}
	if t.Injected() {
		for _, l := range lives {
			t.Until(l.expires.Add(-t.Granularity() - time.Millisecond))
			expectAlive(t, l)
			expectGone(t, l)
		}
	}
}

func expiryVeryLong(t *engine.C) {
	var kept []life
	for _, end := range []time.Time{
		t.Now().AddDate(100, 0, 0),
		time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
		time.UnixMilli(8_640_000_000_000_000),
	} {
		l := life{id: t.ID(), session: t.SessionWith(expiringCookie(t, end), "user", t.Tag()), expires: end}
		if err := t.TrySet(l.id, l.session); err != nil {
			expectRefusal(t, err)
			continue
		}
		expectAlive(t, l)
		kept = append(kept, l)
	}
	t.Until(t.Now().Add(time.Second))
	for _, l := range kept {
		expectAlive(t, l)
	}
}

func expiryFractional(t *engine.C) {
	expectAlive(t, newLife(t, 60*time.Second+750*time.Microsecond, "user", t.Tag()))
}

func expiryPlainCookie(t *engine.C) {
	l := life{id: t.ID(), session: t.SessionFor(shortestLife(t), "user", t.Tag())}
	l.expires, _ = l.session.Cookie.Expires()
	start := time.Now()
	t.Probe(probe.Call{Method: "set", ID: l.id, Session: l.session.JSON(), Plain: true})
	l.took = time.Since(start)
	expectGone(t, l)
}

func expiryAllExcludes(t *engine.C) {
	t.Patient(4)
	owner, another := t.Tag(), t.Tag()
	expired := map[string]bool{owner: true}
	touched, shortens := touchShorter(t.Instance, shortestLife(t), "owner", another)
	l := newLife(t, shortestLife(t), "owner", owner)
	t.Until(goneBy(t, l))
	if shortens {
		t.Until(goneBy(t, touched))
		// Another requirement judges a touch that does not shorten lives.
		expired[another] = t.Find(touched.id) == nil
	}
	for _, s := range t.All() {
		var got string
		if _, err := s.Decode("owner", &got); err == nil && expired[got] {
			t.Fail("wanted    no expired session among all\ngot       %s", phrase.Session(s))
		}
	}
}

func expiryAllProlonged(t *engine.C) {
	t.Patient(4)
	l := newMarked(t, t.ID())
	l.session = t.SessionFor(shortestLife(t), engine.Marker, l.marker)
	first := newLifeAs(t.Instance, l.id, l.session)
	prolong(t, first, time.Hour)
	t.Until(goneBy(t, first))
	elements := allElementsOf(t)
	// Another requirement judges a touch that does not prolong lives.
	if len(l.in(elements)) == 0 && t.Find(l.id) != nil {
		t.Fail("wanted    %s among the sessions of all\ngot       %d sessions without it", phrase.Session(l.session), len(elements))
	}
}

func expiryLengthExcludes(t *engine.C) {
	before := t.Length()
	l := life{id: t.ID(), session: t.SessionFor(100*time.Millisecond, "user", t.Tag())}
	l.expires, _ = l.session.Cookie.Expires()
	if err := t.TrySet(l.id, l.session); err != nil {
		t.Skip("the store refuses a short life")
	}
	last := l
	touched, shortens := touchShorter(t.Instance, 100*time.Millisecond, "user", t.Tag())
	if shortens {
		last = touched
	}
	for t.Length() > before {
		if t.Now().Before(goneBy(t, last)) {
			t.Until(t.Now().Add(50 * time.Millisecond))
			continue
		}
		n := t.Length() - before
		if touched.id != "" && t.Find(touched.id) != nil {
			// Another requirement judges a touch that does not shorten lives.
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

func expirySweepSparesLive(t *engine.C) {
	var long, short []*spec.Session
	for i := range 24 {
		if i%3 == 0 {
			short = append(short, t.SessionFor(shortestLife(t), "n", i))
		} else {
			long = append(long, t.Session("n", i))
		}
	}
	live, over := newLives(t, long...), newLives(t, short...)
	for _, l := range over {
		t.Until(goneBy(t, l))
	}
	t.Parallel(len(over), func(i int) error {
		_, err := t.TryGet(over[i].id)
		return err
	})
	for range 2 {
		newLife(t, time.Hour, "user", t.Tag())
	}
	for _, l := range live {
		expectAlive(t, l)
	}
}

func expiryRolling(t *engine.C) {
	start, step := t.Now(), shortestLife(t)/6
	first := newLife(t, shortestLife(t), "views", 0)
	last := first
	for i := 1; i <= 3; i++ {
		t.Until(start.Add(time.Duration(i) * step))
		// Each later life is twice as long as the first, so that the look after the first end comes well before the last end.
		last = newLifeAs(t.Instance, first.id, t.SessionFor(2*shortestLife(t), "views", i))
	}
	t.Until(goneBy(t, first))
	expectAlive(t, last)
}

func expiryLatestWins(t *engine.C) {
	l := newLife(t, time.Hour, "user", t.Tag())
	short := newLifeAs(t.Instance, l.id, t.SessionFor(shortestLife(t), "user", t.Tag()))
	other := newLife(t, shortestLife(t), "user", t.Tag())
	endless := t.SessionWith(spec.NewCookie(), "user", t.Tag())
	t.Set(other.id, endless)
	expectGone(t, short)
	t.Until(goneBy(t, other))
	expectData(t, t.Get(other.id), endless)
}

func expiryGetDoesNotExtend(t *engine.C) {
	l := newLife(t, shortestLife(t), "user", t.Tag())
	for at := t.Now(); at.Before(goneBy(t, l)); at = at.Add(shortestLife(t) / 6) {
		t.Until(at)
		t.Find(l.id)
	}
	expectGone(t, l)
}

// expiringCookie returns the cookie of an application that has set expires to a date. The setter of express-session makes originalMaxAge
// the time until then.
func expiringCookie(t *engine.C, end time.Time) spec.Cookie {
	cookie := spec.NewCookie()
	left := end.UnixMilli() - t.Now().UnixMilli()
	if err := cookie.SetRaw("originalMaxAge", strconv.AppendInt(nil, left, 10)); err != nil {
		t.Broken(err)
	}
	cookie.RestoreExpires(end)
	return cookie
}
