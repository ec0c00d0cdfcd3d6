// Package gosource writes the sources that programs with a store in Go are built from: what of this module serves a store, and the adapters,
// which are modules of their own.
package gosource

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/mod/modfile"

	"github.com/storecheck/storecheck"
)

// Module is the path of this module.
const Module = "github.com/storecheck/storecheck"

// adapters is an archive, because a module cannot embed files of another one. TestAdapters compares and writes it.
//
//go:embed adapters.txtar
var adapters []byte

// Adapters returns the names of the adapters, sorted.
func Adapters() []string {
	var names []string
	for name := range Files() {
		if dir, file := path.Split(name); file == "go.mod" && dir != "" {
			names = append(names, path.Base(dir))
		}
	}
	slices.Sort(names)
	return names
}

// Closure returns an adapter together with the adapters that it needs. It is empty for no adapter.
func Closure(adapter string) []string {
	if adapter == "" {
		return nil
	}
	all := []string{adapter}
	m, err := modfile.Parse("go.mod", Files()[path.Join("adapters", adapter, "go.mod")], nil)
	if err != nil {
		panic(err) // a test reads every one
	}
	for _, r := range m.Require {
		if name, ok := strings.CutPrefix(r.Mod.Path, Module+"/adapters/"); ok {
			all = append(all, Closure(name)...)
		}
	}
	return all
}

// Files returns the sources by their paths below the folder of this module, without tests. A go.mod lists only what the sources import.
func Files() map[string][]byte {
	files := map[string][]byte{}
	err := fs.WalkDir(storecheck.Source, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := storecheck.Source.ReadFile(name)
		add(files, name, text)
		return err
	})
	if err != nil {
		panic(err) // what is compiled in can be read
	}
	for _, f := range txtar.Parse(adapters).Files {
		add(files, f.Name, f.Data)
	}
	for name, text := range files {
		if path.Base(name) == "go.mod" {
			files[name] = prune(text, files, path.Dir(name))
		}
	}
	return files
}

// Sums returns the lines of go.sum that this module has.
func Sums() []byte { return Files()["go.sum"] }

func add(files map[string][]byte, name string, text []byte) {
	if !strings.HasSuffix(name, "_test.go") {
		files[name] = text
	}
}

// prune returns a go.mod without the modules that the sources below dir do not import: what tests need is nothing for a user's build to resolve.
func prune(text []byte, files map[string][]byte, dir string) []byte {
	all, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		panic(err)
	}
	imported := map[string]bool{}
	for name, source := range files {
		if path.Ext(name) != ".go" || moduleOf(files, name) != dir {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			panic(err)
		}
		for _, i := range file.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			imported[p] = true
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\ngo %s\n", all.Module.Mod.Path, all.Go.Version)
	for _, r := range all.Require {
		for p := range imported {
			if p == r.Mod.Path || strings.HasPrefix(p, r.Mod.Path+"/") {
				fmt.Fprintf(&b, "\nrequire %s %s\n", r.Mod.Path, r.Mod.Version)
				break
			}
		}
	}
	return []byte(b.String())
}

// moduleOf returns the folder of the module that a file belongs to.
func moduleOf(files map[string][]byte, name string) string {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if _, ok := files[path.Join(dir, "go.mod")]; ok || dir == "." {
			return dir
		}
	}
}

// Ensure writes the sources into a folder below cache, which is named after their content, and returns its path. Other processes may do the
// same at the same time.
func Ensure(cache string) (dir string, err error) {
	files := Files()
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(files[name]), files[name])
	}
	dir = filepath.Join(cache, "source-"+hex.EncodeToString(sum.Sum(nil)[:10]))
	if whole(dir, files) {
		return dir, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(cache, "source.tmp-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // after the rename there is nothing
	for name, text := range files {
		to := filepath.Join(tmp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return "", err
		}
	}
	_ = os.RemoveAll(dir) // one that somebody has damaged
	if err := os.Rename(tmp, dir); err != nil && !whole(dir, files) {
		return "", err
	}
	return dir, nil
}

// whole reports whether a folder has the files as they are.
func whole(dir string, files map[string][]byte) bool {
	for name, text := range files {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, text) {
			return false
		}
	}
	return true
}
