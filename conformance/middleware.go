package conformance

import (
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var middlewareChecks = []check{
	{requirement: contract.MiddlewareVisits, body: middlewareVisits},
	{requirement: contract.MiddlewareEmptied, body: middlewareEmptied},
	{requirement: contract.MiddlewareCookieKept, body: middlewareCookieKept},
	{requirement: contract.MiddlewareActiveUser, body: middlewareActiveUser, when: timed},
	{requirement: contract.MiddlewareBrowserSession, body: middlewareBrowserSession},
	{requirement: contract.MiddlewareLogin, body: middlewareLogin},
	{requirement: contract.MiddlewareLogoutElsewhere, body: middlewareLogoutElsewhere},
	{requirement: contract.MiddlewareSaveElsewhere, body: middlewareSaveElsewhere},
	{requirement: contract.MiddlewareBothSave, body: middlewareBothSave},
	{requirement: contract.MiddlewareEarlySave, body: middlewareEarlySave, when: timed},
}

func middlewareVisits(t *C) {
	user := t.Tag()
	r := t.newVisitor(t.Session("user", user, "views", 0))
	r.end()
	for views := range 5 {
		r = t.visit(r.id)
		t.expectData(r.session, t.Session("user", user, "views", views))
		r.put("views", views+1)
		r.end()
	}
	t.expectData(t.Get(r.id), t.Session("user", user, "views", 5))
}

func middlewareEmptied(t *C) {
	user := t.Tag()
	r := t.newVisitor(t.Session("user", user))
	r.end()
	r = t.visit(r.id)
	r.session.Delete("user")
	r.end()
	got := t.Get(r.id)
	if got == nil {
		return // That an empty session is found is another requirement's matter.
	}
	t.expectData(got, t.Session())
	r = t.inflate(r.id, got)
	r.put("cart", user)
	r.end()
	t.expectData(t.Get(r.id), t.Session("cart", user))
}

func middlewareCookieKept(t *C) {
	s := t.Session("user", t.Tag())
	s.Cookie.SetDomain("example.com")
	s.Cookie.SetSecure(true)
	s.Cookie.SetSameSite("lax")
	r := t.newVisitor(s)
	r.end()
	want := t.visit(r.id).session.Cookie
	expires, _ := want.Expires()
	want.SetExpires(expires)
	for range 3 {
		t.visit(r.id).end()
		got := t.visit(r.id).session.Cookie
		got.SetExpires(expires)
		if difference := t.CookieDiff(want, got); difference != "" {
			t.Fail("wanted    the cookie as it was before, expires aside\ngot       %s", difference)
		}
	}
}

func middlewareActiveUser(t *C) {
	age := t.lifetime()
	l := t.live(age, "user", t.Tag())
	t.visitUntil(t.over(l), age, func() {
		r := t.inflate(l.id, t.expectAlive(l))
		start := t.Now()
		err := r.tryEnd()
		t.inTime(l) // an error for a session that may have been over is another requirement's matter
		r.mustSucceed("the end of the request", err)
		l.expires = start.Add(age)
	})
	t.expectAlive(l)
}

// visitUntil visits a session that lives for age, every third of that, until a moment and at that moment.
func (t *C) visitUntil(when time.Time, age time.Duration, visit func()) {
	for t.Now().Before(when) {
		next := t.Now().Add(age / 3)
		if next.After(when) {
			next = when
		}
		t.Until(next)
		visit()
	}
}

func middlewareBrowserSession(t *C) {
	r := t.newVisitor(t.SessionWith(spec.NewCookie(), "user", t.Tag()))
	r.end()
	if _, ends := t.visit(r.id).session.Cookie.Expires(); ends {
		t.Skip("the cookie has an expiry before any visit, which is the matter of %s", contract.GetUsableCookie.ID)
	}
	for _, changes := range []bool{false, false, true, false} {
		r = t.visit(r.id)
		if changes {
			r.put("cart", t.Tag())
		}
		r.end()
		cookie := t.visit(r.id).session.Cookie
		if expires, ends := cookie.Expires(); ends {
			t.Fail("wanted    a cookie without an expiry\ngot       expires %s", expires.Format(time.RFC3339Nano))
		}
		if age, counts := cookie.OriginalMaxAge(); counts {
			t.Fail("wanted    a cookie without an originalMaxAge\ngot       originalMaxAge %d", age.Milliseconds())
		}
	}
}

func middlewareLogin(t *C) {
	cart, user := t.Tag(), t.Tag()
	old := t.newVisitor(t.Session("cart", cart))
	old.end()
	r := t.visit(old.id)
	held := r.session
	r.regenerate()
	for name, value := range held.Members() {
		if err := r.session.SetRaw(name, value); err != nil {
			t.broken(err)
		}
	}
	r.put("user", user)
	r.end()
	t.Expect(t.Find(old.id)).To(BeMissing())
	t.expectData(t.visit(r.id).session, t.Session("cart", cart, "user", user))
}

func middlewareLogoutElsewhere(t *C) {
	r := t.newVisitor(t.Session("user", t.Tag()))
	r.end()
	slow, slower, r := t.visit(r.id), t.visit(r.id), t.visit(r.id)
	r.logout()
	_ = slow.tryEnd() // it may be answered with an error
	t.Expect(t.Find(r.id)).To(BeMissing())
	_ = slower.tryEnd()
	t.Expect(t.Find(r.id)).To(BeMissing())
}

func middlewareSaveElsewhere(t *C) {
	user := t.Tag()
	r := t.newVisitor(t.Session("user", user, "cart", []string{}))
	r.end()
	slow, r := t.visit(r.id), t.visit(r.id)
	r.put("cart", []string{"tea"})
	r.end()
	slow.end()
	t.expectData(t.Get(r.id), t.Session("user", user, "cart", []string{"tea"}))
}

func middlewareBothSave(t *C) {
	user := t.Tag()
	r := t.newVisitor(t.Session("user", user))
	r.end()
	for range 2 {
		one, other := t.visit(r.id), t.visit(r.id)
		cart := t.Tag()
		other.put("cart", t.Tag())
		other.end()
		one.put("cart", cart)
		one.end()
		t.expectData(t.Get(r.id), t.Session("user", user, "cart", cart))
	}
}

func middlewareEarlySave(t *C) {
	user := t.Tag()
	first := t.live(t.lifetime(), "user", user)
	long := t.prolong(first, time.Hour)
	t.Until(t.over(first))
	got := t.Get(long.id)
	if got == nil {
		t.Skip("touch did not keep the session alive, which is the matter of %s", contract.TouchExtends.ID)
	}
	r := t.inflate(long.id, got)
	r.put("cart", "tea")
	r.save()
	r.end()
	// A store that has kept the first cookie was asked for no more than its life.
	expires, _ := r.session.Cookie.Expires()
	t.expectAlive(life{id: long.id, session: t.Session("user", user, "cart", "tea"), expires: expires})
}
