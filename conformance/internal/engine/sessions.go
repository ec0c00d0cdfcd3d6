package engine

import (
	"encoding/base64"
	"time"

	"github.com/storecheck/storecheck/spec"
)

const (
	// Marker is the member by which a session of the suite is found again inside an element of any shape.
	Marker = "storecheck"
	// LongText makes a session so long that half of its record cannot be read.
	LongText = "In the middle of the night the clerk counts the sessions of the day, one by one, and writes their number in the book."
)

// ID returns a fresh id of the form that express-session generates: 32 characters of base64url.
func (t *C) ID() string { return t.Tag() + t.Tag() }

// Tag returns 16 random characters of base64url that begin with a letter, for ids that are built of parts.
func (t *C) Tag() string {
	for {
		b := make([]byte, 12)
		for i := range b {
			b[i] = byte(t.Rand.Uint32())
		}
		if tag := base64.RawURLEncoding.EncodeToString(b); tag[0] >= 'A' && tag[0] <= 'Z' || tag[0] >= 'a' && tag[0] <= 'z' {
			return tag
		}
	}
}

// Session returns a session that lives for an hour with the given members: name, value, name, value.
func (t *C) Session(members ...any) *spec.Session { return t.SessionFor(time.Hour, members...) }

// SessionFor returns a session that lives for d from now on the store's clock.
func (t *C) SessionFor(d time.Duration, members ...any) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(t.Now(), d)
	return t.SessionWith(cookie, members...)
}

// SessionWith returns a session with a cookie.
func (t *C) SessionWith(cookie spec.Cookie, members ...any) *spec.Session {
	s := spec.NewSession(cookie)
	for i := 0; i < len(members); i += 2 {
		if err := s.Set(members[i].(string), members[i+1]); err != nil {
			t.Broken(err)
		}
	}
	return s
}
