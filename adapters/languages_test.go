// Package adapters tests the adapters that are programs in other languages. Those in Go are modules of their own.
package adapters

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/audit"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// programs are the adapters, with what the machine needs for each: a program that ends well where it is there.
var programs = []struct {
	name    string
	needs   []string
	command []string
	endless bool // the store itself ends no session
}{
	{"django-db", django, []string{python, "django/adapter.py", "db"}, false},
	{"django-file", django, []string{python, "django/adapter.py", "file"}, false},
	{"django-cache", django, []string{python, "django/adapter.py", "cache"}, false},
	{"php-files", []string{"php", "-r", "exit(extension_loaded('session') ? 0 : 1);"}, []string{"php", "php/adapter.php", "files"}, false},
	{"rack-pool", []string{"ruby", "-e", "require 'rack'"}, []string{"ruby", "rack/adapter.rb", "pool"}, true},
	{"rack-moneta", []string{"ruby", "-e", "require 'rack/session/moneta'"}, []string{"ruby", "rack/adapter.rb", "moneta"}, false},
}

// python is the one of the system, which has Django.
const python = "/usr/bin/python3"

var django = []string{python, "-c", "import django"}

const mostLines = 150

// TestAdapters: each program keeps every rule of the protocol, and does what get, set and destroy are for.
func TestAdapters(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			text, err := os.ReadFile(p.command[1])
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(text, []byte("\n")); n >= mostLines {
				t.Errorf("%s has %d lines: an adapter has fewer than %d", p.command[1], n, mostLines)
			}
			if err := exec.Command(p.needs[0], p.needs[1:]...).Run(); err != nil {
				t.Skipf("%q: %v", p.needs, err)
			}
			dir := t.TempDir()
			c := bridge.Command{Path: p.command[0], Args: p.command[1:], Env: install.HostEnv(dir)}
			place := func(name string) bridge.OpenParams {
				at := filepath.Join(dir, name)
				if err := os.MkdirAll(at, 0o755); err != nil {
					t.Fatal(err)
				}
				return bridge.OpenParams{Namespace: "storecheck-" + name, Dir: at}
			}
			found, err := audit.Run(t.Context(), c, audit.Options{Suite: "test", Place: place("audit"), Wait: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if f.Status == audit.Violated || f.Status == audit.Doubtful {
					t.Errorf("%s is %s: %s", f.Rule, f.Status, f.Saw)
				}
			}
			lives(t, c, place("lives"), p.endless)
		})
	}
}

// lives has a session live and end as express-session asks for, with what every one of these stores can do.
func lives(t *testing.T, c bridge.Command, place bridge.OpenParams, endless bool) {
	ctx := probe.WithLimit(context.Background(), time.Minute)
	process, err := bridge.Start(ctx, c, bridge.Options{Suite: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer process.Close()
	store, err := process.Open(ctx, place)
	if err != nil {
		t.Fatal(err)
	}
	session := func(value string) *spec.Session {
		cookie := spec.NewCookie()
		cookie.SetMaxAge(time.Now(), time.Hour)
		s := spec.NewSession(cookie)
		if err := s.SetRaw("value", []byte(value)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := func(id, value string) {
		t.Helper()
		got, err := store.Get(ctx, id)
		switch {
		case err != nil:
			t.Errorf("get: %v", err)
		case value == "" && got != nil:
			t.Errorf("%s has %s, want no session", id, got)
		case value != "" && got == nil:
			t.Errorf("%s has no session", id)
		case value != "":
			if raw, _ := got.Raw("value"); spec.Diff([]byte(value), raw) != "" {
				t.Errorf("%s has %s, want %s", id, raw, value)
			}
		}
	}
	for _, id := range []string{"one", "ONE", "../one", "two ☃", strings.Repeat("x", 300)} {
		want(id, "")
		value := `{"id":` + `"` + id + `","n":9007199254740993,"none":{},"text":"\ud800"}`
		if err := store.Set(ctx, id, session(value)); err != nil {
			t.Fatalf("set %s: %v", id, err)
		}
		want(id, value)
	}
	if err := store.Set(ctx, "one", session("2")); err != nil {
		t.Fatal(err)
	}
	want("one", "2")
	want("ONE", `{"id":"ONE","n":9007199254740993,"none":{},"text":"\ud800"}`)
	for range 2 { // that there is none is no error
		if err := store.Destroy(ctx, "one"); err != nil {
			t.Fatal(err)
		}
		want("one", "")
	}
	if store.Capabilities().Touch {
		if err := store.Touch(ctx, "ONE", session("3")); err != nil {
			t.Fatal(err)
		}
		want("ONE", `{"id":"ONE","n":9007199254740993,"none":{},"text":"\ud800"}`)
		if err := store.Touch(ctx, "one", session("3")); err != nil {
			t.Fatal(err)
		}
		want("one", "")
	}
	over := session("4")
	over.Cookie.SetExpires(time.Now().Add(-time.Hour))
	if err := store.Set(ctx, "over", over); err == nil {
		if !endless {
			want("over", "")
		}
	} else if _, refused := errors.AsType[*probe.Failure](err); !refused {
		t.Errorf("a session that is over: %v", err)
	}
}
