package gorillastore

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/storecheck/storecheck/spec"
)

// FromOptions say how [From] uses a store.
type FromOptions struct {
	// Jar is a folder for the cookies of the browsers, one file for each session, which must not be the store's own. Instances with one Jar are
	// instances of one store, in several processes too. Without it the cookies are in memory, and end with the result of From.
	Jar string
	// Missing reports whether an error of New says only that there is no such session any more, as fs.ErrNotExist does anyway. It may be nil.
	Missing func(error) bool
	// Close is called when the result is closed. It may be nil; then a store that is an io.Closer is closed.
	Close func() error
}

// From makes a store of the contract of a store for gorilla/sessions, to be checked by storecheck:
//
//	conformance.Run(t, conformance.Subject{
//		Name: "mystore",
//		Open: func(context.Context) (spec.Store, error) { return gorillastore.From(mystore.New(key), gorillastore.FromOptions{}), nil },
//	})
//
// A store for gorilla chooses its ids itself and hides them in a cookie. So From does what a server and a browser do: it saves a session with a
// request that carries the cookie of the last answer, if there was one, and gets it with that cookie, even after the session was destroyed. An id
// of the contract only names the browser. The store gets the JSON of a session as the one value, and MaxAge in whole seconds, rounded up; a
// session without an end has the MaxAge of the store, and one whose end is past is destroyed. What gorilla does not ask of a store is not there:
// touch, all, clear and length.
func From(below sessions.Store, o FromOptions) spec.Store {
	f := &foreign{below: below, options: o}
	if o.Jar == "" {
		f.memory = map[string]string{}
	}
	return f
}

type foreign struct {
	below   sessions.Store
	options FromOptions

	mu     sync.Mutex
	memory map[string]string // the jar, if it is in memory
}

const (
	// cookieName is the name of the sessions.
	cookieName = "storecheck"
	// valueKey is the key of the value that holds the JSON.
	valueKey = "session"
)

// rejected reports whether a store has rejected what it cannot decode. An application goes on with the new session then, as gorilla's readme does;
// after any other error it does not save.
func rejected(err error) bool {
	wrong, ok := errors.AsType[securecookie.Error](err)
	return ok && wrong.IsDecode()
}

// visit returns the session of a request of the browser with the id.
func (f *foreign) visit(ctx context.Context, id string) (*http.Request, *sessions.Session, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/", nil)
	if err != nil {
		return nil, nil, err
	}
	cookie, err := f.cookie(id)
	if err != nil {
		return nil, nil, err
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: cookie})
	}
	s, err := f.below.New(r, cookieName)
	if errors.Is(err, fs.ErrNotExist) || err != nil && f.options.Missing != nil && f.options.Missing(err) {
		err = nil // so says the store in files of gorilla
	}
	if s == nil {
		err = fmt.Errorf("gorillastore: %T.New returned no session (its error: %v)", f.below, err)
	}
	return r, s, err
}

func (f *foreign) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	_, s, err := f.visit(ctx, id)
	if err != nil || s.IsNew {
		return nil, err
	}
	text, ok := s.Values[valueKey].(string)
	if !ok {
		return nil, nil // a session of the store without data, as if there was none
	}
	return spec.ParseSession([]byte(text))
}

func (f *foreign) Set(ctx context.Context, id string, session *spec.Session) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, s, err := f.visit(ctx, id)
	if err != nil && !rejected(err) {
		return err
	}
	if end, ok := session.Cookie.Expires(); ok {
		s.Options.MaxAge = seconds(time.Until(end))
	}
	s.Values[valueKey] = string(session.JSON())
	return f.save(r, s, id)
}

// seconds returns a MaxAge: the whole seconds of a life, rounded up, or -1 for one that is over.
func seconds(life time.Duration) int {
	if life <= 0 {
		return -1
	}
	whole := int(life / time.Second)
	if life%time.Second > 0 && whole < math.MaxInt64/int(time.Second) { // stores make a time.Duration of it
		whole++
	}
	return whole
}

func (f *foreign) Destroy(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, s, err := f.visit(ctx, id)
	if err != nil && !rejected(err) {
		return err
	}
	s.Options.MaxAge = -1
	return f.save(r, s, id)
}

// save saves a session and puts its cookie into the jar, unless the cookie is to be deleted.
func (f *foreign) save(r *http.Request, s *sessions.Session, id string) error {
	var w answer
	if err := f.below.Save(r, &w, s); err != nil {
		return err
	}
	res := http.Response{Header: w.Header()}
	for _, c := range res.Cookies() {
		if c.Name == cookieName && c.MaxAge >= 0 && c.Value != "" {
			return f.keep(id, c.Value)
		}
	}
	return nil
}

// An answer keeps the header of a response.
type answer struct{ header http.Header }

func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}
func (*answer) Write(p []byte) (int, error) { return len(p), nil }
func (*answer) WriteHeader(int)             {}

// file returns the file of a browser.
func (f *foreign) file(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(f.options.Jar, hex.EncodeToString(sum[:16]))
}

// cookie returns the cookie of a browser, which is empty before its first session.
func (f *foreign) cookie(id string) (string, error) {
	if f.memory != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.memory[id], nil
	}
	text, err := os.ReadFile(f.file(id))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(bytes.TrimSpace(text)), err
}

func (f *foreign) keep(id, cookie string) error {
	if f.memory != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.memory[id] = cookie
		return nil
	}
	if err := os.MkdirAll(f.options.Jar, 0o700); err != nil {
		return err
	}
	fresh := f.file(id) + "." + rand.Text()
	if err := os.WriteFile(fresh, []byte(cookie), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, f.file(id))
}

// Close closes the store below.
func (f *foreign) Close() error {
	if f.options.Close != nil {
		return f.options.Close()
	}
	switch c := f.below.(type) {
	case io.Closer:
		return c.Close()
	case interface{ Close() }:
		c.Close()
	}
	return nil
}
