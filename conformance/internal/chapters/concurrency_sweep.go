package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// Sessions that have ended are set anew one after the other, so that a sweep meets some of them between its look and its removal.
const (
	renewals    = 100
	renewalGap  = 5 * time.Millisecond
	renewalTime = 1500 * time.Millisecond
)

func concurrencySweepAndRefresh(t *engine.C) {
	ended := setTogether(t, renewals, shortestLife(t))
	races := newRaces(t, racesInAll, shortestLife(t)+renewalTime, raceKind{first: raceSet, second: raceGet})
	end := life{expires: races[racesInAll-1].expires, took: races[0].took}
	t.Until(ended[0].expires)
	renewed := renew(t, ended, renewalGap)
	half := races[:racesInAll/2]
	for _, moment := range []time.Time{end.expires, goneBy(t, end)} {
		t.Until(moment)
		runRaces(t, half)
		for _, r := range half {
			t.ShowCallsAbout(r.id)
			t.MustSucceed("set", r.errs[0])
			expectData(t, r.got, r.fresh)
		}
		t.ShowCallsAbout("")
		half = races[racesInAll/2:]
	}
	expectRenewed(t, renewed)
}

// setTogether sets sessions that live for d, side by side.
func setTogether(t *engine.C, n int, d time.Duration) []life {
	lives := make([]life, n)
	for k := range lives {
		lives[k] = life{id: t.ID(), session: t.SessionFor(d, "user", t.Tag())}
		lives[k].expires, _ = lives[k].session.Cookie.Expires()
	}
	start := time.Now()
	for _, err := range t.Parallel(n, func(k int) error { return t.TrySet(lives[k].id, lives[k].session) }) {
		t.MustSucceed("set", err)
	}
	for k := range lives {
		lives[k].took = time.Since(start)
	}
	return lives
}

// renew sets sessions anew, one after the other with a pause between, for as long as there is time, and returns those that it has set. The order
// is not the one in which they were set first, in which a sweep may run ahead of the sets. Other requirements judge an error.
func renew(t *engine.C, lives []life, gap time.Duration) (renewed []life) {
	t.Rand.Shuffle(len(lives), func(a, b int) { lives[a], lives[b] = lives[b], lives[a] })
	start := time.Now()
	for _, l := range lives {
		if time.Since(start) > renewalTime {
			break
		}
		l.session = t.SessionFor(time.Hour, "user", t.Tag())
		if t.TrySet(l.id, l.session) == nil {
			renewed = append(renewed, l)
		}
		t.Until(t.Now().Add(gap))
	}
	return renewed
}

// expectRenewed fails the check unless each session is found as it was set last, when a sweep that has met it must be over.
func expectRenewed(t *engine.C, lives []life) {
	t.Until(t.Now().Add(engine.Settle))
	found, errs := getTogether(t, len(lives), func(k int) (*spec.Session, error) { return t.TryFind(lives[k].id) })
	for k, l := range lives {
		t.ShowCallsAbout(l.id)
		t.MustSucceed("get", errs[k])
		expectData(t, found[k], l.session)
	}
	t.ShowCallsAbout("")
}
