package filestore_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// On a full disk a set is an error that leaves the old session there. No process is started meanwhile: it would hold files that were removed.
func TestFullDisk(t *testing.T) {
	variantsInTurn(t, func(t *testing.T, o filestore.Options) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
			t.Skip("a small disk cannot be mounted here:", err)
		}
		t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
		s := open(t, dir, o)
		want, other := session("old"), session("other")
		must(t, s.Set(t.Context(), "id", want))
		must(t, s.Set(t.Context(), "other", other))
		big := session(strings.Repeat("x", 300<<10))
		for range 3 {
			if err := s.Set(t.Context(), "id", big); !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("set: %v", err)
			}
		}
		expect(t, s, "id", want)
		filler := filepath.Join(dir, "filler")
		_ = os.WriteFile(filler, make([]byte, 1<<20), 0o600)
		if err := s.Set(t.Context(), "id", session("new")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("set: %v", err)
		}
		expect(t, s, "id", want)
		must(t, s.Destroy(t.Context(), "other"))
		must(t, os.Remove(filler))
		must(t, s.Set(t.Context(), "id", other))
		expect(t, s, "id", other)
		if n, err := s.Length(t.Context()); n != 1 || err != nil {
			t.Errorf("length: %d, %v", n, err)
		}
	})
}

// In a read-only directory Get and All work, and every other call is an error.
func TestReadOnlyDirectory(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		dir := t.TempDir()
		writer := open(t, dir, o)
		want := session(1)
		must(t, writer.Set(t.Context(), "id", want))
		readOnly(t, dir, func() { wantReadOnly(t, dir, o, want) })
	})
}

func wantReadOnly(t *testing.T, dir string, o filestore.Options, want *spec.Session) {
	s := open(t, dir, o)
	expect(t, s, "id", want)
	if all, err := s.All(t.Context()); len(all) != 1 || err != nil {
		t.Errorf("all: %v, %v", all, err)
	}
	for name, err := range map[string]error{
		"set":     s.Set(t.Context(), "id", session(2)),
		"touch":   s.Touch(t.Context(), "id", sessionUntil(time.Now().Add(2*time.Hour), 2)), // to another end: what changes nothing is not written
		"destroy": s.Destroy(t.Context(), "id"),
		"clear":   s.Clear(t.Context()),
	} {
		if o.Format == filestore.Native && name == "touch" {
			// It changes a file that is the store's own, and no directory.
			continue
		}
		if !errors.Is(err, fs.ErrPermission) || spec.IsMissing(nil, err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := s.Get(t.Context(), "id")
	if n, _ := got.Raw("n"); string(n) != "1" || err != nil {
		t.Errorf("get: %v, %v", got, err)
	}
}

// A shard folder that may not be read can hold sessions: it is an error. The sessions in the others are counted, listed, reaped and cleared.
func TestUnreadableFolder(t *testing.T) {
	t.Parallel()
	clock, dir := newClock(), t.TempDir()
	s := open(t, dir, filestore.Options{Sharded: true, Now: clock.Now, Durability: filestore.ProcessCrash})
	const sessions = 20
	folders := map[string]int{}
	for n := range sessions {
		id := fmt.Sprint(n)
		must(t, s.Set(t.Context(), id, session(n)))
		folders[filepath.Dir(s.Path(id))]++
	}
	listed, err := filepath.Glob(filepath.Join(dir, "??"))
	must(t, err)
	closed := listed[0]
	rest := sessions - folders[closed]
	asNobody(t, dir, func() {
		must(t, os.Chmod(closed, 0))
		defer func() { must(t, os.Chmod(closed, 0o700)) }()
		if n, err := s.Length(t.Context()); n != rest || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("length: %d, %v; want %d and an error", n, err, rest)
		}
		if all, err := s.All(t.Context()); len(all) != rest || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("all: %d sessions, %v; want %d and an error", len(all), err, rest)
		}
		clock.Advance(2 * time.Hour)
		if n, err := s.Reap(t.Context()); n != rest || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("reap: %d, %v; want %d and an error", n, err, rest)
		}
		if err := s.Clear(t.Context()); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("clear: %v", err)
		}
	})
	if n, err := s.Length(t.Context()); n != folders[closed] || err != nil {
		t.Errorf("length afterwards: %d, %v; want %d", n, err, folders[closed])
	}
}

// readOnly calls f while no name in a directory, nor in one below it, can be changed.
func readOnly(t *testing.T, dir string, f func()) {
	t.Helper()
	chmod := func(mode fs.FileMode) {
		must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.IsDir() {
				err = os.Chmod(path, mode)
			}
			return err
		}))
	}
	chmod(0o500)
	defer chmod(0o700)
	asNobody(t, dir, f)
}

// asNobody calls f on a thread without the rights of root. If the test runs as root, the files in the directory then belong to nobody.
func asNobody(t *testing.T, dir string, f func()) {
	t.Helper()
	const nobody = 65534
	if os.Geteuid() == 0 {
		must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Chown(path, nobody, nobody))
		}))
		must(t, os.Chmod(filepath.Dir(dir), 0o711))
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		must(t, syscall.Setfsuid(nobody))
		defer func() { must(t, syscall.Setfsuid(0)) }()
	}
	f()
}
