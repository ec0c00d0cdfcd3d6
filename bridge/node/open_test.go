package node_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/spec/probe"
)

var update = flag.Bool("update", false, "write the golden files")

// factory is a target with a factory text and a root with the real express-session.
func factory(t *testing.T, text string) node.Target {
	t.Helper()
	return node.Target{Factory: text, Root: requireExpress(t)}
}

// TestForms opens every form in which a module may export a store.
func TestForms(t *testing.T) {
	requireExpress(t)
	for module, class := range map[string]string{
		"good.js": "Good", "es-module.mjs": "Store", "named-exports.mjs": "Good", "object.js": "Good", "class.js": "Counted",
		"ready.js": "EventEmitter", "only-class.mjs": "OnlyClass", "transpiled.js": "Good", "bare.js": "Object",
	} {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			s, p := open(t, module)
			if got := s.Surface().Class; got != class {
				t.Errorf("the class is %s, want %s", got, class)
			}
			if o := do(t, s, probe.Call{Method: "get", ID: "a"}); o.Err("get") != nil {
				t.Error(show(o))
			}
			if got := p.Info(); got.Language != "javascript" || !strings.HasPrefix(got.Runtime, "node ") || got.Name == "" {
				t.Errorf("hello says %+v", got)
			}
		})
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	s, p := open(t, "named-exports.mjs")
	info := p.Info()
	if info.Name != "named" || info.Properties.Durable == nil || *info.Properties.Durable || !*info.Properties.Shared ||
		!*info.Properties.Disposable || info.Properties.Granularity != bridge.Milliseconds(1e9) ||
		!slices.Equal(info.Properties.AddedKeys, []string{"lastAccess"}) {
		t.Errorf("hello says %+v", info)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Do(t.Context(), probe.Call{Method: "get", ID: "a"}); err == nil {
		t.Error("a closed store answers")
	}
	p.Close()
	if !strings.Contains(p.stderr.String(), "closed t\n") {
		t.Errorf("close was not called: %q", p.stderr)
	}
}

// TestEnv looks at the second argument of the factory, and at the modules that it finds.
func TestEnv(t *testing.T) {
	t.Parallel()
	target := factory(t, `async (session, env) => {
		const MemoryStore = require('memorystore')(session)
		const { default: again } = await import('memorystore')
		const store = new MemoryStore({ checkPeriod: 86400000 })
		store.get = (id, callback) => callback(null, { ...env, same: again === require('memorystore'), folder: process.cwd() })
		return store
	}`)
	target.Package = "memorystore"
	target.Options = map[string]any{"a": 1, "b": 1}
	target.Close = `(store, env) => console.log('closed', env.secret)`
	p := start(t, target)
	if got := p.Info(); got.Name != "memorystore" || got.Version != "1.6.8" || got.Issues == "" || got.Homepage == "" {
		t.Errorf("hello says %+v", got)
	}
	dir := t.TempDir()
	s, err := p.Open(t.Context(), bridge.OpenParams{
		Namespace: "n", Dir: dir, Backend: &bridge.Backend{URL: "redis://localhost"}, Secret: "s3", Options: map[string]any{"b": 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	v := summary(t, do(t, s, probe.Call{Method: "get", ID: "a"}))
	contains(t, "env", v, map[string]any{"dir": dir, "namespace": "n", "secret": "s3", "same": true})
	contains(t, "env.backend", v["backend"].(map[string]any), map[string]any{"url": "redis://localhost"})
	contains(t, "env.options", v["options"].(map[string]any), map[string]any{"a": 1.0, "b": 2.0})
	if folder, _ := v["folder"].(string); !strings.HasSuffix(folder, filepath.Join("work", "store")) {
		t.Errorf("the store's working folder is %s", folder)
	}
	p.Close()
	if !strings.Contains(p.stderr.String(), "closed s3\n") {
		t.Errorf("the end of the input did not close the store: %q", p.stderr)
	}
}

func TestSlowClose(t *testing.T) {
	t.Parallel()
	_, p := open(t, "object.js")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpenErrors compares the errors about modules that are no stores with a golden file.
func TestOpenErrors(t *testing.T) {
	root := requireExpress(t)
	broken, err := filepath.Abs("testdata/broken")
	if err != nil {
		t.Fatal(err)
	}
	nothing := t.TempDir()
	targets := map[string]node.Target{
		"factory-syntax":     {Factory: "async () => {", Root: root},
		"factory-number":     {Factory: "42", Root: root},
		"factory-needs":      {Factory: "() => require('a-package-that-is-not-there')", Root: root},
		"close-syntax":       {Factory: "() => {}", Close: "(", Root: root},
		"no-express-session": {Module: "testdata/stores/good.js", ExpressRoot: nothing},
	}
	damaged := t.TempDir()
	for name, text := range map[string]string{
		"package.json":                `{"dependencies":{"gone":"1.0.0","lacks":"1.0.0","cut":"1.0.0"}}`,
		"node_modules/lacks/index.js": `require('./lib.js')`,
		"node_modules/cut/index.js":   `module.exports = (`,
	} {
		file := filepath.Join(damaged, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"gone", "lacks", "cut", "other"} {
		targets["package-"+name] = node.Target{Factory: fmt.Sprintf("() => require(%q)", name), Root: damaged, ExpressRoot: root}
	}
	entries, err := os.ReadDir(broken)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		targets[e.Name()] = node.Target{Module: filepath.Join("testdata", "broken", e.Name())}
	}
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, target)
			_, err := p.Open(t.Context(), bridge.OpenParams{Namespace: "t", Dir: t.TempDir()})
			var refused *bridge.HostError
			if !errors.As(err, &refused) || refused.Code != 1 {
				t.Fatalf("got %v", err)
			}
			if name == "environment.js" && !slices.Equal(refused.Missing, []string{"STORE_URL", "STORE_TOKEN"}) {
				t.Errorf("it has looked for %q in vain", refused.Missing)
			}
			got := strings.NewReplacer(broken, "BROKEN", root, "ROOT", damaged, "DAMAGED", nothing, "NOTHING", filepath.Dir(broken), "TESTDATA").Replace(refused.Message) + "\n"
			file := filepath.Join("testdata", "open-errors", name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got  %swant %s", got, want)
			}
		})
	}
}

// TestTargetErrors needs no Node.
func TestTargetErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		target node.Target
		want   string
	}{
		{node.Target{}, "either a module or a factory"},
		{node.Target{Module: "x.js", Factory: "() => {}"}, "either a module or a factory"},
		{node.Target{Factory: "() => {}"}, "needs a root"},
		{node.Target{Module: "not-there.js"}, "there is no file not-there.js"},
		{node.Target{Module: "testdata"}, "testdata is a folder"},
	} {
		if _, err := node.Command(context.Background(), test.target, t.TempDir()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v", test.target, err)
		}
	}
}
