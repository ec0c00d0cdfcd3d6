package gorillastore_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gorillastore "github.com/storecheck/storecheck/adapters/gorilla"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

var key = []byte("0123456789abcdef0123456789abcdef")

// judged returns options with the profile of the stores that this adapter stands before.
func judged() conformance.Options {
	p, _ := profile.OfAdapter("gorilla")
	return conformance.Options{Depth: subject.Quick, Profile: p}
}

// TestBothWays: a store that keeps the contract keeps it behind gorilla and in front of it again, which has ends that gorilla does not
// ask for. What fails is the adapter's.
func TestBothWays(t *testing.T) {
	for name, o := range map[string]conformance.Options{"in memory": {Depth: subject.Quick}, "in files": {Depth: subject.Quick}, "by the profile": judged()} {
		t.Run(name, func(t *testing.T) {
			jar := ""
			if name != "in memory" {
				jar = t.TempDir()
			}
			below := memorystore.New(memorystore.Options{})
			conformance.RunWith(t, conformance.Subject{
				Name: "memorystore behind gorilla",
				Open: func(context.Context) (spec.Store, error) {
					return gorillastore.From(gorillastore.New(below, key), gorillastore.FromOptions{Jar: jar, Close: func() error { return nil }}), nil
				},
				Durable: jar != "", Shared: jar != "", Granularity: time.Second,
			}, o)
		})
	}
}

// A visitor's counter over HTTP, with cookies, and a logout after which the old cookie is worth nothing.
func TestVisits(t *testing.T) {
	store := gorillastore.New(memorystore.New(memorystore.Options{}), key)
	mux := http.NewServeMux()
	mux.HandleFunc("/count", func(w http.ResponseWriter, r *http.Request) {
		session, err := store.Get(r, "shop")
		n, _ := session.Values["n"].(int)
		session.Values["n"] = n + 1
		if err == nil {
			err = session.Save(r, w)
		}
		_, _ = fmt.Fprintf(w, "%d %v", n+1, err)
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		session, _ := store.Get(r, "shop")
		session.Options.MaxAge = -1
		_, _ = fmt.Fprint(w, session.Save(r, w))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	visit := func(c *http.Client, path string, old ...*http.Cookie) (string, []*http.Cookie) {
		r, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range old {
			r.AddCookie(cookie)
		}
		res, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // only read
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body), res.Cookies()
	}
	var cookies []*http.Cookie
	for i, want := range []string{"1 <nil>", "2 <nil>", "3 <nil>"} {
		got, set := visit(client, "/count")
		if got != want || len(set) != 1 || set[0].MaxAge != 86400*30 || !set[0].HttpOnly {
			t.Errorf("visit %d: %s, %v", i, got, set)
		}
		cookies = set
	}
	if got, _ := visit(client, "/logout"); got != "<nil>" {
		t.Error(got)
	}
	if got, _ := visit(client, "/count"); got != "1 <nil>" {
		t.Errorf("after the logout: %s", got)
	}
	if got, set := visit(http.DefaultClient, "/count", &http.Cookie{Name: "shop", Value: cookies[0].Value}); got != "1 <nil>" || set[0].Value == cookies[0].Value {
		t.Errorf("with the cookie of before the logout: %s, %v", got, set)
	}
	if got, _ := visit(http.DefaultClient, "/count", &http.Cookie{Name: "shop", Value: "forged"}); !strings.HasPrefix(got, "1 securecookie: ") {
		t.Errorf("with a forged cookie: %s", got)
	}
}
