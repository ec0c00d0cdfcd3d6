package target_test

import (
	"os"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

func TestParse(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"store.js", "store.mjs"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	factory := target.Options{Factory: "(session) => new session.MemoryStore()"}
	for _, c := range []struct {
		text    string
		options target.Options
		err     string // the start of the error; "" for a target
	}{
		{"memory", target.Options{}, ""},
		{"file", target.Options{}, ""},
		{"file:./sessions", target.Options{}, ""},
		{"file", target.Options{Config: map[string]any{"format": "native", "sharded": true, "secret": "keyboard cat"}}, ""},
		{"file", target.Options{Config: map[string]any{"format": "cbor"}}, "--option format=cbor: file takes format=npm or native"},
		{"file", target.Options{Config: map[string]any{"ttl": 5}}, "--option ttl=5: file takes "},
		{"file:", target.Options{}, "file: needs a directory"},
		{"memory", target.Options{Config: map[string]any{"max": 1000.0, "stale": true}}, ""},
		{"memory", target.Options{Config: map[string]any{"max": 0.5}}, "--option max=0.5: memory takes max=NUMBER"},
		{"memory", target.Options{Config: map[string]any{"size": 1.0}}, "--option size=1: memory takes "},
		{"npm:memorystore", target.Options{}, ""},
		{"npm:memorystore@1.6.7", target.Options{}, ""},
		{"npm:some-store", factory, ""},
		{"npm:@scope/some-store", factory, ""},
		{"npm:@scope/some-store@2.0.0", factory, ""},
		{"npm:some-store", target.Options{}, "the catalogue has no recipe for some-store"},
		{"npm:@scope/some-store@2.0.0", target.Options{}, "the catalogue has no recipe for @scope/some-store; "},
		{"npm:", target.Options{}, "npm: needs the name of a package"},
		{"npm:memorystore@", target.Options{}, "npm: needs the name of a package"},
		{"exec:./store --speak", target.Options{}, ""},
		{"exec: ", target.Options{}, "exec: needs a command"},
		{"go:example.com/store", target.Options{}, "the catalogue has no recipe for example.com/store; say how to make its store"},
		{"./store.js", target.Options{}, ""},
		{"store.mjs", target.Options{}, ""},
		{"missing.cjs", target.Options{}, "there is no file missing.cjs"},
		{"../store", target.Options{}, "there is no file ../store"},
		{"./", target.Options{}, "./ is a folder"},
		{"store", target.Options{}, `unknown target "store"; did you mean ./store.js?`},
		{"connect-redis@9.0.0", target.Options{}, `unknown target "connect-redis@9.0.0"; did you mean npm:connect-redis@9.0.0?`},
		{"postgres", target.Options{}, `unknown target "postgres"; use one of`},
		{"", target.Options{}, `unknown target ""`},
	} {
		got, err := target.Parse(c.text, c.options)
		switch {
		case c.err == "" && (err != nil || got == nil):
			t.Errorf("Parse(%q): %v, want a target", c.text, err)
		case c.err != "" && (err == nil || !strings.HasPrefix(err.Error(), c.err)):
			t.Errorf("Parse(%q): error %v, want one that begins with %q", c.text, err, c.err)
		}
	}
}
