package catalog

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/backend"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestAll(t *testing.T) {
	all := All()
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
		servers := false
		for _, name := range r.Backends() {
			servers = servers || r.Why == "" && name != "none"
			if r.Why == "" && name != "none" && !slices.Contains(backend.Names(), name) {
				t.Errorf("%s: there is no backend %s", r.Name, name)
			}
		}
		if uses := strings.Contains(r.Factory, "env.backend.url") || strings.Contains(r.Factory, "env.Backend()"); uses != servers {
			t.Errorf("%s: backends %s, and its factory uses env.backend.url: %t", r.Name, r.Backends(), uses)
		}
		got, ok := Lookup(r.Name)
		if !ok || got.Factory != r.Factory {
			t.Errorf("Lookup(%q) = %v, %t", r.Name, got, ok)
		}
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "express-session") {
		t.Errorf("names %q", names)
	}
	files := 0
	err := filepath.WalkDir("recipes", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(path) == ".yaml" {
			files++
		}
		return err
	})
	if err != nil || files != len(all) {
		t.Errorf("%d recipes in %d files, %v", len(all), files, err)
	}
}

func TestLookupUnknown(t *testing.T) {
	for _, name := range []string{"", "nonesuch", ".", "../recipes/memorystore", "memorystore.yaml", "/memorystore"} {
		if r, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) = %v", name, r.Name)
		}
	}
}

// TestAllIsCopied: a caller cannot change what the next caller gets.
func TestAllIsCopied(t *testing.T) {
	first := func() *string {
		all := All()
		return &all[slices.IndexFunc(all, func(r Recipe) bool { return r.Why == "" })].Install[0]
	}
	*first() = "changed"
	if *first() == "changed" {
		t.Error("recipes are shared between callers")
	}
}

// TestParseErrors makes one mistake at a time in a good recipe.
func TestParseErrors(t *testing.T) {
	const file = "recipes/connect-redis.yaml"
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parse := func(text []byte) error { _, err := parseRecipe(file, text); return err }
	compareErrors(t, file, string(good), parse, "errors.golden", [][2]string{
		{"name: connect-redis", "name: other"},
		{"version: 9.0.0", "version: ^9.0.0"},
		{"version: 9.0.0", "version: latest"},
		{"version: 9.0.0", "version: 9.0.1"},
		{"  - redis@6.3.1", "  - redis"},
		{"  - redis@6.3.1", "  - another@6.3.1"},
		{"  - express-session@1.19.0\n", ""},
		{"install:", "installs:"},
		{"backend: redis", "backend: Redis 7"},
		{"backend: redis\n", ""},
		{"  async (session, env) =>", "  (session, env) =>"},
		{"  async (store) =>", "  store =>"},
		{"  shared: true\n", ""},
		{"shared: true", "shared: often"},
		{"granularityMs: 1000", "granularityMs: 0"},
		{"granularityMs: 1000", "granularityMs: 1s"},
		{"https://github.com/tj/connect-redis\n", "github\n"},
		{"https://github.com/tj/connect-redis/issues", "github"},
		{"notes: >-", "name: twice\nnotes: >-"},
		{"factory: |", "factory: ["},
		{"notes: >-", "notes: " + strings.Repeat("[", 50)},
		{string(good), ""},
		{string(good), "a string\n"},
		{string(good), string(good) + "---\n" + string(good)},
	})
}

// TestParseGoErrors makes one mistake at a time in a good recipe for a store in Go.
func TestParseGoErrors(t *testing.T) {
	const file = "recipes/go/github.com/alexedwards/scs/v2/memstore.yaml"
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parse := func(text []byte) error { _, err := parseRecipe(file, text); return err }
	compareErrors(t, file, string(good), parse, "go_errors.golden", [][2]string{
		{"language: go", "language: rust"},
		{"language: go\n", ""},
		{"version: v2.9.0", "version: v2.9.1"},
		{"scs/v2@v2.9.0", "scs/v2@latest"},
		{"  - github.com/alexedwards/scs/v2@v2.9.0", "  - github.com/other/scs/v2@v2.9.0"},
		{"return scsstore", "scsstore"},
		{"granularityMs: 1", "granularityMs: 0"},
		{"backend: none", "backend: Redis 7"},
		{"backend: none", "backend: none\nclose: async () => {}"},
		{"profile: scs", "profile: koa-session"},
		{"profile: scs", "profile: sc"},
	})
}

// compareErrors makes one mistake at a time in a good file, by putting the second text in place of the first, and compares the errors with a
// golden file.
func compareErrors(t *testing.T, file, good string, parse func([]byte) error, golden string, mistakes [][2]string) {
	t.Helper()
	if err := parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, mistake := range mistakes {
		text := strings.Replace(good, mistake[0], mistake[1], 1)
		if text == good {
			t.Fatalf("no %q in %s", mistake[0], file)
		}
		err := parse([]byte(text))
		fmt.Fprintf(&got, "%.40q -> %.40q\n\t%v\n", mistake[0], mistake[1], err)
		if err == nil || !strings.HasPrefix(err.Error(), file+":") {
			t.Errorf("%q in place of %q: %v", mistake[1], mistake[0], err)
		}
	}
	golden = filepath.Join("testdata", golden)
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("%s differs (rewrite it with -update):\n%s", golden, got.String())
	}
}
