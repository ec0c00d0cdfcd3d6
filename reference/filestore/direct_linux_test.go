package filestore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/storecheck/storecheck/reference/filestore"
)

// inode tells files apart whatever their names.
func inode(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info
}

// Two files take turns for one session.
func TestDirectTakesTurns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, filestore.Options{Direct: true})
	var seen []os.FileInfo
	for n := range 6 {
		want := session(strings.Repeat("x", 100*(n*7%4)))
		must(t, s.Set(t.Context(), "id", want))
		expect(t, s, "id", want)
		seen = append(seen, inode(t, s.Path("id")))
		if n >= 2 && !os.SameFile(seen[n], seen[n-2]) {
			t.Skip("this file system has no leases, or cannot exchange files")
		}
	}
	if info := seen[5]; info.Mode() != 0o600 {
		t.Errorf("the mode is %s", info.Mode())
	}
	must(t, s.Destroy(t.Context(), "id"))
	must(t, s.Set(t.Context(), "other", session(1)))
	must(t, s.Set(t.Context(), "other", session(2)))
	must(t, s.Close())
	left, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("Close leaves %v", left)
	}
}

// If a crash may leave a mix of two sessions unnoticed, no file of several pages is written in place.
func TestDirectPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options filestore.Options
		sizes   []int
		want    int
	}{
		{filestore.Options{Durability: filestore.ProcessCrash}, []int{100, 100, 200}, 1},
		{filestore.Options{Durability: filestore.ProcessCrash}, []int{4096, 4096, 4096}, 0},
		{filestore.Options{Durability: filestore.ProcessCrash}, []int{4096, 4096, 100}, 0},
		{filestore.Options{Durability: filestore.ProcessCrash, Secrets: []string{"cat"}}, []int{4096, 4096, 4096}, 1},
		{filestore.Options{Durability: filestore.ProcessCrash, Format: filestore.Native}, []int{4096, 4096, 4096}, 1},
		{filestore.Options{}, []int{4096, 4096, 4096}, 1},
		{journaled(filestore.NPM), []int{4096, 4096, 4096}, 1},
	} {
		dir := t.TempDir()
		c.options.Direct = true
		s := open(t, dir, c.options)
		for _, size := range c.sizes {
			must(t, s.Set(t.Context(), "id", session(strings.Repeat("x", size))))
		}
		spares, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
		must(t, err)
		if len(spares) == 0 && c.sizes[0] < 4096 {
			t.Skip("this file system cannot exchange files")
		}
		if len(spares) != c.want {
			t.Errorf("%s, %s, secrets %d, %v: %d spares, want %d", c.options.Format, c.options.Durability, len(c.options.Secrets), c.sizes, len(spares), c.want)
		}
	}
}

// A spare that cannot be opened is removed.
func TestDirectSpareFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, filestore.Options{Direct: true})
	must(t, s.Set(t.Context(), "id", session(1)))
	must(t, s.Set(t.Context(), "id", session(2)))
	spares, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
	must(t, err)
	if len(spares) != 1 {
		t.Skip("this file system cannot exchange files")
	}
	must(t, os.Remove(spares[0]))
	must(t, os.Symlink("nothing", spares[0]))
	if err := s.Set(t.Context(), "id", session(3)); err == nil {
		t.Error("a link is filled")
	}
	if _, err := os.Lstat(spares[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is left behind: %v", err)
	}
}

// A file that somebody has open, has linked or may read is never written in place.
func TestDirectLeavesFilesAlone(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(t *testing.T, path string) (read func() string){
		"open": func(t *testing.T, path string) func() string {
			f, err := os.Open(path)
			must(t, err)
			return func() string {
				defer f.Close()
				b, err := io.ReadAll(f)
				must(t, err)
				return string(b)
			}
		},
		"linked": func(t *testing.T, path string) func() string {
			backup := filepath.Join(t.TempDir(), "backup")
			must(t, os.Link(path, backup))
			return func() string { return read(t, backup) }
		},
		"linked when it is a spare": nil,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, filestore.Options{Direct: true})
			for n := range 4 {
				must(t, s.Set(t.Context(), "id", session(n)))
			}
			path := s.Path("id")
			was := read(t, path)
			if hold == nil {
				spares, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
				must(t, err)
				if len(spares) != 1 {
					t.Skip("this file system has no leases, or cannot exchange files")
				}
				path = filepath.Join(t.TempDir(), "backup")
				must(t, os.Link(spares[0], path))
				was = read(t, path)
				for n := range 4 {
					must(t, s.Set(t.Context(), "id", session(n)))
				}
				if is := read(t, path); is != was {
					t.Errorf("a link of a spare was %s and is %s", was, is)
				}
				return
			}
			reader := hold(t, path)
			for n := range 4 {
				want := session(10 + n)
				must(t, s.Set(t.Context(), "id", want))
				expect(t, s, "id", want)
			}
			if is := reader(); is != was {
				t.Errorf("it was %s and is %s", was, is)
			}
		})
	}

	t.Run("readable by others", func(t *testing.T) {
		s := open(t, t.TempDir(), filestore.Options{Direct: true})
		must(t, s.Set(t.Context(), "id", session(1)))
		must(t, os.Chmod(s.Path("id"), 0o644))
		for n := range 3 {
			must(t, s.Set(t.Context(), "id", session(n)))
			if mode := inode(t, s.Path("id")).Mode(); mode != 0o600 {
				t.Errorf("the mode is %s", mode)
			}
		}
	})
}

// A directory or a link in the place of a session is not made a spare.
func TestDirectMeetsOtherThings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, filestore.Options{Direct: true})
	must(t, os.Mkdir(s.Path("folder"), 0o700))
	if err := s.Set(t.Context(), "folder", session(1)); err == nil {
		t.Error("a session takes the place of a directory")
	}
	target := filepath.Join(t.TempDir(), "target")
	must(t, os.WriteFile(target, []byte("text"), 0o600))
	must(t, os.Symlink(target, s.Path("link")))
	want := session(1)
	for range 3 {
		must(t, s.Set(t.Context(), "link", want))
	}
	expect(t, s, "link", want)
	if read(t, target) != "text" {
		t.Error("a link was followed")
	}
}

// Every reader of a file, with or without the store, finds whole sessions of the id, and never an older one than before.
func TestDirectReaders(t *testing.T) {
	t.Parallel()
	const ids = 4
	sets := 3000
	if testing.Short() {
		sets = 600
	}
	for _, f := range []filestore.Format{filestore.NPM, filestore.Native} {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			o := filestore.Options{Direct: true, Format: f, Durability: filestore.ProcessCrash}
			sets := sets
			if f == filestore.NPM {
				o = journaled(f) // or else files of several pages are not written in place
				sets /= 10       // for each is synced
			}
			s := open(t, t.TempDir(), o)
			value := func(id, n int) any {
				// In a file of several pages, and not always of the same length.
				return map[string]any{"id": id, "n": n, "text": strings.Repeat(fmt.Sprintf("%08d", n), 1000+n%2), "again": n}
			}
			type inside struct{ ID, N, Again int }
			check := func(text []byte, id, last int) (int, error) {
				var got struct{ N inside }
				if err := json.Unmarshal(text, &got); err != nil || got.N.ID != id || got.N.N != got.N.Again || got.N.N < last {
					return 0, fmt.Errorf("session %d after its version %d: %w, %.100s", id, last, err, text)
				}
				return got.N.N, nil
			}
			for id := range ids {
				must(t, s.Set(t.Context(), fmt.Sprint(id), session(value(id, 0))))
			}
			var done atomic.Bool
			var writers, readers sync.WaitGroup
			for id := range ids {
				writers.Go(func() {
					for n := range sets / ids {
						if err := s.Set(t.Context(), fmt.Sprint(id), session(value(id, n))); err != nil {
							t.Error(err)
						}
					}
				})
				readers.Go(func() {
					for last := 0; !done.Load() && !t.Failed(); {
						got, err := s.Get(t.Context(), fmt.Sprint(id))
						if err == nil {
							last, err = check(got.JSON(), id, last)
						}
						if err != nil {
							t.Error(err)
						}
					}
				})
				if f == filestore.Native {
					continue
				}
				readers.Go(func() {
					for last := 0; !done.Load() && !t.Failed(); {
						text, err := os.ReadFile(s.Path(fmt.Sprint(id)))
						if err == nil {
							last, err = check(text, id, last)
						}
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			writers.Wait()
			done.Store(true)
			readers.Wait()
		})
	}
}
