package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/secret"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/internal/gosource"
)

// storeFlags say how stores are made, for the commands that open some.
type storeFlags struct {
	target  target.Options
	options []string     // --option, as the user wrote it
	secrets secret.Hider // those of the command line

	groups flagGroups
}

// declareMaking adds the flags for what makes a store.
func (f *storeFlags) declareMaking(backendUsage string) {
	made := f.groups.repeated(madeTargets)
	made.StringVar(&f.target.Factory, "factory", "", "how to make the store of a package without a recipe: for npm a JavaScript `function` (session, env) => store, for Go an expression such as 'mystore.New(env.Dir())'")
	made.StringArrayVar(&f.target.Install, "install", nil, "one more `package` of npm, or module of Go, that the factory needs (may be repeated)")
	golang := f.groups.repeated(goTargets)
	golang.StringVar(&f.target.Adapter, "adapter", "", "make a store of the contract of one that the factory makes for another package: `name` is "+strings.Join(gosource.Adapters(), ", "))
	golang.BoolVar(&f.target.Race, "race", false, "build with Go's race detector; a data race in the store's process is a failure")
	f.groups.repeated(npmTargets).BoolVar(&f.target.Scripts, "scripts", false, "let npm run the install scripts of the packages; packages with native code need it")

	f.groups.repeated(anyTarget).StringArrayVar(&f.options, "option", nil, "`name=value` for env.options of the store; the value is JSON, or text if it is not JSON (may be repeated)")
	f.groups.repeated(processTargets).StringArrayVar(&f.target.Backends, "backend", nil, backendUsage)
}

func (f *storeFlags) declareRefresh() {
	f.groups.once(cachedTargets).BoolVar(&f.target.Refresh, "refresh", false, "install and build packages anew, as when the cache is damaged")
}

// validateStores finds mistakes in the flags for stores, and in the targets.
func (f *storeFlags) validateStores(targets []string) (err error) {
	f.target.Environment = target.Environment()
	if f.target.Config, err = parseOptions(f.options); err != nil {
		return err
	}
	if err := validateBackends(f.target.Backends); err != nil {
		return err
	}
	if err := f.groups.validate(targets); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, t := range targets {
		if _, err := target.Parse(t, f.target); err != nil {
			return err
		}
		if seen[t] {
			return fmt.Errorf("%s is named twice", t)
		}
		seen[t] = true
	}
	return nil
}

// validateBackends refuses a backend that does not exist, and two servers for one backend.
func validateBackends(backends []string) error {
	named := map[string]bool{}
	for _, b := range backends {
		server, err := backend.Parse(b)
		if err != nil {
			return fmt.Errorf("--backend: %w", err)
		}
		if named[server.Name] {
			return fmt.Errorf("--backend: %s is named twice", server.Name)
		}
		named[server.Name] = true
	}
	return nil
}

// parseOptions reads name=value pairs. A value that is not JSON is text.
func parseOptions(pairs []string) (map[string]any, error) {
	all := map[string]any{}
	for _, pair := range pairs {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--option %s: use name=value", pair)
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		all[name] = value
	}
	return all, nil
}
