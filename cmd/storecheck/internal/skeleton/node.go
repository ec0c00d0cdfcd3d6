package skeleton

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/internal/intake"
)

//go:embed node
var nodeFiles embed.FS

var nodeTemplates = template.Must(template.ParseFS(nodeFiles, "node/target.js", "node/workflow.yml"))

// maxManifest is far above the size of a package.json.
const maxManifest = 4 << 20

// scriptName is the name of the script in package.json.
const scriptName = "storecheck"

// packageName is the package of npm that brings the program. The bare name belongs to somebody else.
const packageName = "@storecheck/cli"

// Node plans what the package in dir needs: a target module, a script in package.json, and a workflow. It loads the package's main module, to see
// what it exports. The workflow takes a version of the action. Without force a script of the same name stays.
func Node(ctx context.Context, dir, version string, force bool) (*Plan, error) {
	manifestPath := filepath.Join(dir, "package.json")
	text, err := intake.File(manifestPath, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s: npm init makes one; or name the folder of the package, as in storecheck init node packages/my-store", manifestPath)
	}
	if err != nil {
		return nil, err
	}
	if raw, err := os.ReadFile(manifestPath); err == nil {
		text = raw // with its byte order mark
	}
	m, err := parseManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", manifestPath, err)
	}
	var p Plan
	const target = "storecheck.js" // Node loads it in the syntax that the type of the package says
	found := p.look(ctx, dir, m)
	if err := p.target(dir, target, m, found); err != nil {
		return nil, err
	}
	command := "storecheck run ./" + target
	if err := p.script(manifestPath, m, command, force); err != nil {
		return nil, err
	}
	top := repository(dir)
	if err := p.workflow(top, dir, target, version, m); err != nil {
		return nil, err
	}
	in := ""
	if dir != "." {
		in = "cd " + filepath.ToSlash(dir) + " && "
	}
	if m.DevDependencies[packageName] == "" && m.Dependencies[packageName] == "" {
		p.Next = append(p.Next, in+"npm install --save-dev "+packageName, "npm run "+scriptName)
	} else {
		p.Next = append(p.Next, in+"npm run "+scriptName)
	}
	p.Next = append(p.Next, "# for failures that are to stay for now: npx storecheck known --update known-failures.yaml ./"+target)
	return &p, nil
}

// A finding is what the main module of a package exports.
type finding struct {
	entry string // its path, relative to the package; "" if there is none

	Name   string
	Shape  string // class, store, or what a function makes; "" if nothing looks like a store
	Closes bool   // the store has a method close
	Names  []string
	Error  string
}

// inspectTime is how long the main module may take to load.
const inspectTime = 20 * time.Second

// look loads the main module.
func (p *Plan) look(ctx context.Context, dir string, m *manifest) finding {
	f := finding{entry: entryOf(dir, m)}
	if f.entry == "" {
		f.Error = "neither main nor exports of package.json, nor index.js, is a file that is there"
		return f
	}
	node, _, err := install.Node()
	if err != nil {
		f.Error = err.Error()
		return f
	}
	script, err := nodeFiles.ReadFile("node/inspect.mjs")
	if err != nil {
		f.Error = err.Error()
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, inspectTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "--input-type=module", "-", f.entry)
	cmd.Dir, cmd.Stdin, cmd.WaitDelay = dir, bytes.NewReader(script), time.Second
	cmd.Env = install.HostEnv(os.TempDir())
	out, err := cmd.Output()
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err != nil || json.Unmarshal(lines[len(lines)-1], &f) != nil {
		f.Error = "it cannot be loaded"
	}
	return f
}

// entryOf returns the path of the main module, as ./lib/index.js, or "".
func entryOf(dir string, m *manifest) string {
	for _, e := range m.entries() {
		for _, ending := range []string{"", ".js", ".cjs", ".mjs", "/index.js"} {
			if name := path.Clean(e) + ending; filepath.IsLocal(filepath.FromSlash(name)) && isFile(dir, filepath.FromSlash(name)) {
				return "./" + name
			}
		}
	}
	return ""
}

// targetData fills the template of a target module.
type targetData struct {
	Strict, Closes bool
	Command, Entry string
	Found, Why     string
	Import, Open   []string
	Name, Export   string
}

func (p *Plan) target(dir, name string, m *manifest, f finding) error {
	modules := m.Type == "module"
	d := targetData{
		Strict: !modules, Closes: f.Closes, Command: "npm run " + scriptName, Entry: f.entry, Export: "module.exports =",
		Name: jsQuote(m.Name),
	}
	if m.Name == "" {
		d.Name = jsQuote("my-store")
	}
	if modules {
		d.Export = "export default"
	}
	what := "store"
	switch {
	case f.Shape == "":
		d.Why = f.Error
		if d.Why == "" {
			d.Why = f.entry + " exports nothing that has get, set and destroy"
			if len(f.Names) > 0 {
				d.Why += "; it exports " + strings.Join(f.Names[:min(len(f.Names), 8)], ", ")
			}
		}
		p.note("How the store is made is to be filled in, in %s: %s.", filepath.Join(dir, name), d.Why)
	case f.Name == "default":
		d.Found = "whose export is a " + f.Shape
	default:
		d.Found = "whose export " + f.Name + " is a " + f.Shape
	}
	switch f.Shape {
	case "class":
		what = "Store"
		d.Open = []string{"return new Store({ /* FILL IN the options of the store, such as path: env.dir */ })"}
	case "store":
		d.Open = []string{"return store"}
	case "function that makes a class":
		what = "makeStore"
		d.Open = []string{"const Store = makeStore(session)", "return new Store({ /* FILL IN the options of the store, such as path: env.dir */ })"}
	case "function that makes a store":
		what = "makeStore"
		d.Open = []string{"return makeStore(session)"}
	default:
		d.Open = []string{
			"// FILL IN, as in one of",
			"//   return new Store({ path: env.dir })                // a class",
			"//   return new (makeStore(session))({ path: env.dir }) // a function that gets express-session and makes a class",
			"throw new Error('" + name + ": say how the store is made')",
		}
		what = "theStore"
	}
	if f.entry != "" && f.Shape != "" {
		d.Import = []string{importLine(modules, what, f)}
	} else if f.entry != "" {
		d.Import = []string{"// " + importLine(modules, what, finding{entry: f.entry, Name: "default"})}
	}
	var b strings.Builder
	if err := nodeTemplates.ExecuteTemplate(&b, "target.js", d); err != nil {
		return err
	}
	p.add(filepath.Join(dir, name), b.String(), 0o644)
	return nil
}

func importLine(modules bool, what string, f finding) string {
	switch {
	case modules && f.Name == "default":
		return fmt.Sprintf("import %s from %s", what, jsQuote(f.entry))
	case modules:
		return fmt.Sprintf("import { %s } from %s", as(f.Name, what, " as "), jsQuote(f.entry))
	case f.Name == "default":
		return fmt.Sprintf("const %s = require(%s)", what, jsQuote(f.entry))
	}
	return fmt.Sprintf("const { %s } = require(%s)", as(f.Name, what, ": "), jsQuote(f.entry))
}

func as(name, what, between string) string {
	if name == what {
		return name
	}
	return name + between + what
}

// jsQuote writes a text as JavaScript has it, in single quotes.
func jsQuote(text string) string {
	quoted := quote(text)
	return "'" + strings.NewReplacer(`\"`, `"`, `'`, `\'`).Replace(quoted[1:len(quoted)-1]) + "'"
}

// script adds the script to package.json.
func (p *Plan) script(path string, m *manifest, command string, force bool) error {
	switch old, has := m.Scripts[scriptName]; {
	case has && old == command:
		return nil
	case has && !force:
		p.note("The script %s in %s stays as it is: %s", scriptName, path, old)
		return nil
	}
	text, err := m.withScript(scriptName, command)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	p.files = append(p.files, file{path: path, text: text, mode: 0o644, changes: "the script " + scriptName})
	return nil
}

// workflow adds the workflow at the top of the repository.
func (p *Plan) workflow(top, dir, target, version string, m *manifest) error {
	below, err := filepath.Rel(top, dir)
	if err != nil {
		return err
	}
	d := struct {
		Version, Target, Known string
		Install                []string
	}{Version: version, Target: path.Join(filepath.ToSlash(below), target)}
	if isFile(dir, "known-failures.yaml") {
		d.Known = path.Join(filepath.ToSlash(below), "known-failures.yaml")
	}
	for _, line := range installLines(top, dir, m) {
		if below != "." {
			line = "cd " + filepath.ToSlash(below) + " && " + line
		}
		d.Install = append(d.Install, line)
	}
	var b strings.Builder
	if err := nodeTemplates.ExecuteTemplate(&b, "workflow.yml", d); err != nil {
		return err
	}
	p.add(filepath.Join(top, ".github", "workflows", "storecheck.yml"), b.String(), 0o644)
	return nil
}

// installLines are the commands that make a clone of the package ready.
func installLines(top, dir string, m *manifest) []string {
	has := func(name string) bool { return isFile(dir, name) || isFile(top, name) }
	manager := "npm"
	var lines []string
	switch {
	case has("pnpm-lock.yaml"):
		manager = "pnpm"
		lines = []string{"corepack enable", "pnpm install --frozen-lockfile"}
	case has("yarn.lock"):
		manager = "yarn"
		lines = []string{"corepack enable", "yarn install"}
	case has("package-lock.json"), has("npm-shrinkwrap.json"):
		lines = []string{"npm ci"}
	default:
		lines = []string{"npm install"}
	}
	if m.Scripts["build"] != "" {
		lines = append(lines, manager+" run build")
	}
	return lines
}

// repository is the folder with .git that dir is in, or dir.
func repository(dir string) string {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	for at, up := absolute, dir; ; up = filepath.Join(up, "..") {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return up
		}
		parent := filepath.Dir(at)
		if parent == at {
			return dir
		}
		at = parent
	}
}
