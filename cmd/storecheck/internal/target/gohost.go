package target

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/internal/gosource"
	"github.com/storecheck/storecheck/internal/install"
)

// A goProgram is what the generated program around a store in Go consists of.
type goProgram struct {
	name, version string   // of the store, for reports
	adapter       string   // or empty
	imports       []string // each a path, or a name and a path
	factory       string   // the body of a function of ctx and env
}

// main returns the text of main.go.
func (p goProgram) main() string {
	imports := []string{
		`"context"`, `_ "time/tzdata"`,
		quoted(gosource.Module + "/bench"), quoted(gosource.Module + "/bridge/serve"), quoted(gosource.Module + "/spec"),
	}
	for _, i := range p.imports {
		imports = append(imports, quoted(i))
	}
	if p.adapter != "" {
		imports = append(imports, quoted(p.adapterModule()))
	}
	if strings.Contains(p.factory, "fmt.") {
		imports = append(imports, `"fmt"`)
	}
	slices.Sort(imports)
	return fmt.Sprintf(`// This program serves a store to storecheck, which has generated it.
package main

import (
	%s
)

func main() {
	serve.Main(serve.Options{Name: %q, Version: %q, Bench: bench.Served, Open: open})
}

func open(ctx context.Context, env *serve.Env) (spec.Store, error) {
//line factory:1
%s
}
`, strings.Join(slices.Compact(imports), "\n\t"), p.name, p.version, strings.TrimRight(p.factory, "\n"))
}

// quoted returns an import spec: of path, or of name path.
func quoted(text string) string {
	name, importPath, named := strings.Cut(text, " ")
	if !named {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%s %q", name, importPath)
}

func (p goProgram) adapterModule() string { return gosource.Module + "/adapters/" + p.adapter }

// require adds to a go.mod what the program needs of this module. A module that has it already keeps its own version of it.
func (p goProgram) require(m *modfile.File, source string) error {
	add := func(module, dir string) error {
		if m.Module.Mod.Path == module || slices.ContainsFunc(m.Require, func(r *modfile.Require) bool { return r.Mod.Path == module }) {
			return nil
		}
		if err := m.AddRequire(module, "v0.0.0"); err != nil {
			return err
		}
		return m.AddReplace(module, "", dir, "")
	}
	err := add(gosource.Module, source)
	for _, name := range gosource.Closure(p.adapter) {
		err = errors.Join(err, add(gosource.Module+"/adapters/"+name, filepath.Join(source, "adapters", name)))
	}
	return err
}

// goSource returns the folder of the sources of this module, which it writes into the cache first.
func goSource() (string, error) {
	cache, err := install.Folder()
	if err != nil {
		return "", err
	}
	dir, err := gosource.Ensure(cache)
	if err != nil {
		return "", fmt.Errorf("the sources of the bridge cannot be written: %w: make room or set STORECHECK_CACHE", err)
	}
	return dir, nil
}

// hostOf returns the generated host of modules that are named as path@version. Those of a recipe are exact.
func (p goProgram) hostOf(modules []string, exact bool, o Options) (install.Host, error) {
	source, err := goSource()
	if err != nil {
		return install.Host{}, err
	}
	m := new(modfile.File)
	if err := errors.Join(m.AddModuleStmt("storecheck.host"), m.AddGoStmt("1.26.0"), p.require(m, source)); err != nil {
		return install.Host{}, err
	}
	h := install.Host{Name: p.name, Race: o.Race, Refresh: o.Refresh}
	for _, module := range modules {
		modulePath, version, _ := strings.Cut(module, "@")
		if !exact {
			h.Get = append(h.Get, module)
		} else if err := m.AddRequire(modulePath, version); err != nil {
			return install.Host{}, err
		}
	}
	text, err := m.Format()
	if err != nil {
		return install.Host{}, err
	}
	sums := string(gosource.Sums())
	if exact {
		sums += catalog.Sums()
	}
	h.Files = map[string]string{"main.go": p.main(), "go.mod": string(text), "go.sum": sums}
	return h, nil
}

// startGo builds a host and starts it.
func (h *host) startGo(ctx context.Context, built install.Host, name string, say func(string)) (*Opened, error) {
	if !install.HostBuilt(built) || built.Refresh {
		say("building a program around " + name)
	}
	program, err := install.BuildHost(ctx, built)
	if err != nil {
		return nil, err
	}
	h.command = bridge.Command{Path: program, Env: append(install.HostEnv(h.dir), "GOTRACEBACK=single"), Dir: h.work()}
	if built.Race {
		if err := h.watchRaces(); err != nil {
			return nil, err
		}
	}
	h.limits = true
	say("starting it")
	opened, err := h.start(ctx, name)
	if err != nil {
		return nil, err
	}
	opened.Unread = h.unread
	if built.Race {
		opened.Subject.Races = h.raceReports
	}
	return opened, nil
}

// packageName guesses the name of a package from its import path, for a factory that calls it.
func packageName(importPath string) string {
	base := path.Base(importPath)
	if isMajor(base) {
		base = path.Base(path.Dir(importPath))
	}
	return strings.TrimPrefix(strings.ReplaceAll(base, "-", ""), "go")
}

// isMajor reports whether the last element of an import path is that of a major version, such as v2.
func isMajor(element string) bool {
	digits, ok := strings.CutPrefix(element, "v")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}
