// Package catalog holds recipes for known third-party stores: the packages to install, the code that makes a store, the
// backend that it needs, and the properties of the store. A recipe is one file, recipes/NAME.yaml.
package catalog

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed recipes
var files embed.FS

// Recipe says how to run one store.
type Recipe struct {
	// Name follows npm: in a target. It is also the name of the recipe's file.
	Name string `yaml:"name"`
	// Package and Version name the tested package. Version is exact.
	Package string `yaml:"package"`
	Version string `yaml:"version"`
	// Install lists all packages to install as name@version, sorted and exact. It holds Package and express-session.
	Install []string `yaml:"install"`
	// Scripts is true if a package does not work without its install scripts, such as one that compiles itself.
	Scripts bool `yaml:"scripts"`
	// Backend is the kind of server that the store needs, as package backend calls it, or "none".
	Backend string `yaml:"backend"`
	// Factory is the text of a JavaScript function async (session, env) => store for a CommonJS file in the folder
	// of the installed packages. session is express-session. env.backend.url is the URL of the backend, env.dir
	// a private folder that the store may write to, env.namespace a random prefix of letters and digits that keeps two
	// targets on one server apart.
	Factory string `yaml:"factory"`
	// Close is the text of a JavaScript function async (store, env) => {} that closes everything that Factory opened.
	// It is empty if there is nothing to close.
	Close string `yaml:"close"`
	// Properties are the promises of the recipe about the store.
	Properties Properties `yaml:"properties"`
	// AddedKeys are the keys that the store adds to a session by design.
	AddedKeys []string `yaml:"addedKeys"`
	// Homepage and Issues are the addresses of the project and of its list of issues, for the reader of the recipe.
	Homepage string `yaml:"homepage"`
	Issues   string `yaml:"issues"`
	// Notes is for the reader of the recipe.
	Notes string `yaml:"notes"`
}

// Properties describe a store as its recipe makes it.
type Properties struct {
	// Durable: sessions are still there after the store was closed and opened again with the same env.
	Durable bool `yaml:"durable"`
	// Shared: a second store opened with the same env sees the sessions of the first.
	Shared bool `yaml:"shared"`
	// Disposable: Clear removes only the store's own sessions.
	Disposable bool `yaml:"disposable"`
	// GranularityMs is the greatest time between the cookie's expires and the end of a session, earlier or later, in milliseconds. At least 1.
	GranularityMs int `yaml:"granularityMs"`
	// Secret: the factory encrypts with env.secret, if that is set.
	Secret bool `yaml:"secret"`
}

// All returns every recipe, sorted by name. The caller owns the result.
func All() []Recipe {
	var all []Recipe
	err := fs.WalkDir(files, "recipes", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(path, "recipes/"), ".yaml")
		recipe, ok := Lookup(name)
		if !ok {
			return fmt.Errorf("%s: not a recipe: its name must end in .yaml", path)
		}
		all = append(all, recipe)
		return nil
	})
	if err != nil {
		panic(err)
	}
	return all
}

// Lookup returns the recipe of that name, if there is one. The caller owns the result.
func Lookup(name string) (Recipe, bool) {
	path := "recipes/" + name + ".yaml"
	data, err := files.ReadFile(path)
	if err != nil {
		return Recipe{}, false
	}
	recipe, err := parse(path, data)
	if err != nil {
		panic(err) // the files are compiled in and a test parses them all
	}
	return recipe, true
}
