package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec/profile"
)

// nodeModule is a JavaScript file of the user.
type nodeModule struct {
	path    string
	options Options
}

func (m nodeModule) Open(ctx context.Context, _ func(string)) (*Opened, error) {
	h, err := newHost(m.options)
	if err != nil {
		return nil, err
	}
	lived, err := h.choose(ctx, m.options, catalog.Recipe{})
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	if err := h.backOwn(ctx, m.options); err != nil {
		return nil, errors.Join(err, h.close())
	}
	p, _ := ProfileOf("", m.options)
	opened, err := h.startNode(ctx, node.Target{Module: m.path, Options: m.options.Config, Refresh: m.options.Refresh, Profile: p, Look: !m.options.AsGiven}, strings.TrimSuffix(filepath.Base(m.path), filepath.Ext(m.path)), m.options.Profile)
	if err != nil {
		return nil, errors.Join(explainWithheld(err, m.options.Environment), h.close())
	}
	h.settle(&opened.Subject, m.options)
	h.realBeside(ctx, &opened.Subject)
	opened.Time = lived
	return opened, nil
}

// startNode starts the Node host with the profile of t. A name that the store gives itself replaces the given one. A store that is plainly one of
// another middleware is judged by that one's profile if nobody has named one.
func (h *host) startNode(ctx context.Context, t node.Target, name, named string) (_ *Opened, err error) {
	h.limits = true
	var opened *Opened
	for {
		command, err := node.Command(ctx, t, h.dir)
		if err != nil {
			return nil, err
		}
		h.run(command)
		if opened, err = h.start(ctx, name); err == nil {
			break
		}
		refused, ok := errors.AsType[*bridge.HostError](err)
		if !ok || refused.Profile == "" {
			return nil, err
		}
		other, known := profile.Lookup(refused.Profile)
		if !known || named != "" || h.took != "" {
			return nil, otherMiddleware(t.Profile, refused, known)
		}
		t.Profile = other
		h.took = fmt.Sprintf("no profile was named, and the store was taken for one of %s, because %s; --profile names another one", other.Name, refused.Message)
	}
	opened.Profile = t.Profile
	if err == nil {
		opened.Unread = h.unread
		if own := h.processes[0].Info().Name; own != "" {
			opened.Name, opened.Subject.Name = own, own
		}
	}
	return opened, err
}

// npmPackage is a package with its recipe.
type npmPackage struct {
	recipe  catalog.Recipe
	options Options
}

// parseNPM reads the text after npm:.
func parseNPM(text string, o Options) (Target, error) {
	name, version := splitVersion(text)
	if name == "" || strings.HasSuffix(text, "@") {
		return nil, errors.New("npm: needs the name of a package, as in npm:memorystore or npm:memorystore@1.6.8")
	}
	r, known := catalog.Find(name, version)
	known = known && r.Language == ""
	switch {
	case known && o.Factory == "" && r.Why != "":
		return nil, fmt.Errorf("%s cannot be run: %s", name, r.Why)
	case known && o.Factory == "" && len(o.Config) > 0 && !strings.Contains(r.Factory, "env.options"):
		return nil, fmt.Errorf("--option %s: the recipe of %s reads no options; make the store with --factory, which gets them as env.options",
			slices.Sorted(maps.Keys(o.Config))[0], name)
	case known && o.Factory == "":
		if version != "" && !strings.HasPrefix(r.Version+".", version+".") && r.Name != name+"@"+version {
			r = withVersion(r, version)
		}
		var err error
		if r, o.Config, err = r.With(o.Config); err != nil {
			return nil, err
		}
	case o.Factory == "":
		return nil, noRecipe(name)
	default:
		pkg := name
		if version != "" {
			pkg += "@" + version
		}
		r = catalog.Recipe{
			Name: name, Package: name, Version: version, Factory: o.Factory, Backend: "none",
			Install: append([]string{pkg, packageOf(o.Profile)}, o.Install...), Profile: o.Profile,
		}
	}
	return npmPackage{r, o}, nil
}

// Recipe returns the recipe of a target of the catalogue, as the options choose it, and the options that its factory gets.
func Recipe(text string, o Options) (r catalog.Recipe, options map[string]any, ok bool) {
	t, err := Parse(text, o)
	if err != nil || o.Factory != "" {
		return catalog.Recipe{}, nil, false
	}
	switch t := t.(type) {
	case npmPackage:
		return t.recipe, t.options.Config, true
	case goPackage:
		return t.recipe, t.options.Config, t.known
	}
	return catalog.Recipe{}, nil, false
}

// withVersion returns the recipe for another version of its package.
func withVersion(r catalog.Recipe, version string) catalog.Recipe {
	r.Install = slices.Clone(r.Install)
	for i, p := range r.Install {
		if p == r.Package+"@"+r.Version {
			r.Install[i] = r.Package + "@" + version
		}
	}
	r.Version = version
	return r
}

// catalogTargets lists the stores of the catalogue that can run, of npm or of go.
func catalogTargets(kind string) []string {
	var targets []string
	for _, r := range catalog.All() {
		if r.Why == "" && strings.HasPrefix(r.Target(), kind+":") {
			targets = append(targets, r.Target())
		}
	}
	return targets
}

func (n npmPackage) Open(ctx context.Context, say func(string)) (_ *Opened, err error) {
	h, err := newHost(n.options)
	if err != nil {
		return nil, err
	}
	stop := func() error { return nil }
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(), stop())
		}
	}()
	lived, err := h.choose(ctx, n.options, n.recipe)
	if err != nil {
		return nil, err
	}
	say("installing " + strings.Join(n.recipe.Install, " "))
	root, err := install.Ensure(ctx, install.Request{
		Packages: n.recipe.Install, Scripts: n.recipe.Scripts || n.options.Scripts, Prepare: n.recipe.Prepare, Refresh: n.options.Refresh,
	})
	if err != nil {
		return nil, err
	}
	switch name := n.recipe.Backend; {
	case name != "none":
		backing, err := h.server(ctx, name, n.options, say)
		if err != nil {
			return nil, err
		}
		stop = backing.Stop
		h.back(ctx, backing)
	case n.options.Factory != "":
		if err := h.backOwn(ctx, n.options); err != nil {
			return nil, err
		}
	}
	say("starting node")
	judged, _ := ProfileOf("npm:"+n.recipe.Name, n.options)
	own, _ := profile.Lookup(n.recipe.Profile)
	opened, err := h.startNode(ctx, node.Target{
		Factory: n.recipe.Factory, Close: n.recipe.Close, Root: root, Package: n.recipe.Package, Options: n.options.Config,
		Profile: judged, ExpressFactory: own == profile.Default && judged != own, Look: !n.options.AsGiven && (n.options.Factory != "" || own != judged),
	}, n.recipe.Package, cmp.Or(n.options.Profile, n.recipe.Profile))
	if err != nil {
		return nil, explainWithheld(err, n.options.Environment)
	}
	s, p := &opened.Subject, n.recipe.Properties
	s.Durable, s.Shared, s.Disposable = p.Durable, p.Shared, p.Disposable
	s.Granularity = time.Duration(p.GranularityMs) * time.Millisecond
	s.AddedKeys = n.recipe.AddedKeys
	if _, known := catalog.Lookup(n.recipe.Name); known && n.options.Factory == "" {
		s.OpenForeign = h.openForeign
		h.alone = n.recipe.OwnProcess
		if n.recipe.OwnProcess {
			s.OpenForeign = h.openForeignApart
		}
		s.ProcessApart = !p.ClearsServer // the factory of a recipe keeps to its place
		h.reallyApart(s)
		h.anew = p.Shared && !n.recipe.OwnProcess // one that is not shared may hold what it has read in its process
	}
	if p.Secret {
		s.OpenSecret = h.openSecret
	}
	h.settle(s, n.options)
	opened.Name, s.Name, opened.Time = n.recipe.Package, n.recipe.Package, lived
	if h.backing != nil {
		opened.Shortcuts = h.backing.Shortcuts()
	}
	opened.Close = func() error { return errors.Join(h.close(), stop()) }
	return opened, nil
}

// findServer returns the user's own server, or one that was lent, or starts one for the run.
func findServer(ctx context.Context, name string, o Options, say func(string)) (*backend.Server, error) {
	for i, text := range slices.Concat(o.Backends, o.Lent) {
		s, err := backend.Parse(text)
		if err != nil {
			return nil, err
		}
		if s.Name == name {
			s.Own = i < len(o.Backends)
			return s, s.Check(ctx)
		}
	}
	if brings := backend.Look(name).Brings; brings != "" {
		say(brings)
	}
	say("starting " + name)
	return backend.Start(ctx, name)
}
