package gosessionstore_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-session/session/v3"

	gosessionstore "github.com/storecheck/storecheck/adapters/gosession"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

type keepOpen struct{ *gosessionstore.Store }

func (keepOpen) Close() error { return nil }

// judged returns options with the profile of the stores that this adapter stands before.
func judged() conformance.Options {
	p, _ := profile.OfAdapter("gosession")
	return conformance.Options{Depth: subject.Quick, Profile: p}
}

// TestBothWays: a store that keeps the contract keeps it behind go-session and in front of it again. What fails is the adapter's.
func TestBothWays(t *testing.T) {
	below := memorystore.New(memorystore.Options{})
	conformance.RunWith(t, conformance.Subject{
		Name: "memorystore behind go-session",
		Open: func(context.Context) (spec.Store, error) {
			return gosessionstore.From(keepOpen{gosessionstore.New(below)}), nil
		},
	}, judged())
}

// go-session's manager counts the visits of a browser, moves it to a new id, and logs it out.
func TestManager(t *testing.T) {
	m := session.NewManager(session.SetStore(gosessionstore.New(memorystore.New(memorystore.Options{}))))
	var cookies []*http.Cookie
	visit := func(start func(context.Context, http.ResponseWriter, *http.Request) (session.Store, error)) string {
		t.Helper()
		r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
		for _, c := range cookies {
			r.AddCookie(c)
		}
		s, err := start(r.Context(), w, r)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := s.Get("n")
		count, _ := n.(int)
		s.Set("n", count+1)
		if err := s.Save(); err != nil {
			t.Fatal(err)
		}
		if set := w.Result().Cookies(); len(set) > 0 {
			cookies = set
		}
		return strings.Repeat("x", count+1)
	}
	for _, step := range []struct {
		start func(context.Context, http.ResponseWriter, *http.Request) (session.Store, error)
		want  string
	}{{m.Start, "x"}, {m.Start, "xx"}, {m.Refresh, "xxx"}, {m.Start, "xxxx"}} {
		if got := visit(step.start); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
	r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
	r.AddCookie(cookies[0])
	if err := m.Destroy(r.Context(), w, r); err != nil {
		t.Error(err)
	}
	if got := visit(m.Start); got != "x" {
		t.Errorf("after the logout: %s", got)
	}
}
