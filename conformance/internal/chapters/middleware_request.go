package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// A visitRequest does with the store what express-session does with it in the course of one HTTP request, under the options that its README
// advises: resave for a store without touch only, and saveUninitialized off.
type visitRequest struct {
	*engine.Instance
	id string
	// session is what the application has as req.session: what get answered with, and not a copy. It is nil after logout.
	session *spec.Session
	// saved is what the store is known to hold; nil where the end of the request sets the session in any case.
	saved *spec.Session
}

// newVisitor begins a request without a cookie.
func newVisitor(t *engine.C, s *spec.Session) *visitRequest {
	return &visitRequest{Instance: t.Instance, id: t.ID(), session: s}
}

// beginVisit begins a request with the cookie of a session, which must be there.
func beginVisit(t *engine.C, id string) *visitRequest {
	s := t.Get(id)
	if s == nil {
		t.Fail("wanted    the session of %s\ngot       no session: it is missing", phrase.Quote(id))
	}
	return inflateSession(t, id, s)
}

// inflateSession makes req.session of what get answered with, as createSession does.
func inflateSession(t *engine.C, id string, s *spec.Session) *visitRequest {
	r := &visitRequest{Instance: t.Instance, id: id, session: s}
	// A Session cannot carry these, nor a Cookie what is none of its members.
	s.Delete("id")
	s.Delete("req")
	for _, name := range s.Cookie.Names() {
		if !cookieMembers[name] {
			s.Cookie.Delete(name)
		}
	}
	if t.Capabilities().Touch {
		r.saved = s.Clone()
	}
	return r
}

var cookieMembers = map[string]bool{
	"originalMaxAge": true, "partitioned": true, "priority": true, "expires": true, "secure": true, "httpOnly": true, "domain": true,
	"path": true, "sameSite": true,
}

// put changes the session as an application does.
func (r *visitRequest) put(name string, value any) {
	if err := r.session.Set(name, value); err != nil {
		r.C().Broken(err)
	}
}

// save is req.session.save(), in the middle of the request.
func (r *visitRequest) save() {
	r.Set(r.id, r.session)
	r.saved = r.session.Clone()
}

// logout is req.session.destroy().
func (r *visitRequest) logout() {
	r.Destroy(r.id)
	r.session = nil
}

// regenerate is req.session.regenerate(): from now on the request has a new session, which lives as long as the old one, under a new id.
func (r *visitRequest) regenerate() {
	r.Destroy(r.id)
	r.id, r.session, r.saved = r.C().ID(), spec.NewSession(r.session.Cookie), nil
}

// end ends the request. The cookie is as fresh as its originalMaxAge allows; other than that it does not count as a change.
func (r *visitRequest) end() { r.MustSucceed("the end of the request", r.tryEnd()) }

func (r *visitRequest) tryEnd() error {
	if r.session == nil {
		return nil
	}
	r.session.Cookie.Touch(r.C().Now())
	if r.saved == nil || compare.Data(r.saved, r.session, nil) != "" {
		return r.TrySet(r.id, r.session)
	}
	return r.TryTouch(r.id, r.session)
}
