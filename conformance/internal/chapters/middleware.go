package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var middlewareChecks = []engine.Check{
	{Requirement: contract.MiddlewareVisits, Body: middlewareVisits},
	{Requirement: contract.MiddlewareEmptied, Body: middlewareEmptied},
	{Requirement: contract.MiddlewareCookieKept, Body: middlewareCookieKept},
	{Requirement: contract.MiddlewareActiveUser, Body: middlewareActiveUser, When: engine.Timed},
	{Requirement: contract.MiddlewareBrowserSession, Body: middlewareBrowserSession},
	{Requirement: contract.MiddlewareMaxAgeChange, Body: middlewareMaxAgeChange},
	{Requirement: contract.MiddlewareLogin, Body: middlewareLogin},
	{Requirement: contract.MiddlewareLogoutElsewhere, Body: middlewareLogoutElsewhere},
	{Requirement: contract.MiddlewareSaveElsewhere, Body: middlewareSaveElsewhere},
	{Requirement: contract.MiddlewareBothSave, Body: middlewareBothSave},
	{Requirement: contract.MiddlewareEarlySave, Body: middlewareEarlySave, When: engine.Timed},
}

func middlewareVisits(t *engine.C) {
	user := t.Tag()
	r := newVisitor(t, t.Session("user", user, "views", 0))
	r.end()
	for views := range 5 {
		r = beginVisit(t, r.id)
		expectData(t, r.session, t.Session("user", user, "views", views))
		r.put("views", views+1)
		r.end()
	}
	expectData(t, t.Get(r.id), t.Session("user", user, "views", 5))
}

func middlewareEmptied(t *engine.C) {
	user := t.Tag()
	r := newVisitor(t, t.Session("user", user))
	r.end()
	r = beginVisit(t, r.id)
	r.session.Delete("user")
	r.end()
	got := t.Get(r.id)
	if got == nil {
		return // another requirement judges whether an empty session is found
	}
	expectData(t, got, t.Session())
	r = inflateSession(t, r.id, got)
	r.put("cart", user)
	r.end()
	expectData(t, t.Get(r.id), t.Session("cart", user))
}

func middlewareCookieKept(t *engine.C) {
	s := t.Session("user", t.Tag())
	s.Cookie.SetDomain("example.com")
	s.Cookie.SetSecure(true)
	s.Cookie.SetSameSite("lax")
	r := newVisitor(t, s)
	r.end()
	want := beginVisit(t, r.id).session.Cookie
	expires, _ := want.Expires()
	want.RestoreExpires(expires)
	for range 3 {
		beginVisit(t, r.id).end()
		got := beginVisit(t, r.id).session.Cookie
		got.RestoreExpires(expires)
		if difference := compare.Cookie(want, got, t.Subject().ShownWithin()); difference != "" {
			t.Fail("wanted    the cookie as it was before, expires aside\ngot       %s", difference)
		}
	}
}

func middlewareActiveUser(t *engine.C) {
	age := shortestLife(t)
	l := newLife(t, age, "user", t.Tag())
	visitUntil(t, goneBy(t, l), age, func() {
		r := inflateSession(t, l.id, expectAlive(t, l))
		start := t.Now()
		err := r.tryEnd()
		expectInTime(t, l) // another requirement judges an error for a session that may have been over
		r.MustSucceed("the end of the request", err)
		l.expires = start.Add(age)
	})
	expectAlive(t, l)
}

func middlewareBrowserSession(t *engine.C) {
	r := newVisitor(t, t.SessionWith(spec.NewCookie(), "user", t.Tag()))
	r.end()
	if _, ends := beginVisit(t, r.id).session.Cookie.Expires(); ends {
		t.Skip("the cookie has an expiry before any visit, which is the matter of %s", contract.GetUsableCookie.ID)
	}
	for _, changes := range []bool{false, false, true, false} {
		r = beginVisit(t, r.id)
		if changes {
			r.put("cart", t.Tag())
		}
		r.end()
		cookie := beginVisit(t, r.id).session.Cookie
		if expires, ends := cookie.Expires(); ends {
			t.Fail("wanted    a cookie without an expiry\ngot       expires %s", expires.Format(time.RFC3339Nano))
		}
		if age, counts := cookie.OriginalMaxAge(); counts {
			t.Fail("wanted    a cookie without an originalMaxAge\ngot       originalMaxAge %d", age.Milliseconds())
		}
	}
}

func middlewareLogin(t *engine.C) {
	cart, user := t.Tag(), t.Tag()
	old := newVisitor(t, t.Session("cart", cart))
	old.end()
	r := beginVisit(t, old.id)
	held := r.session
	r.regenerate()
	for name, value := range held.Members() {
		if err := r.session.SetRaw(name, value); err != nil {
			t.Broken(err)
		}
	}
	r.put("user", user)
	r.end()
	t.Expect(t.Find(old.id)).To(compare.BeMissing())
	expectData(t, beginVisit(t, r.id).session, t.Session("cart", cart, "user", user))
}

func middlewareLogoutElsewhere(t *engine.C) {
	r := newVisitor(t, t.Session("user", t.Tag()))
	r.end()
	slow, slower, r := beginVisit(t, r.id), beginVisit(t, r.id), beginVisit(t, r.id)
	r.logout()
	_ = slow.tryEnd() // a store may answer with an error
	t.Expect(t.Find(r.id)).To(compare.BeMissing())
	_ = slower.tryEnd()
	t.Expect(t.Find(r.id)).To(compare.BeMissing())
}

func middlewareSaveElsewhere(t *engine.C) {
	user := t.Tag()
	r := newVisitor(t, t.Session("user", user, "cart", []string{}))
	r.end()
	slow, r := beginVisit(t, r.id), beginVisit(t, r.id)
	r.put("cart", []string{"tea"})
	r.end()
	slow.end()
	expectData(t, t.Get(r.id), t.Session("user", user, "cart", []string{"tea"}))
}

func middlewareBothSave(t *engine.C) {
	user := t.Tag()
	r := newVisitor(t, t.Session("user", user))
	r.end()
	for range 2 {
		one, other := beginVisit(t, r.id), beginVisit(t, r.id)
		cart := t.Tag()
		other.put("cart", t.Tag())
		other.end()
		one.put("cart", cart)
		one.end()
		expectData(t, t.Get(r.id), t.Session("user", user, "cart", cart))
	}
}

func middlewareEarlySave(t *engine.C) {
	user := t.Tag()
	first := newLife(t, shortestLife(t), "user", user)
	long := prolong(t, first, time.Hour)
	t.Until(goneBy(t, first))
	got := t.Get(long.id)
	if got == nil {
		t.Skip("touch did not keep the session alive, which is the matter of %s", contract.TouchExtends.ID)
	}
	r := inflateSession(t, long.id, got)
	r.put("cart", "tea")
	r.save()
	r.end()
	// A get may still show the first cookie. The request then asks for no longer life than that.
	expires, _ := r.session.Cookie.Expires()
	expectAlive(t, life{id: long.id, session: t.Session("user", user, "cart", "tea"), expires: expires})
}
