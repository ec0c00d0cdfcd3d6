// Package gorillastore puts any store of the contract behind github.com/gorilla/sessions, and any store for gorilla before storecheck.
//
//	store := gorillastore.New(memorystore.New(memorystore.Options{Max: 100_000}), []byte("a secret of 32 or 64 bytes"))
//	session, err := store.Get(r, "shop")
package gorillastore

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/storecheck/storecheck/spec"
)

// A Store makes a spec.Store usable for gorilla. The cookie of the browser holds the id of a session, signed, and encrypted if there is a key for
// that; a session of the contract holds the values, as gob. A Store is safe for concurrent use if the store below is. The owner of the store below
// closes it.
type Store struct {
	// Options are those of new sessions. With a MaxAge of 0 the cookie ends with the browser, and the store keeps the session for [Unlimited].
	Options *sessions.Options
	// Codecs sign the cookies.
	Codecs []securecookie.Codec

	below spec.Store
}

var _ sessions.Store = (*Store)(nil)

// Unlimited is how long the store keeps a session whose cookie ends with the browser.
const Unlimited = 24 * time.Hour

// New returns a store. The keys are those of sessions.NewCookieStore.
func New(below spec.Store, keyPairs ...[]byte) *Store {
	s := &Store{Options: &sessions.Options{Path: "/", HttpOnly: true}, Codecs: securecookie.CodecsFromPairs(keyPairs...), below: below}
	s.MaxAge(86400 * 30)
	return s
}

// MaxAge sets how many seconds new sessions, and their cookies, last.
func (s *Store) MaxAge(seconds int) {
	s.Options.MaxAge = seconds
	for _, codec := range s.Codecs {
		if c, ok := codec.(*securecookie.SecureCookie); ok {
			c.MaxAge(seconds)
		}
	}
}

// Get returns the session of a request, which is the same for the whole request.
func (s *Store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// member is the name of the member that holds the values.
const member = "gorilla"

// New returns the session whose id is in the cookie, or a new one. A new one comes with the error of a cookie that cannot be read, or of the
// store.
func (s *Store) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := *s.Options
	session.Options, session.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil //nolint:nilerr // there is no cookie
	}
	var id string
	if err := securecookie.DecodeMulti(name, cookie.Value, &id, s.Codecs...); err != nil {
		return session, err
	}
	found, err := s.below.Get(r.Context(), id)
	if spec.IsMissing(found, err) {
		return session, nil // under a new id: an id that nobody has may have been planted
	}
	if err != nil {
		return session, err
	}
	var data []byte
	if _, err := found.Decode(member, &data); err != nil {
		return session, err
	}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&session.Values); err != nil {
		return session, err
	}
	session.ID, session.IsNew = id, false
	return session, nil
}

// Save stores a session and sets its cookie. With a MaxAge below 0 it destroys the session and deletes the cookie.
func (s *Store) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		if session.ID != "" {
			if err := s.below.Destroy(r.Context(), session.ID); err != nil {
				return err
			}
		}
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	if session.ID == "" {
		session.ID = base64.RawURLEncoding.EncodeToString(securecookie.GenerateRandomKey(32))
	}
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(session.Values); err != nil {
		return err
	}
	kept := spec.NewSession(spec.NewCookie())
	life := time.Duration(session.Options.MaxAge) * time.Second
	if life == 0 {
		life = Unlimited
	}
	kept.Cookie.SetMaxAge(time.Now(), life)
	if err := kept.Set(member, data.Bytes()); err != nil {
		return err
	}
	if err := s.below.Set(r.Context(), session.ID, kept); err != nil {
		return err
	}
	value, err := securecookie.EncodeMulti(session.Name(), session.ID, s.Codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}
