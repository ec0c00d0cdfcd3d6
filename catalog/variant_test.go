package catalog

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestWith(t *testing.T) {
	r, ok := Lookup("connect-session-knex")
	if !ok {
		t.Fatal("no recipe of connect-session-knex")
	}
	for _, test := range []struct {
		given   map[string]any
		backend string
		options map[string]any
		err     string
	}{
		{nil, "none", map[string]any{"database": "sqlite"}, ""},
		{map[string]any{"database": "mariadb"}, "mariadb", map[string]any{"database": "mariadb"}, ""},
		{map[string]any{"other": true}, "none", map[string]any{"database": "sqlite", "other": true}, ""},
		{map[string]any{"database": "oracle"}, "", nil, "use sqlite or postgresql or mariadb"},
	} {
		got, options, err := r.With(test.given)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%v: error %v, want %q", test.given, err, test.err)
			}
			continue
		}
		if err != nil || got.Backend != test.backend || !reflect.DeepEqual(options, test.options) {
			t.Errorf("%v: backend %s, options %v, error %v", test.given, got.Backend, options, err)
		}
	}
	if want := []string{"none", "postgresql", "mariadb"}; !reflect.DeepEqual(r.Backends(), want) {
		t.Errorf("backends %v, want %v", r.Backends(), want)
	}
}

// A variant may keep other promises than the recipe.
func TestWithProperties(t *testing.T) {
	r, ok := Lookup("sessionstore")
	if !ok {
		t.Fatal("no recipe of sessionstore")
	}
	for kind, want := range map[string]Properties{
		"inMemory": {Disposable: true, GranularityMs: 1},
		"redis":    {Durable: true, Shared: true, Disposable: true, GranularityMs: 1000},
	} {
		got, _, err := r.With(map[string]any{"type": kind})
		if err != nil || got.Properties != want {
			t.Errorf("%s: %+v, error %v", kind, got.Properties, err)
		}
	}
}

func TestFind(t *testing.T) {
	for text, want := range map[[2]string]string{
		{"connect-redis", ""}:       "connect-redis",
		{"connect-redis", "9.0.0"}:  "connect-redis",
		{"connect-redis", "8"}:      "connect-redis@8",
		{"connect-redis", "8.0.1"}:  "connect-redis@8",
		{"connect-redis", "latest"}: "connect-redis",
		{"nonesuch", "8"}:           "",
	} {
		if r, _ := Find(text[0], text[1]); r.Name != want {
			t.Errorf("%q: %s, want %s", text, r.Name, want)
		}
	}
}

// express-session's documentation lists 58 stores. Each has a recipe, or a row that says why it has none.
func TestListed(t *testing.T) {
	listed := 0
	for _, r := range All() {
		if r.Listed {
			listed++
		}
	}
	if listed != 58 {
		t.Errorf("%d listed stores, want 58", listed)
	}
}

// TestVariantErrors makes one mistake at a time in what only some recipes have.
func TestVariantErrors(t *testing.T) {
	const variants = `options:
  database: sqlite
variants:
  - options: { database: postgresql }
    backend: postgresql
`
	good, err := recipeFiles.ReadFile("recipes/connect-session-knex.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(good), variants) {
		t.Fatalf("no %q in the recipe", variants)
	}
	for _, test := range []struct{ old, new, want string }{
		{"database: postgresql }", "database: sqlite }", "variants[0].options: database must have another value"},
		{"database: postgresql }", "host: postgresql }", "variants[0].options: host must have another value"},
		{"options: { database: postgresql }", "options: {}", "variants[0].options: a variant needs an option"},
		{"    backend: postgresql", "    backend: Postgres 15", `variants[0].backend: "Postgres 15" is neither`},
		{"  database: sqlite\n", "  database: sqlite\n  nobody: reads\n", "options: the factory does not read nobody"},
		{"factory: |", "why: no reason\nfactory: |", "why: a store that has a factory can run"},
		{"name: connect-session-knex", "name: connect-session-knex@4", "name: "},
	} {
		text := strings.Replace(string(good), test.old, test.new, 1)
		if _, err := parseRecipe("recipes/connect-session-knex.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %q", test.new, err, test.want)
		}
	}
	if _, err := parseRecipe("recipes/x.yaml", []byte("name: x\npackage: x\nhomepage: https://x.example\nwhy: gone\n")); err != nil {
		t.Errorf("a row: %v", err)
	}
	if _, err := parseRecipe("recipes/x.yaml", []byte("name: x\npackage: x\nwhy: gone\n")); err == nil || !strings.Contains(err.Error(), "homepage is missing") {
		t.Errorf("a row without a homepage: %v", err)
	}
}

// Each variant is a store of its own, with the options of the recipe and its own.
func TestStores(t *testing.T) {
	got := map[string]string{} // the backend, by name and options
	for _, s := range Stores() {
		key := fmt.Sprint(s.Name, " ", s.Options)
		if _, twice := got[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		got[key] = s.Backend
	}
	for key, want := range map[string]string{
		"connect-redis map[]":                               "redis",
		"connect-session-knex map[database:sqlite]":         "none",
		"connect-session-knex map[database:postgresql]":     "postgresql",
		"connect-session-sequelize@7 map[database:mariadb]": "mariadb",
		"sessionstore map[type:redis]":                      "redis",
	} {
		if got[key] != want {
			t.Errorf("%s is on %q, want %q", key, got[key], want)
		}
	}
}
