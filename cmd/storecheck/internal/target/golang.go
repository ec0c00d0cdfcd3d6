package target

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/nearest"
	"github.com/storecheck/storecheck/internal/gosource"
	"github.com/storecheck/storecheck/spec/profile"
)

// goPackage is a package of Go whose store a generated program serves.
type goPackage struct {
	recipe  catalog.Recipe
	known   bool // the recipe is of the catalogue
	options Options
}

// parseGo reads the text after go:.
func parseGo(text string, o Options) (Target, error) {
	if text == "" || strings.HasSuffix(text, "@") {
		return nil, errors.New("go: needs an import path or a folder, as in go:github.com/alexedwards/scs/v2/memstore or go:./mystore")
	}
	if o.Adapter != "" && !slices.Contains(gosource.Adapters(), o.Adapter) {
		return nil, fmt.Errorf("--adapter %s: there is %s", o.Adapter, strings.Join(gosource.Adapters(), ", "))
	}
	if isFolder(text) {
		return parseGoFolder(text, o)
	}
	name, version := splitVersion(text)
	r, known := catalog.Find(name, version)
	known = known && r.Language == "go" && o.Factory == ""
	switch {
	case known && r.Why != "":
		return nil, fmt.Errorf("%s cannot be run: %s", name, r.Why)
	case known && len(o.Config) > 0 && !strings.Contains(r.Factory, "env.Option(") && !strings.Contains(r.Factory, "env.Value("):
		return nil, fmt.Errorf("the recipe of %s reads no options; make the store with --factory, which gets them as env.Option(name)", name)
	case known:
		if version != "" && version != r.Version {
			r = withModuleVersion(r, version)
		}
		var err error
		if r, o.Config, err = r.With(o.Config); err != nil {
			return nil, err
		}
		return goPackage{r, true, o}, nil
	case o.Factory == "":
		return nil, noGoRecipe(name)
	}
	module := name + "@latest"
	if version != "" {
		module = name + "@" + version
	}
	return goPackage{catalog.Recipe{
		Name: name, Package: name, Version: version, Language: "go", Backend: "none", Profile: profileOfAdapter(o.Adapter),
		Install: append([]string{module}, o.Install...), Factory: goFactory(o.Factory, o.Adapter),
	}, false, o}, nil
}

// isFolder reports whether the text after go: is a folder.
func isFolder(text string) bool {
	return text == "." || text == ".." || strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../") || strings.HasPrefix(text, "/")
}

// goFactory makes the body of a function of the user's factory, which may be an expression.
func goFactory(text, adapter string) string {
	switch {
	case strings.Contains(text, "return "):
		return text
	case adapter != "":
		return fmt.Sprintf("return %s.From(serve.Must(%s)), nil", adapterPackage(adapter), text)
	}
	return fmt.Sprintf("return serve.Store(serve.Must[any](%s))", text)
}

// adapterPackage is the name of the package of an adapter.
func adapterPackage(adapter string) string { return adapter + "store" }

// profileOfAdapter names the profile of the stores that an adapter stands before. Without an adapter a store is one of the contract itself.
func profileOfAdapter(adapter string) string {
	p, known := profile.OfAdapter(adapter)
	if !known {
		return ""
	}
	return p.Name
}

// noGoRecipe is the error of a package without a recipe and a factory.
func noGoRecipe(name string) error {
	also := ""
	if near := nearest.To("go:"+name, catalogTargets("go")); near != "" {
		also = " (did you mean " + near + "?)"
	}
	pkg := packageName(name)
	return fmt.Errorf("the catalogue has no recipe for %s%s; say how to make its store, with an expression that may read env, a *serve.Env, as in\n"+
		"  --factory '%s.New(env.Dir())'\n"+
		"and with --adapter for a store of another contract: %s", name, also, pkg, strings.Join(gosource.Adapters(), ", "))
}

// withModuleVersion returns the recipe for another version of the module of its package.
func withModuleVersion(r catalog.Recipe, version string) catalog.Recipe {
	r.Install = slices.Clone(r.Install)
	for i, m := range r.Install {
		path, has, _ := strings.Cut(m, "@")
		if has == r.Version && (r.Package == path || strings.HasPrefix(r.Package, path+"/")) {
			r.Install[i] = path + "@" + version
		}
	}
	r.Version = version
	return r
}

// programOf returns the program around the store of a recipe.
func programOf(r catalog.Recipe) goProgram {
	p := goProgram{name: r.Package, version: r.Version, adapter: r.Adapter(), imports: r.Imports, factory: r.Factory}
	if !slices.ContainsFunc(r.Imports, func(i string) bool { return strings.HasSuffix(i, " "+r.Package) }) { // under another name
		p.imports = append([]string{r.Package}, r.Imports...)
	}
	return p
}

func (g goPackage) Open(ctx context.Context, say func(string)) (_ *Opened, err error) {
	h, err := newHost(g.options)
	if err != nil {
		return nil, err
	}
	stop := func() error { return nil }
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(), stop())
		}
	}()
	r := g.recipe
	pinned, known := catalog.Lookup(r.Name)
	built, err := programOf(r).hostOf(r.Install, g.known && known && slices.Equal(pinned.Install, r.Install), g.options)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Backend != "none":
		backing, err := findServer(ctx, r.Backend, g.options, say)
		if err != nil {
			return nil, err
		}
		stop = backing.Stop
		h.back(ctx, backing)
	case !g.known:
		if err := h.backOwn(ctx, g.options); err != nil {
			return nil, err
		}
	}
	opened, err := h.startGo(ctx, built, r.Package, say)
	if err != nil {
		return nil, err
	}
	opened.Time = wish(g.options.Time).inGo()
	opened.Profile, _ = ProfileOf("go:"+r.Name, g.options)
	s := &opened.Subject
	if g.known {
		p := r.Properties
		s.Durable, s.Shared, s.Disposable = p.Durable, p.Shared, p.Disposable
		s.Granularity = time.Duration(p.GranularityMs) * time.Millisecond
		s.AddedKeys = r.AddedKeys
		s.OpenForeign = h.openForeign
		if r.OwnProcess {
			s.OpenForeign = h.openForeignApart
		}
		s.ProcessApart = true
		h.anew = p.Shared && !r.OwnProcess
		if p.Secret {
			s.OpenSecret = h.openSecret
		}
	}
	h.settle(s, g.options)
	if h.backing != nil {
		opened.Shortcuts = h.backing.Shortcuts()
	}
	opened.Close = func() error { return errors.Join(h.close(), stop()) }
	return opened, nil
}
