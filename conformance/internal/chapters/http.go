package chapters

import (
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var httpChecks = []engine.Check{
	{Requirement: contract.HTTPCounter, Body: httpCounter},
	{Requirement: contract.HTTPSaveUninitialized, Body: httpSaveUninitialized},
	{Requirement: contract.HTTPLogin, Body: httpLogin},
	{Requirement: contract.HTTPLogoutElsewhere, Body: httpLogoutElsewhere},
	{Requirement: contract.HTTPUnset, Body: httpUnset},
	{Requirement: contract.HTTPRolling, Body: httpRolling, When: engine.Timed},
	{Requirement: contract.HTTPParallel, Body: httpParallel},
	{Requirement: contract.HTTPLogoutAndSave, Body: httpLogoutAndSave},
	{Requirement: contract.HTTPLogoutReading, Body: httpLogoutReading},
}

// siteAge is how long the sessions of a site live. Those of httpCounter have no end, as where a site gives no maxAge: what a run that is killed
// leaves of the others is gone soon.
const siteAge = time.Hour

func httpCounter(t *engine.C) {
	b := serveSite(t, probe.Site{}).browser("the visitor")
	for views := range 3 {
		expectData(t, b.get("/visit").Session, t.Session("views", views+1))
	}
	b.get("/put?item=tea")
	b.get("/put?item=milk")
	expectData(t, b.get("/look").Session, t.Session("views", 3, "cart", []string{"tea", "milk"}))
}

func httpSaveUninitialized(t *engine.C) {
	b := serveSite(t, probe.Site{SaveUninitialized: true, MaxAge: siteAge}).browser("the visitor")
	first := b.get("/look")
	if second := b.get("/look"); second.ID != first.ID {
		t.Fail("wanted    the session of the first page\ngot       a new one: it is missing")
	}
	b.get("/visit")
	expectData(t, b.get("/look").Session, t.Session("views", 1))
}

func httpLogin(t *engine.C) {
	b := serveSite(t, probe.Site{MaxAge: siteAge}).browser("the visitor")
	old := b.get("/visit")
	other := b.copied("who has seen the cookie before")
	b.get("/login?user=ann")
	expectData(t, b.get("/look").Session, t.Session("views", 1, "user", "ann"))
	other.expectUnknown(old)
}

// expectUnknown fails the check when the cookies of the browser still lead to the session of an old page.
func (b *browser) expectUnknown(old sitePage) {
	if now := b.get("/look"); now.ID == old.ID {
		b.c.Fail("wanted    no session for the cookie from before\ngot       %s", phrase.Session(now.Session))
	}
}

// logoutMeanwhile logs out in one tab while a page of another tab is on its way, and returns the last page before.
func (b *browser) logoutMeanwhile(path string) sitePage {
	b.get("/visit")
	old := b.get("/login?user=ann")
	letGo := b.tab("tab 2").hold(path)
	b.get("/logout")
	letGo()
	return old
}

func httpLogoutElsewhere(t *engine.C) {
	b := serveSite(t, probe.Site{MaxAge: siteAge}).browser("tab 1")
	b.expectUnknown(b.logoutMeanwhile("/look"))
}

func httpUnset(t *engine.C) {
	b := serveSite(t, probe.Site{Unset: "destroy", MaxAge: siteAge}).browser("the visitor")
	old := b.get("/visit")
	b.get("/forget")
	b.expectUnknown(old)
}

func httpRolling(t *engine.C) {
	age := shortestLife(t)
	b := serveSite(t, probe.Site{Rolling: true, MaxAge: age}).browser("the visitor")
	start := t.Now()
	b.get("/visit")
	l := life{expires: start.Add(age), took: t.Now().Sub(start)} // at the earliest; at the latest later by took
	visitUntil(t, goneBy(t, l), age, func() {
		start := t.Now()
		p := b.get("/look")
		expectInTime(t, l)
		expectData(t, p.Session, t.Session("views", 1))
		l.expires = start.Add(age)
	})
}

func httpParallel(t *engine.C) {
	s := serveSite(t, probe.Site{MaxAge: siteAge})
	b := s.browser("the visitor")
	b.get("/put?item=tea")
	letGo := b.hold(slices.Repeat([]string{"/look", "/visit"}, 6)...)
	pages := append(letGo(), b.get("/look"))
	reported, err := s.errors()
	s.expect("/errors", err)
	reported = slices.Compact(reported)
	for _, p := range pages {
		var cart []string
		views := 0
		if p.Session != nil {
			_, _ = p.Session.Decode("cart", &cart)
			_, _ = p.Session.Decode("views", &views)
		}
		if !slices.Equal(cart, []string{"tea"}) || views > 1 {
			// A save that failed is why a page does not know the visitor.
			t.Fail("wanted    each page to know the visitor with the tea, who was counted once or not yet\ngot       %s",
				strings.Join(append([]string{phrase.Session(p.Session)}, reported...), "\n"))
		}
	}
	if len(reported) > 0 {
		t.Fail("wanted    nothing to fail\ngot       %s", strings.Join(reported, "\n"))
	}
}

func httpLogoutAndSave(t *engine.C) {
	b := serveSite(t, probe.Site{MaxAge: siteAge}).browser("tab 1")
	if old := b.logoutMeanwhile("/visit"); b.get("/look").ID == old.ID {
		t.Observe("the session is back")
	} else {
		t.Observe("the session stays destroyed")
	}
}

// httpLogoutReading shows the calls that the middleware has made: they are why the session is back.
func httpLogoutReading(t *engine.C) {
	s := serveSite(t, probe.Site{Rolling: true, SaveUninitialized: true, MaxAge: siteAge})
	b := s.browser("tab 1")
	old := b.logoutMeanwhile("/look")
	calls := s.callsOf(old.ID)
	if back := b.get("/look").ID == old.ID; !back {
		t.Observe("the session stays destroyed")
		return
	}
	for _, call := range calls {
		t.Log("%s called %s", t.Profile().Name, call)
	}
	t.Observe("the session is back, as %s brings it about: with rolling sessions it has called %s, the last one with what the page had read before the logout; no store can tell this set from another",
		t.Profile().Name, strings.Join(calls, ", "))
}
