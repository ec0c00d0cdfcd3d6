package skeleton

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// project makes a folder with files.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func write(t *testing.T, p *Plan, err error) {
	t.Helper()
	if err == nil {
		err = p.Write(false, func(string) {})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, elements ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const methods = `get (id, cb) { cb(null, null) }
  set (id, s, cb) { cb() }
  destroy (id, cb) { cb() }`

// TestNodeFindsTheStore: the target makes the store as the package exports it, and Node can load it.
func TestNodeFindsTheStore(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string // in the target
		note  string   // part of a note
	}{
		"a function that makes a class": {
			map[string]string{"package.json": `{"name":"s","main":"lib/main"}`, "lib/main.js": "module.exports = session => class S extends session.Store {\n" + methods + "\n}"},
			[]string{"'use strict'\n", "const makeStore = require('./lib/main.js')\n", "const Store = makeStore(session)\n    return new Store({", "  // close (store) {", "module.exports = {"},
			"",
		},
		"a class under a name": {
			map[string]string{"package.json": `{"name":"it's"}`, "index.js": "exports.help = () => 1\nexports.MyStore = class {\n" + methods + "\nclose () {}\n}"},
			[]string{"const { MyStore: Store } = require('./index.js')\n", "return new Store({", "\n  close (store) {\n    return store.close()\n  },", `name: 'it\'s'`},
			"",
		},
		"an ES module": {
			map[string]string{"package.json": `{"name":"s","type":"module","exports":{".":{"types":"./x.d.ts","import":"./m.js"}}}`, "m.js": "console.log('hello')\nexport default class {\n" + methods + "\n}"},
			[]string{"// What storecheck checks", "import Store from './m.js'\n", "export default {"},
			"",
		},
		"an ES module with a name": {
			map[string]string{"package.json": `{"type":"module"}`, "index.js": "export class RedisStore {\n" + methods + "\n}"},
			[]string{"import { RedisStore as Store } from './index.js'\n", "name: 'my-store'"},
			"",
		},
		"a function that makes a store": {
			map[string]string{"package.json": `{}`, "index.js": "module.exports = session => ({\n" + strings.ReplaceAll(methods, "}\n", "},\n") + "\n})"},
			[]string{"return makeStore(session)"},
			"",
		},
		"compiled by TypeScript": {
			map[string]string{"package.json": `{"main":"dist/index.js"}`, "dist/index.js": "Object.defineProperty(exports, '__esModule', { value: true })\nexports.default = class {\n" + methods + "\n}"},
			[]string{"return new Store({"},
			"",
		},
		"no store": {
			map[string]string{"package.json": `{}`, "index.js": "exports.a = 1\nexports.b = () => { throw new Error() }"},
			[]string{"// FILL IN how the store of this package is made: ./index.js exports nothing that has get, set and destroy; it exports a, b.", "throw new Error("},
			"exports nothing that has get, set and destroy",
		},
		"a module that does not load": {
			map[string]string{"package.json": `{}`, "index.js": "require('not-installed-here')"},
			[]string{"Cannot find module 'not-installed-here'"},
			"Cannot find module",
		},
		"a module that ends the process": {
			map[string]string{"package.json": `{}`, "index.js": "process.exit(3)"}, []string{"it cannot be loaded"}, "it cannot be loaded",
		},
		"nothing built yet": {
			map[string]string{"package.json": `{"main":"dist/index.js","scripts":{"build":"tsc"}}`}, []string{"is a file that is there"}, "to be filled in",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := project(t, c.files)
			p, err := Node(t.Context(), dir, "0.1.0", false)
			write(t, p, err)
			target := read(t, dir, "storecheck.js")
			wantWorkflow(t, read(t, dir, ".github", "workflows", "storecheck.yml"))
			for _, want := range c.want {
				if !strings.Contains(target, want) {
					t.Errorf("%q is not in\n%s", want, target)
				}
			}
			if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, c.note) || (notes == "") != (c.note == "") {
				t.Errorf("the notes are %q", notes)
			}
			if out, err := exec.Command(node, "--check", filepath.Join(dir, "storecheck.js")).CombinedOutput(); err != nil {
				t.Errorf("%s\n%s", out, target)
			}
		})
	}
}

// TestWorkflow: the workflow installs as the package does, and names the files from the top of the repository.
func TestWorkflow(t *testing.T) {
	dir := project(t, map[string]string{
		".git/HEAD": "", "pnpm-lock.yaml": "", "packages/s/known-failures.yaml": "",
		"packages/s/package.json": `{"scripts":{"build":"tsc","storecheck":"mine"},"devDependencies":{"@storecheck/cli":"1"}}`,
	})
	p, err := Node(t.Context(), filepath.Join(dir, "packages", "s"), "7.8.9", false)
	write(t, p, err)
	text := read(t, dir, ".github", "workflows", "storecheck.yml")
	for _, want := range []string{
		"- run: cd packages/s && pnpm install --frozen-lockfile\n", "- run: cd packages/s && pnpm run build\n", "targets: ./packages/s/storecheck.js\n",
		"known: packages/s/known-failures.yaml\n", "uses: storecheck/storecheck@v7.8.9\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	wantWorkflow(t, text)
	if got := read(t, dir, "packages", "s", "package.json"); !strings.Contains(got, `"storecheck":"mine"`) {
		t.Errorf("the script was replaced: %s", got)
	}
	if !strings.Contains(strings.Join(p.Notes, " "), "stays as it is: mine") || strings.Contains(strings.Join(p.Next, " "), "npm install") {
		t.Errorf("%q, %q", p.Notes, p.Next)
	}
}

// wantWorkflow reads a workflow as GitHub does, and compares what it gives the action with what the action takes.
func wantWorkflow(t *testing.T, text string) {
	t.Helper()
	var workflow struct {
		On   map[string]any
		Jobs map[string]struct {
			Steps []struct {
				Uses, Run string
				With      map[string]any
			}
		}
	}
	var action struct{ Inputs map[string]any }
	err := yaml.Unmarshal([]byte(text), &workflow)
	if err == nil {
		err = yaml.Unmarshal([]byte(read(t, "..", "..", "..", "..", "action.yml")), &action)
	}
	if err != nil || len(workflow.On) != 2 || len(workflow.Jobs["storecheck"].Steps) < 4 || len(action.Inputs) < 3 {
		t.Fatalf("%v: %+v, %+v", err, workflow, action)
	}
	for _, step := range workflow.Jobs["storecheck"].Steps {
		if (step.Uses == "") == (step.Run == "") {
			t.Errorf("%+v", step)
		}
		for name := range step.With {
			if _, takes := action.Inputs[name]; strings.HasPrefix(step.Uses, "storecheck/") && !takes {
				t.Errorf("the action takes no %s", name)
			}
		}
	}
}

// TestNothingIsOverwritten: where one file is there, none is written, and what is there stays.
func TestNothingIsOverwritten(t *testing.T) {
	dir := project(t, map[string]string{"package.json": `{"name":"s"}`, ".github/workflows/storecheck.yml": "mine"})
	p, err := Node(t.Context(), dir, "0.1.0", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Write(false, func(line string) { t.Error(line) }); err == nil || !strings.Contains(err.Error(), "storecheck.yml is there already") {
		t.Error(err)
	}
	if isFile(dir, "storecheck.js") || read(t, dir, "package.json") != `{"name":"s"}` || read(t, dir, ".github", "workflows", "storecheck.yml") != "mine" {
		t.Error("something was written")
	}
	if p, err = Node(t.Context(), dir, "0.1.0", true); err != nil {
		t.Fatal(err)
	}
	if err := p.Write(true, func(string) {}); err != nil || read(t, dir, ".github", "workflows", "storecheck.yml") == "mine" {
		t.Errorf("--force: %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".storecheck-*"))
	if len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

func TestNodeErrors(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no package":  {nil, "npm init makes one"},
		"no JSON":     {map[string]string{"package.json": "{"}, "cannot be read"},
		"a list":      {map[string]string{"package.json": "[]"}, "cannot be read"},
		"odd scripts": {map[string]string{"package.json": `{"scripts":[]}`}, "cannot be read"},
	} {
		if _, err := Node(t.Context(), project(t, c.files), "0.1.0", false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGo: the test makes the store of the package.
func TestGo(t *testing.T) {
	const store = `package sessions
type DB struct{}
func (*DB) Get() {}
func (*DB) Set() {}
func (*DB) Destroy() {}
func NewNothing() int { return 0 }
`
	for name, c := range map[string]struct {
		files map[string]string
		below string
		want  []string
		note  bool
	}{
		"a constructor": {
			map[string]string{"go.mod": "module example.com/app\n", "sessions/s.go": store + "func New() *DB { return nil }"},
			"sessions",
			[]string{"package sessions_test\n", "return sessions.New(), nil\n", "\t\"example.com/app/sessions\"\n"},
			false,
		},
		"one that can fail": {
			map[string]string{"go.mod": "module example.com/go-sessions\n", "s.go": store + "func NewDB(o ...int) (*DB, error) { return nil, nil }"},
			".",
			[]string{"return sessions.NewDB()\n", "\tsessions \"example.com/go-sessions\"\n"},
			false,
		},
		"one with arguments": {
			map[string]string{"go.mod": "module example.com/sessions\n", "s.go": store + "func New(path string) (*DB, error) { return nil, nil }"},
			".",
			[]string{"// FILL IN the arguments.\n", "sessions.New( /* the arguments of New */ )"},
			false,
		},
		"no store":   {map[string]string{"go.mod": "module example.com/x\n", "s.go": "package x\n"}, ".", []string{"package x_test\n", "memorystore.New(memorystore.Options{}), nil"}, true},
		"no package": {map[string]string{"go.mod": "module example.com/my-store\n"}, ".", []string{"package mystore_test\n"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(project(t, c.files), c.below)
			p, err := Go(dir)
			write(t, p, err)
			text := read(t, dir, GoTestFile)
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in\n%s", want, text)
				}
			}
			if (len(p.Notes) > 0) != c.note {
				t.Errorf("the notes are %q", p.Notes)
			}
		})
	}
	if _, err := Go(t.TempDir()); err == nil || !strings.Contains(err.Error(), "go mod init") {
		t.Error(err)
	}
}
