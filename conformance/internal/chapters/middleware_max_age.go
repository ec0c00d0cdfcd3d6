package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// middlewareMaxAgeChange changes cookie.maxAge and nothing else, as a box "stay logged in" does. The hash of express-session leaves the cookie
// out, so that the end of such a request touches the session. Another requirement judges whether a touch can make a life shorter.
func middlewareMaxAgeChange(t *engine.C) {
	r := newVisitor(t, t.SessionFor(time.Hour, "user", t.Tag()))
	r.end()
	for _, age := range []time.Duration{2 * time.Hour, 30 * 24 * time.Hour} {
		r = beginVisit(t, r.id)
		r.session.Cookie.SetMaxAge(t.Now(), age)
		r.end()
		for range 2 {
			r = beginVisit(t, r.id)
			if got, ok := r.session.Cookie.OriginalMaxAge(); !ok || got != age {
				t.Fail("wanted    a cookie whose originalMaxAge is %d, as at the end of the page before\ngot       %s", age.Milliseconds(), r.session.Cookie)
			}
			r.end()
		}
	}
}
