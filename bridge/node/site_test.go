package node_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/spec/probe"
)

// A visitor asks a site for pages.
type visitor struct {
	t      *testing.T
	url    string
	client http.Client
}

func visit(t *testing.T, s *bridge.Store, site probe.Site) *visitor {
	t.Helper()
	url, err := s.Serve(t.Context(), site)
	if err != nil {
		t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t, url, http.Client{Jar: jar, Transport: transport}}
}

// page returns the status and the answer, with the id as ID and without the cookie.
func (v *visitor) page(path string) string {
	response, err := v.client.Get(v.url + path)
	if err != nil {
		return "no answer"
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "half an answer"
	}
	var answer struct {
		ID      string         `json:"id"`
		Session map[string]any `json:"session"`
	}
	if json.Unmarshal(text, &answer) == nil && answer.ID != "" {
		delete(answer.Session, "cookie")
		text, _ = json.Marshal(answer.Session)
	}
	return response.Status[:3] + " " + string(text)
}

func (v *visitor) expect(path, want string) {
	v.t.Helper()
	if got := v.page(path); got != want {
		v.t.Errorf("%s: got %s, want %s", path, got, want)
	}
}

func TestSite(t *testing.T) {
	t.Parallel()
	s, p := open(t, "good.js")
	v := visit(t, s, probe.Site{})
	for _, page := range [][2]string{
		{"/look", `200 {}`},
		{"/visit", `200 {"views":1}`},
		{"/visit", `200 {"views":2}`},
		{"/put?item=tea", `200 {"cart":["tea"],"views":2}`},
		{"/login?user=ann", `200 {"cart":["tea"],"user":"ann","views":2}`},
		{"/look", `200 {"cart":["tea"],"user":"ann","views":2}`},
		{"/forget", `200 null`},
		{"/look", `200 {"cart":["tea"],"user":"ann","views":2}`},
		{"/logout", `200 null`},
		{"/look", `200 {}`},
		{"/nowhere", `404 {"error":"there is no page /nowhere"}`},
		{"/errors", `200 {"errors":[]}`},
	} {
		v.expect(page[0], page[1])
	}

	// Two are held and let go together.
	v.page("/visit")
	late := make(chan string)
	for _, path := range []string{"/look?hold=x", "/look?hold=x"} {
		go func() { late <- v.page(path) }()
	}
	v.expect("/held?hold=x&count=2", `200 {}`)
	v.expect("/visit", `200 {"views":2}`)
	v.expect("/release?hold=x", `200 {}`)
	for range 2 {
		if got := <-late; got != `200 {"views":1}` {
			t.Errorf("a page that was held: %s", got)
		}
	}

	// Neither another site, with other options, nor the base class disturbs it.
	other := visit(t, s, probe.Site{Unset: "destroy", MaxAge: 60_000_000_000, SaveUninitialized: true, Rolling: true, Resave: true})
	other.expect("/visit", `200 {"views":1}`)
	other.expect("/forget", `200 null`)
	other.expect("/look", `200 {}`)
	v.expect("/look", `200 {"views":2}`)
	o := do(t, s, probe.Call{Method: "regenerate", ID: "a"})
	contains(t, "regenerate", summary(t, o), map[string]any{"generated": 1.0})
	if r := do(t, s, probe.Call{Method: "resources"}); strings.Contains(string(r.Value), "TCP") {
		t.Errorf("the sites keep the process from ending: %s", r.Value)
	}

	// One site ends at unserve, with a request that it still holds; the other one ends with its store.
	go func() { late <- v.page("/look?hold=y") }()
	v.expect("/held?hold=y&count=1", `200 {}`)
	if err := s.Unserve(t.Context(), v.url); err != nil {
		t.Error(err)
	}
	if got := <-late; got != "no answer" {
		t.Errorf("a page of a site that has ended: %s", got)
	}
	v.expect("/look", "no answer")
	if err := s.Unserve(t.Context(), v.url); err == nil {
		t.Error("a site ended twice")
	}
	other.expect("/look", `200 {}`)
	for range 12 { // as many listeners as make Node suspicious
		url, err := s.Serve(t.Context(), probe.Site{})
		if err := errors.Join(err, s.Unserve(t.Context(), url)); err != nil {
			t.Error(err)
		}
	}
	if text := p.stderr.String(); text != "" {
		t.Errorf("standard error has %s", text)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	other.expect("/look", "no answer")
	if p.Err() != nil {
		t.Error(p.Err())
	}
}

// A mistake of a store shows in the page, or among the errors, and never ends the process.
func TestSiteOfFaultyStores(t *testing.T) {
	requireExpress(t)
	for _, test := range []struct {
		store string
		pages [][2]string
	}{
		{"throws.js", [][2]string{
			{"/visit", `200 {"views":1}`},
			{"/visit", `500 {"error":"RangeError: thrown"}`},
			{"/errors", `200 {"errors":["GET /visit: RangeError: thrown"]}`},
		}},
		{"throws-from-set.js", [][2]string{
			{"/visit", "no answer"},
			{"/errors", `200 {"errors":["GET /visit: Error: no room"]}`},
		}},
		{"throws-in-a-timer.js", [][2]string{
			{"/visit", `200 {"views":1}`},
			{"/visit", `200 {"views":1}`}, // it is missing
			{"/errors", `200 {"errors":["GET /visit: uncaught Error: in a timer"]}`},
		}},
		{"fails-to-destroy.js", [][2]string{
			{"/visit", `200 {"views":1}`},
			{"/logout", `500 {"error":"Error: read-only"}`},
			{"/errors", `200 {"errors":["GET /logout: Error: read-only"]}`},
		}},
		{"fails-to-set.js", [][2]string{
			{"/visit", `200 {"views":1}`},
			{"/look", `200 {}`}, // by then express-session has passed the error on
			{"/errors", `200 {"errors":["GET /visit: reported to the application, after the answer: Error: read-only"]}`},
		}},
		{"disconnects.js", [][2]string{
			{"/visit", `200 {"views":1}`},
			{"/visit", `200 {"views":2}`},
			{"/visit", `503 {"error":"the store has emitted disconnect, and express-session serves without sessions since"}`},
		}},
	} {
		t.Run(test.store, func(t *testing.T) {
			t.Parallel()
			s, p := open(t, test.store)
			v := visit(t, s, probe.Site{})
			for _, page := range test.pages {
				v.expect(page[0], page[1])
			}
			if p.Err() != nil {
				t.Error(p.Err())
			}
		})
	}
}

func TestSiteCannotBeSetUp(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "bare.js")
	_, err := s.Serve(t.Context(), probe.Site{})
	if f, ok := errors.AsType[*probe.Failure](err); !ok || !strings.Contains(f.Error(), "threw TypeError: Cannot add property generate") {
		t.Error(err)
	}
}
