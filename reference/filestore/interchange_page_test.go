package filestore_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// A session that is made here ends when it should, also after Node has served a page of it: the page renews the life that it was given, and
// does not give it the ttl of an hour.
func TestInterchangePage(t *testing.T) {
	n := startNPM(t)
	const life = 20 * time.Minute
	for name, cookie := range map[string]func(*spec.Cookie){
		"SetMaxAge":             func(c *spec.Cookie) { c.SetMaxAge(time.Now(), life) },
		"SetExpires":            func(c *spec.Cookie) { c.SetExpires(time.Now().Add(life)) },
		"SetExpires with Touch": func(c *spec.Cookie) { c.SetExpires(time.Now().Add(life)); c.Touch(time.Now()) },
	} {
		t.Run(name, func(t *testing.T) {
			variant := variant{name, object{}, filestore.Options{}}
			s := variant.open(t, n)
			session := spec.NewSession(spec.NewCookie())
			cookie(&session.Cookie)
			must(t, s.Set(t.Context(), "visitor", session))
			var known string
			must(t, json.Unmarshal(n.call(t, "page", "visitor"), &known))
			if known != "visitor" {
				t.Fatalf("the site takes the visitor for %q", known)
			}
			got, err := s.Get(t.Context(), "visitor")
			must(t, err)
			if left, ends := got.Cookie.MaxAge(time.Now()); !ends || left > life || left < life-time.Minute {
				t.Errorf("after the page the cookie is %s, want an end in %v", got.Cookie, life)
			}
			variant.here.Now = func() time.Time { return time.Now().Add(life + time.Minute) }
			later := open(t, variant.npm["path"].(string), variant.here)
			if got, err := later.Get(t.Context(), "visitor"); err != nil || got != nil {
				t.Errorf("a minute after its end there is %v, %v", got, err)
			}
		})
	}
}

// What the package documentation says of numbers: a page of Node writes those of JavaScript.
func TestInterchangeNumbers(t *testing.T) {
	n := startNPM(t)
	s := variant{"", object{}, filestore.Options{}}.open(t, n)
	session := parse(t, `{"cookie":{"originalMaxAge":3600000},"user":9007199254740993,"safe":-9007199254740991,"huge":1e400,"zero":-0}`)
	session.Cookie.SetMaxAge(time.Now(), time.Hour)
	must(t, s.Set(t.Context(), "visitor", session))
	wantHere(t, s, "visitor", session.JSON())
	n.call(t, "page", "visitor")
	got, err := s.Get(t.Context(), "visitor")
	must(t, err)
	for name, want := range map[string]string{"user": "9007199254740992", "safe": "-9007199254740991", "huge": "null", "zero": "0"} {
		if raw, _ := got.Raw(name); string(raw) != want {
			t.Errorf("%s is %s, want %s", name, raw, want)
		}
	}
}
