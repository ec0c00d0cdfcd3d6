package fiberstore_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/session"

	fiberstore "github.com/storecheck/storecheck/adapters/fiber"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

var _ fiber.Storage = (*fiberstore.Store)(nil)

// keepOpen is a storage whose instances share a store that none of them closes.
type keepOpen struct{ *fiberstore.Store }

func (keepOpen) Close() error { return nil }

// judged returns options with the profile of the stores that this adapter stands before.
func judged() conformance.Options {
	p, _ := profile.OfAdapter("fiber")
	return conformance.Options{Depth: subject.Quick, Profile: p}
}

// TestBothWays: a store that keeps the contract keeps it behind fiber and in front of it again. What fails is the adapter's.
func TestBothWays(t *testing.T) {
	for name, prefix := range map[string]string{"alone": "", "with a prefix": "shop:"} {
		t.Run(name, func(t *testing.T) {
			below := memorystore.New(memorystore.Options{})
			conformance.RunWith(t, conformance.Subject{
				Name: "memorystore behind fiber",
				Open: func(context.Context) (spec.Store, error) {
					return fiberstore.From(keepOpen{fiberstore.New(below)}, fiberstore.FromOptions{Prefix: prefix}), nil
				},
				Durable: true, Shared: true, Disposable: true, Granularity: time.Millisecond,
			}, judged())
		})
	}
}

// fiber's middleware counts the visits of a browser.
func TestMiddleware(t *testing.T) {
	app := fiber.New()
	app.Use(session.New(session.Config{Storage: fiberstore.New(memorystore.New(memorystore.Options{}))}))
	app.Get("/", func(c fiber.Ctx) error {
		s := session.FromContext(c)
		n, _ := s.Get("n").(int)
		s.Set("n", n+1)
		return c.SendString(strings.Repeat("x", n+1))
	})
	var cookie *http.Cookie
	for _, want := range []string{"x", "xx", "xxx"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		res, err := app.Test(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // only read
		var body bytes.Buffer
		_, err = body.ReadFrom(res.Body)
		if err != nil || body.String() != want || len(res.Cookies()) != 1 {
			t.Fatalf("%s, %v, %v, want %s", body.String(), res.Cookies(), err, want)
		}
		cookie = res.Cookies()[0]
	}
}

// What fiber's contract says of a storage.
func TestStorage(t *testing.T) {
	s := fiberstore.New(memorystore.New(memorystore.Options{}))
	for _, step := range []struct {
		what string
		err  error
	}{
		{"an empty key", s.Set("", []byte("v"), 0)},
		{"an empty value", s.Set("empty", nil, 0)},
		{"set", s.Set("a", []byte{0, 1, 0xff}, 0)},
		{"set with a life", s.Set("b", []byte("b"), time.Hour)},
		{"a missing key", s.Delete("nobody")},
	} {
		if step.err != nil {
			t.Errorf("%s: %v", step.what, step.err)
		}
	}
	for key, want := range map[string][]byte{"": nil, "empty": nil, "a": {0, 1, 0xff}, "b": []byte("b"), "nobody": nil} {
		if got, err := s.Get(key); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q: %v, %v, want %v", key, got, err, want)
		}
	}
	if err := s.Reset(); err != nil {
		t.Error(err)
	}
	if got, err := s.Get("a"); got != nil || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if err := fiberstore.New(struct{ spec.Store }{}).Reset(); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
}
