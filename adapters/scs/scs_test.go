package scsstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	scsstore "github.com/storecheck/storecheck/adapters/scs"
	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

func stores(t *testing.T) map[string]spec.Store {
	files, err := filestore.Open(t.TempDir(), filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	return map[string]spec.Store{"memory": memorystore.New(memorystore.Options{}), "file": files}
}

func TestStore(t *testing.T) {
	for name, below := range stores(t) {
		t.Run(name, func(t *testing.T) {
			s := scsstore.New(below)
			data := []byte{0, 1, 2, 0xff, '"'}
			expiry := time.Now().Add(time.Hour)
			find := func(token string, want []byte) {
				t.Helper()
				got, found, err := s.Find(token)
				if err != nil || found != (want != nil) || !bytes.Equal(got, want) {
					t.Errorf("find(%s): %v, %t, %v, want %v", token, got, found, err, want)
				}
			}
			commit := func(token string, data []byte, expiry time.Time) {
				t.Helper()
				if err := s.Commit(token, data, expiry); err != nil {
					t.Fatal(err)
				}
			}
			find("a", nil)
			commit("a", []byte("old"), expiry)
			commit("a", data, expiry)
			end := time.Now().Add(time.Second).Truncate(time.Millisecond) // as precise as a cookie
			commit("b", []byte("b"), end)
			find("a", data)
			for {
				got, found, err := s.Find("b")
				now := time.Now()
				if err != nil || found && string(got) != "b" || !found && now.Before(end) || found && now.After(end.Add(10*time.Second)) {
					t.Fatalf("find(b), %v before its end: %q, %t, %v", end.Sub(now), got, found, err)
				}
				if !found {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			all, err := s.All()
			if err != nil || len(all) != 1 || !bytes.Equal(all["a"], data) {
				t.Errorf("all: %v, %v", all, err)
			}
			for range 2 {
				if err := s.Delete("a"); err != nil {
					t.Error(err)
				}
			}
			find("a", nil)

			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, _, err := s.FindCtx(ctx, "a"); !errors.Is(err, context.Canceled) {
				t.Errorf("a find that was given up: %v", err)
			}
		})
	}
}

// A visitor's counter over HTTP, with cookies, a new token at login and a logout.
func TestManager(t *testing.T) {
	for name, below := range stores(t) {
		t.Run(name, func(t *testing.T) {
			sessions := scs.New()
			sessions.Store = scsstore.New(below)
			mux := http.NewServeMux()
			mux.HandleFunc("/count", func(w http.ResponseWriter, r *http.Request) {
				sessions.Put(r.Context(), "n", sessions.GetInt(r.Context(), "n")+1)
				_, _ = fmt.Fprint(w, sessions.GetInt(r.Context(), "n"))
			})
			mux.HandleFunc("/login", func(_ http.ResponseWriter, r *http.Request) { _ = sessions.RenewToken(r.Context()) })
			mux.HandleFunc("/logout", func(_ http.ResponseWriter, r *http.Request) { _ = sessions.Destroy(r.Context()) })
			server := httptest.NewServer(sessions.LoadAndSave(mux))
			defer server.Close()
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Jar: jar}
			for _, step := range []struct{ path, want string }{
				{"/count", "1"}, {"/count", "2"}, {"/login", ""}, {"/count", "3"}, {"/logout", ""}, {"/count", "1"},
			} {
				res, err := client.Get(server.URL + step.path)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if err != nil || string(body) != step.want {
					t.Errorf("%s: %s, %v, want %s", step.path, body, err, step.want)
				}
			}
			// The token before the login and the one before the logout are gone.
			n := 0
			if err := sessions.Iterate(t.Context(), func(context.Context) error { n++; return nil }); err != nil || n != 1 {
				t.Errorf("%d sessions, %v, want one", n, err)
			}
		})
	}
}

func TestUnlisted(t *testing.T) {
	if _, err := scsstore.New(struct{ spec.Store }{}).All(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%v, want %v", err, errors.ErrUnsupported)
	}
}

func Example() {
	sessions := scs.New()
	sessions.Store = scsstore.New(memorystore.New(memorystore.Options{Max: 100_000, CheckPeriod: 10 * time.Minute}))

	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		sessions.Put(r.Context(), "visits", sessions.GetInt(r.Context(), "visits")+1)
		_, _ = fmt.Fprintf(w, "visit %d\n", sessions.GetInt(r.Context(), "visits"))
	})
	w := httptest.NewRecorder()
	sessions.LoadAndSave(mux).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Print(w.Body)
	// Output: visit 1
}

// Sessions in files, which outlive the process.
func ExampleNew_files() {
	store, err := filestore.Open("sessions", filestore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	sessions := scs.New()
	sessions.Store = scsstore.New(store)
}
