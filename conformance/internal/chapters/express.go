package chapters

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var expressChecks = []engine.Check{
	{Requirement: contract.ExpressCreateSession, Body: expressCreateSession},
	{Requirement: contract.ExpressLoad, Body: expressLoad},
	{Requirement: contract.ExpressReload, Body: expressReload},
	{Requirement: contract.ExpressRegenerate, Body: expressRegenerate},
}

// A madeSession is what the target says about the session that express-session has made.
type madeSession struct {
	Found          bool            `json:"found"`
	IsSession      bool            `json:"isSession"`    // by what it can do
	SessionLacks   string          `json:"sessionLacks"` // what it cannot do
	ID             string          `json:"id"`
	CookieIsCookie bool            `json:"cookieIsCookie"`
	CookieLacks    string          `json:"cookieLacks"`
	Expires        *string         `json:"expires"`
	ExpiresIsDate  bool            `json:"expiresIsDate"`
	OriginalMaxAge json.RawMessage `json:"originalMaxAge"`
	Session        json.RawMessage `json:"session"`
	Replaced       bool            `json:"replaced"` // by an object other than the one before

	Generated                int  `json:"generated"` // how often generate was called
	GeneratedBeforeDestroyed bool `json:"generatedBeforeDestroyed"`
	GeneratedBeforeCallback  bool `json:"generatedBeforeCallback"`
	DestroyedCalled          bool `json:"destroyedCalled"` // with the id of the request
}

// callExpress calls a method of express-session itself, which works on the store.
func callExpress(t *engine.C, method, id string) (madeSession, probe.Outcome) {
	out := t.Probe(probe.Call{Method: method, ID: id})
	var m madeSession
	if out.Value != nil {
		if err := json.Unmarshal(out.Value, &m); err != nil {
			t.Broken(fmt.Errorf("the target's summary of %s: %w", method, err))
		}
	}
	return m, out
}

// mustCallExpress is callExpress for a call that must succeed with a Session.
func mustCallExpress(t *engine.C, method, id string) madeSession {
	m, out := callExpress(t, method, id)
	switch err := out.Err(method); {
	case err != nil:
		t.Fail("wanted    %s to succeed\ngot       %v", method, err)
	case method != "regenerate" && !m.Found:
		t.Fail("wanted    %s to find the session\ngot       none", method)
	case !m.IsSession:
		t.Fail("wanted    a session from %s that can do what a Session can\ngot       %s", method, cmp.Or(m.SessionLacks, "something else"))
	}
	return m
}

func expressCreateSession(t *engine.C) {
	forever := spec.NewCookie()
	for _, want := range []*spec.Session{t.Session("user", t.Tag()), t.SessionWith(forever, "user", t.Tag())} {
		id := t.ID()
		t.Set(id, want)
		got := mustCallExpress(t, "createSession", id)
		if !got.CookieIsCookie {
			t.Fail("wanted    a cookie that can do what a Cookie can\ngot       %s", cmp.Or(got.CookieLacks, "something else"))
		}
		if expires, ends := want.Cookie.Expires(); !ends {
			if got.Expires != nil {
				t.Fail("wanted    a cookie without an expiry\ngot       expires %s", *got.Expires)
			}
		} else if got.Expires == nil || !got.ExpiresIsDate || !isDateOf(t, *got.Expires, expires) {
			t.Fail("wanted    the cookie's expires to be the Date %s\ngot       %s", expires.Format(time.RFC3339Nano), shownExpires(got))
		}
		age, _ := want.Cookie.Raw("originalMaxAge")
		if difference := spec.Diff(age, got.OriginalMaxAge); difference != "" {
			t.Fail("wanted    the cookie's originalMaxAge to be %s\ngot       %s", age, got.OriginalMaxAge)
		}
	}
}

// isDateOf reports whether a text is the date of an instant, as exactly as the store shows time.
func isDateOf(t *engine.C, text string, want time.Time) bool {
	got, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && sameInstant(t, got, want)
}

// shownExpires says which expires a made session has.
func shownExpires(m madeSession) string {
	switch {
	case m.Expires == nil:
		return "none"
	case !m.ExpiresIsDate:
		return *m.Expires + ", which is no Date"
	}
	return *m.Expires
}

func expressLoad(t *engine.C) {
	id, want := t.ID(), t.Session("user", t.Tag())
	t.Set(id, want)
	expectMade(t, mustCallExpress(t, "load", id), want)

	got, out := callExpress(t, "load", t.ID())
	switch {
	case out.Error != nil && out.Error.Code == "ENOENT":
	case out.Err("load") != nil:
		t.Fail("wanted    load of a missing session to call back without an error\ngot       %v", out.Err("load"))
	case got.Found:
		t.Fail("wanted    load of a missing session to find none\ngot       %s", phrase.Text(string(got.Session)))
	}
}

// expectMade fails the check unless express-session has made a session with the data of want.
func expectMade(t *engine.C, got madeSession, want *spec.Session) {
	s, err := spec.ParseSession(got.Session)
	if err != nil {
		t.Broken(fmt.Errorf("the target's summary of a session: %w", err))
	}
	expectData(t, s, want)
}

func expressReload(t *engine.C) {
	id, want := t.ID(), t.Session("version", 2, "user", t.Tag())
	t.Set(id, t.Session("version", 1))
	t.Set(id, want)
	got := mustCallExpress(t, "reload", id)
	if !got.Replaced {
		t.Fail("wanted    reload to give the request another session object\ngot       the one from before")
	}
	expectMade(t, got, want)
	expectData(t, t.Get(id), want)

	if _, out := callExpress(t, "reload", t.ID()); out.Error == nil {
		t.Fail("wanted    reload of a missing session to call back with an error\ngot       %s", phrase.Outcome("reload", out))
	}
}

func expressRegenerate(t *engine.C) {
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	got := mustCallExpress(t, "regenerate", id)
	switch {
	case !got.DestroyedCalled:
		t.Fail("wanted    regenerate to destroy the id of the request\ngot       no destroy of it")
	case got.Generated != 1:
		t.Fail("wanted    regenerate to call generate once\ngot       %d calls", got.Generated)
	case got.GeneratedBeforeDestroyed:
		t.Fail("wanted    generate after destroy has called back\ngot       generate before that")
	case !got.GeneratedBeforeCallback:
		t.Fail("wanted    generate before the callback of regenerate\ngot       generate after it")
	case !got.Replaced || got.ID == id:
		t.Fail("wanted    a new session under a new id\ngot       the old one")
	}
	t.Expect(t.Get(id)).To(compare.BeMissing())
}
