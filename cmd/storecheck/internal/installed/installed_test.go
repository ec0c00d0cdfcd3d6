package installed_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/installed"
)

// without is a machine that has everything but the named parts.
func without(names ...string) installed.Machine {
	m := installed.Machine{}
	for _, name := range installed.Names() {
		m[name] = installed.Part{Name: name, Packages: []string{"package-of-" + name}}
	}
	for _, name := range names {
		p := m[name]
		p.Missing = name + " is missing"
		m[name] = p
	}
	return m
}

func TestLacks(t *testing.T) {
	for _, test := range []struct {
		missing []string
		store   string
		options map[string]any
		want    string
	}{
		{nil, "connect-pg-simple", nil, ""},
		{[]string{"postgresql"}, "connect-pg-simple", nil, "postgresql is missing"},
		{[]string{"postgresql"}, "connect-redis", nil, ""},
		{[]string{"node"}, "connect-redis", nil, "node is missing"},
		{[]string{"npm"}, "memorystore", nil, "npm is missing"},
		{[]string{"compiler"}, "memorystore", nil, ""},
		{[]string{"compiler"}, "connect-sqlite3", nil, "compiler is missing"},
		{[]string{"mariadb"}, "connect-session-knex", nil, ""},
		{[]string{"mariadb"}, "connect-session-knex", map[string]any{"database": "mariadb"}, "mariadb is missing"},
		{nil, "connect-datacache", nil, "a service that has ended"},
	} {
		r, ok := catalog.Lookup(test.store)
		if !ok {
			t.Fatalf("no recipe of %s", test.store)
		}
		r, _, err := r.With(test.options)
		if err != nil {
			t.Fatal(err)
		}
		got := without(test.missing...).Lacks(r)
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s %v without %v: %q, want %q", test.store, test.options, test.missing, got, test.want)
		}
	}
}

func TestPackages(t *testing.T) {
	if got := without().Packages(); got != nil {
		t.Errorf("got %v, want nothing", got)
	}
	if got, want := without("redis", "npm").Packages(), []string{"package-of-npm", "package-of-redis"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Look says of each part where it is, what brings it or what is missing, and on an empty PATH Node is missing.
func TestLook(t *testing.T) {
	for name, p := range installed.Look() {
		if p.Name != name || len(p.Packages) == 0 && p.Emulator == "" || p.Path == "" && p.Brings == "" && p.Missing == "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	t.Setenv("PATH", t.TempDir())
	m := installed.Look()
	for _, name := range []string{"node", "npm", "compiler", "redis"} {
		if p := m[name]; p.Path != "" || !strings.Contains(p.Missing, "install ") {
			t.Errorf("on an empty PATH: %+v", p)
		}
	}
}

func TestVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "server")
	for script, want := range map[string]string{
		"echo 'postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)'": "15.14",
		"echo Redis server v=7.0.15 sha=00000000:0":                   "7.0.15",
		"echo nothing":     "",
		"echo 1.2; exit 1": "",
		"echo 1.2 >&2":     "",
	} {
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		if got := installed.Version(t.Context(), path); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
}

// The script that brings everything names the packages that doctor names.
func TestScriptBringsAll(t *testing.T) {
	text, err := os.ReadFile("../../../../.ci/debian")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" ()\n=", r) })
	for name, p := range installed.Look() {
		for _, pkg := range p.Packages {
			if !slices.Contains(words, pkg) {
				t.Errorf("%s: .ci/debian does not install %s", name, pkg)
			}
		}
	}
	if names := backend.Names(); len(names) < 4 {
		t.Errorf("only %v", names)
	}
}
