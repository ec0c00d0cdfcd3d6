package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// A visitRequest makes the calls that express-session makes in one HTTP request, with the options that its README advises: resave for a store
// without touch only, and saveUninitialized off.
type visitRequest struct {
	*engine.Instance
	id string
	// session is req.session: the very session that get answered with. It is nil after logout.
	session *spec.Session
	// saved is the session that the store holds. It is nil when the end of the request sets the session in any case.
	saved *spec.Session
}

// newVisitor begins a request without a cookie.
func newVisitor(t *engine.C, s *spec.Session) *visitRequest {
	return &visitRequest{Instance: t.Instance, id: t.ID(), session: s}
}

// beginVisit begins a request with the cookie of a session. The session must be there.
func beginVisit(t *engine.C, id string) *visitRequest {
	s := t.Get(id)
	if s == nil {
		t.Fail("wanted    the session of %s\ngot       no session: it is missing", phrase.Quote(id))
	}
	return inflateSession(t, id, s)
}

// inflateSession begins a request with the session that get answered with, as createSession of express-session does.
func inflateSession(t *engine.C, id string, s *spec.Session) *visitRequest {
	r := &visitRequest{Instance: t.Instance, id: id, session: s}
	// A Session of express-session cannot carry these members, and its Cookie carries its own members only.
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

// regenerate is req.session.regenerate(): the request gets a new session under a new id, which lives as long as the old one.
func (r *visitRequest) regenerate() {
	r.Destroy(r.id)
	r.id, r.session, r.saved = r.C().ID(), spec.NewSession(r.session.Cookie), nil
}

// end ends the request. The cookie lives for originalMaxAge again, which alone is no change of the session.
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
