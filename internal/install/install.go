// Package install puts npm packages and programs in Go into a cache of the user's, once, and finds Node.
//
// Each set of packages has a folder of its own, so no two stores share a dependency by accident. A folder appears
// under its name only when it is whole: npm works in a temporary folder beside it, and that is then renamed.
package install

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Request names a set of packages.
type Request struct {
	// Packages are written name or name@version. Order and repetition do not matter. Without an exact version the
	// newest one is taken when the set is installed first, and stays until Refresh.
	Packages []string
	// Scripts lets the packages run their install scripts, unless the user's npm configuration forbids it.
	Scripts bool
	// Prepare is the text of a CommonJS program that Node runs once in the folder of the set, after npm, or empty. It is part of the identity of
	// the set. The folder is renamed later, so it must not note its path.
	Prepare string
	// Refresh installs anew even if the set is in the cache. Nothing may be running from its folder meanwhile.
	Refresh bool
	// Log receives the output of npm and of Prepare, and the reason for a wait. It may be nil.
	Log io.Writer
}

// marker is the file that is written last. It holds the identity of the set, so that neither a half-written folder nor one of another set is
// ever used.
const marker = "storecheck.json"

// Two installations with the same identity are the same.
type identity struct {
	Packages []string `json:"packages"`
	Scripts  bool     `json:"scripts"`
	Prepare  string   `json:"prepare,omitempty"`
	Node     string   `json:"node"` // major version: compiled packages and engines depend on it
}

// Ensure returns a folder whose node_modules holds the packages. A folder in the cache takes a millisecond and no process; otherwise npm runs,
// for ten minutes at most, and then Prepare. The folder belongs to the cache: read it only. Ensure may be called at the same time from several
// goroutines and processes.
//
// The cache is the folder storecheck in the user's cache folder, or $STORECHECK_CACHE.
func Ensure(ctx context.Context, r Request) (dir string, err error) {
	if r.Log == nil {
		r.Log = io.Discard
	}
	dir, packages, id, err := r.place()
	if err != nil {
		return "", err
	}
	if !r.Refresh && whole(dir, id) {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", notWritable(err)
	}
	unlock, err := lock(ctx, dir+".lock", func() {
		fmt.Fprintf(r.Log, "waiting: another process installs %s\n", strings.Join(packages, " "))
	})
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	defer unlock()
	if !r.Refresh && whole(dir, id) {
		return dir, nil
	}
	return dir, replace(ctx, dir, id, packages, r)
}

// Has reports whether the packages are in the cache.
func Has(r Request) bool {
	dir, _, id, err := r.place()
	return err == nil && whole(dir, id)
}

// place returns the folder of the set in the cache, its packages and its identity.
func (r Request) place() (dir string, packages []string, id []byte, err error) {
	if packages, err = normalize(r.Packages); err != nil {
		return "", nil, nil, err
	}
	_, version, err := Node()
	if err != nil {
		return "", nil, nil, err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", nil, nil, err
	}
	major, _, _ := strings.Cut(version, ".")
	if id, err = json.Marshal(identity{packages, r.Scripts, r.Prepare, major}); err != nil {
		return "", nil, nil, err
	}
	sum := sha256.Sum256(id)
	return filepath.Join(cache, "npm", hex.EncodeToString(sum[:10])), packages, id, nil
}

// replace installs into a temporary folder and puts it in the place of dir. The caller holds the lock of dir.
func replace(ctx context.Context, dir string, id []byte, packages []string, r Request) (err error) {
	removeLeft(dir)
	tmp, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".tmp-")
	if err != nil {
		return notWritable(err)
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // the rest harms nobody, and a later call removes it
	fresh, old := filepath.Join(tmp, "new"), filepath.Join(tmp, "old")
	if err := os.Mkdir(fresh, 0o755); err != nil {
		return notWritable(err)
	}
	if err := os.WriteFile(filepath.Join(fresh, "package.json"), []byte("{\n  \"private\": true\n}\n"), 0o644); err != nil {
		return notWritable(err)
	}
	if err := runNpm(ctx, fresh, packages, r.Scripts, r.Log); err != nil {
		return err
	}
	if err := r.prepare(ctx, fresh, tmp); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(fresh, marker), id, 0o644); err != nil {
		return notWritable(err)
	}
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return notWritable(err)
	}
	if err := os.Rename(fresh, dir); err != nil {
		// Without a lock another process may have been first with the same packages: then its folder serves.
		if whole(dir, id) {
			return nil
		}
		return notWritable(err)
	}
	return nil
}

// removeLeft removes the temporary folders beside path that killed processes have left. The caller holds the lock of path.
func removeLeft(path string) {
	if !lockExcludes {
		return // somebody may work in one
	}
	left, _ := filepath.Glob(path + ".tmp-*")
	for _, dir := range left {
		_ = os.RemoveAll(dir)
	}
}

// whole tells whether dir holds a finished installation of the set.
func whole(dir string, id []byte) bool {
	got, err := os.ReadFile(filepath.Join(dir, marker))
	if err != nil || !bytes.Equal(got, id) {
		return false
	}
	_, err = os.Stat(filepath.Join(dir, "node_modules"))
	return err == nil
}

// packageName leaves out what npm would take for an option, a path, a URL or a repository.
var packageName = regexp.MustCompile(`^((?:@[\w~-][\w.~-]*/)?[A-Za-z0-9~][\w.~-]*)(?:@[~^]?[A-Za-z0-9][\w.+-]*)?$`)

// normalize sorts the packages and drops repetitions.
func normalize(packages []string) ([]string, error) {
	if len(packages) == 0 {
		return nil, errors.New("install: no packages given")
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(packages)))
	seen := map[string]string{}
	for _, p := range sorted {
		m := packageName.FindStringSubmatch(p)
		if m == nil {
			return nil, fmt.Errorf("install: %q is not a package of a registry: write NAME or NAME@VERSION", p)
		}
		if other, ok := seen[m[1]]; ok {
			return nil, fmt.Errorf("install: %s and %s are the same package: name one of them", other, p)
		}
		seen[m[1]] = p
	}
	return sorted, nil
}

func cacheDir() (string, error) {
	if dir := os.Getenv("STORECHECK_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("install: no cache folder (%w): set STORECHECK_CACHE to a folder for installed packages", err)
	}
	return filepath.Join(dir, "storecheck"), nil
}

func notWritable(err error) error {
	return fmt.Errorf("install: %w: make room or set STORECHECK_CACHE to a folder that can be written to", err)
}
