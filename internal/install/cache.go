package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// A Set is a set of packages in the cache.
type Set struct {
	Dir       string
	Packages  []string // empty if the set is damaged
	Scripts   bool     // the packages have run their install scripts
	Node      string   // major version
	Installed time.Time
	Bytes     int64
}

// Damaged reports whether the set is not whole: an installation was broken off, or somebody has removed files. It is installed anew when it is
// needed.
func (s Set) Damaged() bool { return len(s.Packages) == 0 }

// Folder returns the folder of the cache, which need not exist.
func Folder() (string, error) { return cacheDir() }

// setFolder is the name of the folder of a set, or of one that was broken off.
var setFolder = regexp.MustCompile(`^[0-9a-f]{20}(\.tmp-\w*)?$`)

// Sets returns the sets in the cache, in the order of their folders.
func Sets() ([]Set, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(cache, "npm"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("install: %w", err)
	}
	var sets []Set
	for _, e := range entries {
		if e.IsDir() && setFolder.MatchString(e.Name()) {
			sets = append(sets, readSet(filepath.Join(cache, "npm", e.Name())))
		}
	}
	return sets, nil
}

func readSet(dir string) Set {
	s := Set{Dir: dir}
	if info, err := os.Stat(dir); err == nil {
		s.Installed = info.ModTime()
	}
	var id identity
	text, err := os.ReadFile(filepath.Join(dir, marker))
	if err == nil && json.Unmarshal(text, &id) == nil && whole(dir, text) {
		s.Packages, s.Scripts, s.Node = id.Packages, id.Scripts, id.Node
	}
	s.Bytes = sizeOf(dir)
	return s
}

// Remove removes a set from the cache, when nobody installs it. Nothing may be running from its folder.
func Remove(ctx context.Context, s Set) error {
	name := setFolder.FindStringSubmatch(filepath.Base(s.Dir))
	if name == nil {
		return fmt.Errorf("install: %s is no folder of a set", s.Dir)
	}
	unlock, err := lock(ctx, filepath.Join(filepath.Dir(s.Dir), filepath.Base(s.Dir)[:20]+".lock"), func() {})
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	defer unlock()
	// Under another name nobody takes half of it for the set.
	gone := s.Dir + ".tmp-gone"
	if name[1] != "" {
		gone = s.Dir
	} else if err := os.Rename(s.Dir, gone); err != nil {
		return fmt.Errorf("install: %w", err)
	}
	if err := os.RemoveAll(gone); err != nil {
		return fmt.Errorf("install: %w", err)
	}
	return nil
}
