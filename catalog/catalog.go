// Package catalog holds recipes for known third-party stores: the packages to install, how to make a store of them, the backend that the store
// needs, and its properties. A recipe is one file, recipes/NAME.yaml. Stores in Go lie below recipes/go, and the name of theirs is an import path.
package catalog

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/spec/profile"
)

//go:embed recipes
var recipeFiles embed.FS

// A Recipe says how to make one store.
type Recipe struct {
	// Name follows npm: or go: in a target, and is the name of the recipe's file: that of the package, or beside another recipe for it
	// PACKAGE@MAJOR, PACKAGE@MAJOR.MINOR, or PACKAGE@WORD for a store of one middleware that is used with another: Profile has the WORD.
	Name string `yaml:"name"`
	// Language is "go" for a store in Go, and empty for one of npm.
	Language string `yaml:"language"`
	// Imports are what a factory in Go imports beside Package, context, fmt, the adapter, and spec and bridge/serve of this module. A line is a
	// path, or a name and a path.
	Imports []string `yaml:"imports"`
	// Listed is true of a store that express-session's documentation lists.
	Listed bool `yaml:"listed"`
	// Profile is the middleware whose contract counts for the store, as package profile names it. Empty means express-session. That of a store in
	// Go also says what makes a store of the contract of this one, for the factory: see [Recipe.Adapter].
	Profile string `yaml:"profile"`
	// Why says why nobody can run the store here. Then the other fields may be missing.
	Why string `yaml:"why"`
	// Package holds the store. Version is exact.
	Package string `yaml:"package"`
	Version string `yaml:"version"`
	// Install lists all packages to install as name@version, sorted and exact. It holds Package, and express-session unless Profile is another one; of
	// a store in Go it lists the modules that the factory imports from.
	Install []string `yaml:"install"`
	// Scripts is true if a package does not work without its install scripts, as when it compiles itself.
	Scripts bool `yaml:"scripts"`
	// Prepare is the text of a CommonJS program that Node runs once in the folder of the installed packages, for example to generate a client
	// from a schema. It needs no network and notes no path. It is empty where npm does all that is to be done.
	Prepare string `yaml:"prepare"`
	// Backend is the kind of server that the store needs, as package backend calls it, or "none".
	Backend string `yaml:"backend"`
	// Factory of a store in Go is the body of a function of ctx and env, a *serve.Env, that returns a spec.Store and an error.
	//
	// Otherwise it is the text of a JavaScript function async (session, env) => store for a CommonJS file in the folder
	// of the installed packages. session is express-session, or the middleware of Profile. env.backend.url is the URL of the backend. env.dir is a private folder that
	// the store may write to. env.namespace is a random prefix of letters and digits: it keeps two targets on one server apart.
	Factory string `yaml:"factory"`
	// Close is the text of a JavaScript function async (store, env) => {} that releases what Factory opened, or empty if Factory opens nothing.
	Close string `yaml:"close"`
	// Properties are the promises of the recipe about the store.
	Properties Properties `yaml:"properties"`
	// Options are for the factory, as env.options, where the user gives no others.
	Options map[string]string `yaml:"options"`
	// Variants are chosen by options.
	Variants []Variant `yaml:"variants"`
	// OwnProcess gives each instance a process to itself, and no later one: the package keeps in its modules what is meant for one store.
	OwnProcess bool `yaml:"ownProcess"`
	// AddedKeys are the keys that the store adds to a session by design.
	AddedKeys []string `yaml:"addedKeys"`
	// RealTime says why the clock of the store and its server must not be moved, and is empty where it may.
	RealTime string `yaml:"realTime"`
	// Homepage and Issues are the addresses of the project and of its issues, for the reader of the recipe.
	Homepage string `yaml:"homepage"`
	Issues   string `yaml:"issues"`
	// Notes is for the reader of the recipe.
	Notes string `yaml:"notes"`
}

// Properties are true of a store that its recipe makes.
type Properties struct {
	// Durable: sessions survive when the store is closed and opened again with the same env.
	Durable bool `yaml:"durable"`
	// Shared: a second store opened with the same env sees the sessions of the first.
	Shared bool `yaml:"shared"`
	// Disposable: a clear deletes nothing but sessions of the run.
	Disposable bool `yaml:"disposable"`
	// ClearsServer: a clear deletes what other stores on the server hold, too. No other store of the run is open at that time.
	ClearsServer bool `yaml:"clearsServer"`
	// GranularityMs is the greatest distance in milliseconds, before or after, between the end of a session and the expires of its cookie. At least 1.
	GranularityMs int `yaml:"granularityMs"`
	// Secret: the store encrypts with env.secret if it is set.
	Secret bool `yaml:"secret"`
}

// All returns every recipe, sorted by name. The caller owns the result.
func All() []Recipe {
	var all []Recipe
	err := fs.WalkDir(recipeFiles, "recipes", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(path, "recipes/"), "go/"), ".yaml")
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
	slices.SortFunc(all, func(a, b Recipe) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Lookup returns the recipe with the name, and whether it exists. The caller owns the result.
func Lookup(name string) (Recipe, bool) {
	path := fileOf("recipes", name)
	data, err := recipeFiles.ReadFile(path)
	if err != nil {
		return Recipe{}, false
	}
	recipe, err := parseRecipe(path, data)
	if err != nil {
		panic(err) // a test parses every compiled-in file
	}
	return recipe, true
}

// file is the path of the recipe's file.
func (r *Recipe) file() string {
	if r.Language == "go" {
		return "recipes/go/" + r.Name + ".yaml"
	}
	return "recipes/" + r.Name + ".yaml"
}

// fileOf returns the path of a file about the store with the name.
func fileOf(folder, name string) string {
	if isImportPath(name) {
		return folder + "/go/" + name + ".yaml"
	}
	return folder + "/" + name + ".yaml"
}

// isImportPath tells the name of a store in Go, such as example.org/store, from that of an npm package.
func isImportPath(name string) bool {
	host, _, ok := strings.Cut(name, "/")
	return ok && strings.Contains(host, ".") && !strings.HasPrefix(host, "@") && !strings.HasPrefix(host, ".")
}

// Adapter is the folder below adapters/ of what makes a store of the contract of this one. Only stores in Go have one.
func (r *Recipe) Adapter() string {
	p, known := profile.Lookup(r.Profile)
	if !known {
		return ""
	}
	return p.Adapter()
}

// Target is the recipe as a target of the command line, without options.
func (r Recipe) Target() string {
	if r.Language == "go" {
		return "go:" + r.Name
	}
	return "npm:" + r.Name
}
