// Package node runs express-session stores in a Node process, inside the real express-session, and shows everything that can be observed
// there.
//
// [Command] gives the program for bridge.Start. The program is the host in folder host, JavaScript without dependencies for Node 18
// and newer. README.md describes the stores that it accepts, and its answers.
package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec/profile"
)

//go:embed host/*.mjs
var host embed.FS

// ExpressSession and Express, which runs the sites in front of it, are installed for a store that has none of its own.
const (
	ExpressSession = "express-session@1.19.0"
	Express        = "express@5.3.0"
)

// A Target is a store for Node: either a module of the user's, or a factory for packages that are installed.
type Target struct {
	// Module is the path of a JavaScript file that exports the store.
	Module string

	// Factory is the text of a JavaScript function (session, env) => store. Its require and import start at Root.
	Factory string
	// Close is the text of a JavaScript function (store, env) that closes what the factory made. It may be empty.
	Close string
	// Root is the folder whose node_modules holds what Factory needs.
	Root string
	// Package is the package that the target is named after. It may be empty.
	Package string

	// Profile is the contract of the middleware that the host stands for. Nil means express-session's.
	Profile *profile.Profile
	// Look refuses a store that is plainly one of another middleware: see [bridge.HostError], Profile.
	Look bool
	// ExpressFactory hands express-session to Factory and not the middleware of Profile: the recipe is for express-session.
	ExpressFactory bool

	// ExpressRoot is a folder whose node_modules holds the packages of the profile, such as express-session and Express, for a target that
	// lacks one of them. If it is needed and empty, they are installed into the user's cache.
	ExpressRoot string
	// Refresh installs them anew.
	Refresh bool
	// Options are env.options for a factory, and the argument of a class.
	Options map[string]any
}

// config is what the file holds whose name is the argument of the host; see host/host.mjs.
type config struct {
	Module  string `json:"module,omitempty"`
	Factory string `json:"factory,omitempty"`
	Close   string `json:"close,omitempty"`
	Root    string `json:"root,omitempty"`
	Package string `json:"package,omitempty"`
	Express string `json:"express,omitempty"`
	// Profile is the name of the host's module for the profile, without its ending.
	Profile        string `json:"profile,omitempty"`
	ExpressFactory bool   `json:"expressFactory,omitempty"`
	// Look is the name of the profile by which the store is judged if it is to be looked at.
	Look    string         `json:"look,omitempty"`
	Options map[string]any `json:"options,omitempty"`
}

// Command returns the program that holds the target's stores. It writes the host and makes the store's working folder, which lies two
// levels deep, below tmp; tmp belongs to the caller and must last as long as the program runs.
func Command(ctx context.Context, t Target, tmp string) (bridge.Command, error) {
	none := bridge.Command{}
	c, err := t.config(ctx)
	if err != nil {
		return none, err
	}
	path, _, err := install.Node()
	if err != nil {
		return none, err
	}
	if tmp, err = filepath.Abs(tmp); err != nil {
		return none, err
	}
	if err := writeHost(tmp); err != nil {
		return none, fmt.Errorf("writing the Node host: %w", err)
	}
	dir := filepath.Join(tmp, "work", "store")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return none, err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return none, fmt.Errorf("the store's options cannot be written as JSON: %w", err)
	}
	// Every user of the machine can read a command line, and the options may hold a password.
	told := filepath.Join(tmp, "host", "config-"+strings.ToLower(rand.Text()[:8])+".json")
	if err := os.WriteFile(told, text, 0o600); err != nil {
		return none, fmt.Errorf("writing the configuration of the Node host: %w", err)
	}
	return bridge.Command{
		Path: path,
		Args: []string{"--expose-gc", filepath.Join(tmp, "host", "host.mjs"), told},
		Env:  install.HostEnv(tmp),
		Dir:  dir,
	}, nil
}

func (t Target) config(ctx context.Context) (config, error) {
	p := cmp.Or(t.Profile, profile.Default)
	c := config{Factory: t.Factory, Close: t.Close, Package: t.Package, Options: t.Options, Profile: p.Host, ExpressFactory: t.ExpressFactory}
	if t.Look {
		c.Look = p.Name
	}
	var home string
	var err error
	switch {
	case (t.Module == "") == (t.Factory == ""):
		return c, errors.New("a Node target needs either a module or a factory")
	case t.Module != "":
		if c.Module, err = filepath.Abs(t.Module); err != nil {
			return c, err
		}
		info, err := os.Stat(c.Module)
		if errors.Is(err, fs.ErrNotExist) {
			return c, fmt.Errorf("there is no file %s: name the JavaScript file that exports the store", t.Module)
		}
		if err == nil && info.IsDir() {
			return c, fmt.Errorf("%s is a folder: name the JavaScript file that exports the store", t.Module)
		}
		home = filepath.Dir(c.Module)
	case t.Root == "":
		return c, errors.New("a factory needs a root: the folder whose node_modules holds what it requires")
	default:
		if c.Root, err = filepath.Abs(t.Root); err != nil {
			return c, err
		}
		home = c.Root
	}
	if !slices.ContainsFunc(p.Packages, func(pinned string) bool { return !hasPackage(packageName(pinned), home, t.Module) }) {
		return c, nil
	}
	c.Express = t.ExpressRoot
	if c.Express == "" {
		c.Express, err = install.Ensure(ctx, install.Request{Packages: p.Packages, Refresh: t.Refresh})
	} else {
		c.Express, err = filepath.Abs(c.Express)
	}
	return c, err
}

// packageName returns the name of a package that is written NAME@VERSION.
func packageName(pinned string) string { return pinned[:strings.LastIndexByte(pinned, '@')] }

// hasPackage reports whether Node finds a package from folder, or from the real folder of module, if there is one.
func hasPackage(name, folder, module string) bool {
	if module != "" {
		if real, err := filepath.EvalSymlinks(module); err == nil {
			folder, _ = filepath.Abs(filepath.Dir(real))
		}
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "node_modules", name, "package.json")); err == nil {
			return true
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return false
		}
		folder = parent
	}
}

func writeHost(tmp string) error {
	files, err := fs.ReadDir(host, "host")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(tmp, "host"), 0o700); err != nil {
		return err
	}
	for _, f := range files {
		text, err := host.ReadFile("host/" + f.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(tmp, "host", f.Name()), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
