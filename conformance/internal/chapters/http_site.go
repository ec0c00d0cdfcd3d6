package chapters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
	"github.com/storecheck/storecheck/spec/profile"
)

// A site is a web site in the store's process: a small application with the real middleware and the store behind it. The target's host has its
// pages: look, visit, put, login, logout and, for express-session, forget.
type site struct {
	c      *engine.C
	url    string
	client http.Client // without cookies
}

// serveSite starts a site, which ends with the check. Its option resave is as the README of express-session advises for the store.
func serveSite(t *engine.C, o probe.Site) *site {
	if s := t.Prober().Surface(); t.Profile() == profile.Default && (!s.Emitter || !s.Extensible) {
		t.Skip("express-session cannot be set up around the store, which is the matter of the chapter events")
	}
	o.Resave = !t.Capabilities().Touch
	url, err := t.Prober().Serve(t, o)
	if failure, ok := errors.AsType[*probe.Failure](err); ok {
		t.Fail("wanted    %s to be set up around the store\ngot       %v", t.Profile().Name, failure)
	}
	if err != nil {
		t.Broken(err)
	}
	transport := &http.Transport{} // it uses no proxy, other than the default transport
	s := &site{c: t, url: url, client: http.Client{Transport: transport}}
	t.AtEnd(func(ctx context.Context) {
		_ = t.Prober().Unserve(ctx, url) // another call tells of a process that is gone
		transport.CloseIdleConnections()
	})
	return s
}

// A sitePage is an answer of the site.
type sitePage struct {
	ID string `json:"id"`
	// Session is the session at the end of the request; nil for none.
	Session *spec.Session `json:"session"`
}

// A browser keeps the site's cookies. Its tabs share them.
type browser struct {
	*site
	name   string
	client http.Client
}

// browser opens a browser without cookies.
func (s *site) browser(name string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.c.Broken(err)
	}
	b := &browser{site: s, name: name, client: s.client}
	b.client.Jar = endlessJar{jar}
	return b
}

// endlessJar keeps cookies beyond their Expires, which has whole seconds only: the store is to say whether a session is over.
type endlessJar struct{ http.CookieJar }

func (e endlessJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Expires, c.RawExpires, c.MaxAge = time.Time{}, "", 0
	}
	e.CookieJar.SetCookies(u, cookies)
}

// tab opens another tab of the browser.
func (b *browser) tab(name string) *browser {
	return &browser{site: b.site, name: name, client: b.client}
}

// copied opens another browser, with a copy of the cookies.
func (b *browser) copied(name string) *browser {
	other := b.site.browser(name)
	at, _ := url.Parse(b.url)
	other.client.Jar.SetCookies(at, b.client.Jar.Cookies(at))
	return other
}

// get asks for a page. The check fails when the page does not come.
func (b *browser) get(path string) sitePage {
	ctx, cancel := b.within()
	defer cancel()
	p, err := b.try(ctx, path, "")
	b.expect(path, err)
	return p
}

// within returns a context that bounds a request in time.
func (s *site) within() (context.Context, context.CancelFunc) {
	limit := s.c.CallTimeout("http")
	return awake.WithTimeoutCause(s.c, limit, fmt.Errorf("%w within %.1f s", engine.ErrTimedOut, limit.Seconds()))
}

// try asks for a page and returns why it did not come. With a gate the request waits at that gate of the site.
func (b *browser) try(ctx context.Context, path, gate string) (p sitePage, err error) {
	what, from := b.name+": GET "+path, b.url+path
	if gate != "" {
		what += ", on its way until let go"
		from += "?hold=" + gate
	}
	entry, start := b.c.BeginCall(what), time.Now()
	err = askSite(ctx, &b.client, from, &p)
	answer := phrase.Session(p.Session)
	switch {
	case err != nil:
		answer = err.Error()
	case p.Session == nil:
		answer = "no session"
	default:
		b.c.MayStore(p.ID)
	}
	entry.End(answer, time.Since(start))
	b.c.Note("http", err, time.Since(start))
	return p, err
}

// expect ends the check when a page did not come.
func (s *site) expect(path string, err error) {
	if err == nil {
		return
	}
	if s.c.Err() != nil {
		s.c.Broken(fmt.Errorf("the run was stopped: %w", context.Cause(s.c)))
	}
	if noSession, ok := errors.AsType[*noSessionError](err); ok {
		s.c.Skip("%v", noSession)
	}
	reported, silent := s.errors()
	if silent != nil {
		// The whole process may be silent, and not only the page.
		if err := s.c.Prober().Unserve(s.c, s.url); err != nil {
			s.c.Broken(err)
		}
	}
	s.c.Fail("wanted    the page %s\ngot       %s", path, strings.Join(append([]string{err.Error()}, reported...), "\n"))
}

// errors returns the errors that express-session has handed to the application, and those that nobody could catch.
func (s *site) errors() ([]string, error) {
	ctx, cancel := s.within()
	defer cancel()
	var answer struct {
		Errors []string `json:"errors"`
	}
	err := askSite(ctx, &s.client, s.url+"/errors", &answer)
	return answer.Errors, err
}

// callsOf returns the names of the last calls that the middleware has made for a session, from the get of the page that was held on.
func (s *site) callsOf(id string) []string {
	ctx, cancel := s.within()
	defer cancel()
	var answer struct {
		Calls []struct{ Method, ID string } `json:"calls"`
	}
	s.expect("/calls", askSite(ctx, &s.client, s.url+"/calls", &answer))
	var calls []string
	for _, c := range answer.Calls {
		if c.ID == id {
			calls = append(calls, c.Method)
		}
	}
	const most = 4 // get of the held page, get and destroy of the logout, and what follows
	return calls[max(0, len(calls)-most):]
}

// A heldPage is a page whose request is done with the application, and not yet with express-session.
type heldPage struct {
	*browser
	path   string
	cancel context.CancelCauseFunc
	done   chan struct{}
	page   sitePage
	err    error
}

// hold asks for several pages at once, and returns when all of their requests are held. letGo lets the requests end and returns the pages.
func (b *browser) hold(paths ...string) (letGo func() []sitePage) {
	gate := b.c.Tag()
	coming, stop := b.within()
	defer stop()
	all := make([]*heldPage, len(paths))
	for i, path := range paths {
		h := &heldPage{browser: b, path: path, done: make(chan struct{})}
		var ctx context.Context
		ctx, h.cancel = context.WithCancelCause(b.c)
		all[i] = h
		go func() {
			defer close(h.done)
			h.page, h.err = b.try(ctx, path, gate)
			stop() // a page that has come was not held
		}()
	}
	if err := askSite(coming, &b.site.client, fmt.Sprintf("%s/held?hold=%s&count=%d", b.url, gate, len(all)), &struct{}{}); err != nil {
		for _, h := range all {
			h.cancel(err)
			<-h.done
		}
		for _, h := range all {
			// A page that was cancelled because another one came tells nothing.
			if b.c.Err() != nil || !errors.Is(h.err, context.Canceled) {
				b.expect(h.path, h.err)
			}
		}
		b.c.Broken(fmt.Errorf("the site does not hold pages: %w", err))
	}
	return func() (pages []sitePage) {
		b.c.Log("%s: what is on its way is let go", b.name)
		ending, stop := b.within()
		defer stop()
		b.expect("/release", askSite(ending, &b.site.client, b.url+"/release?hold="+gate, &struct{}{}))
		for _, h := range all {
			select {
			case <-h.done:
			case <-ending.Done():
				h.cancel(context.Cause(ending))
				<-h.done
			}
			b.expect(h.path, h.err)
			pages = append(pages, h.page)
		}
		return pages
	}
}

// A noSessionError is the answer of a site that has no sessions, because its store is away.
type noSessionError struct{ text string }

func (e *noSessionError) Error() string { return e.text }

// askSite makes a request and decodes the answer, which is JSON.
func askSite(ctx context.Context, client *http.Client, url string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("the connection was closed without an answer: %w", errors.Unwrap(err))
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	// The body ends when the store has called back: express-session holds its last byte until then.
	body, err := io.ReadAll(response.Body)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("the connection was closed in the middle of the answer: %w", err)
	}
	if response.StatusCode == http.StatusOK {
		return json.Unmarshal(body, answer)
	}
	var refusal struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &refusal) // the status tells enough
	if response.StatusCode == http.StatusServiceUnavailable {
		return &noSessionError{refusal.Error}
	}
	return fmt.Errorf("%s: %s", response.Status, refusal.Error)
}
