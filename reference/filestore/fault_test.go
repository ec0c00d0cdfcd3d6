package filestore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// A directory that is removed is an error, not a store without sessions; one that takes its place is used.
func TestDirectoryRemoved(t *testing.T) {
	variants(t, func(t *testing.T, o filestore.Options) {
		dir := filepath.Join(t.TempDir(), "sessions")
		s := open(t, dir, o)
		want := session(1)
		must(t, s.Set(t.Context(), "id", want))
		if err := os.RemoveAll(dir); err != nil {
			t.Skip("a directory that is in use cannot be removed here:", err)
		}
		got, err := s.Get(t.Context(), "id")
		if !errors.Is(err, filestore.ErrDirectory) || spec.IsMissing(got, err) {
			t.Errorf("get: %v, %v", got, err)
		}
		for name, call := range map[string]func() error{
			"set":     func() error { return s.Set(t.Context(), "id", want) },
			"touch":   func() error { return s.Touch(t.Context(), "id", want) },
			"destroy": func() error { return s.Destroy(t.Context(), "id") },
			"clear":   func() error { return s.Clear(t.Context()) },
			"length":  func() error { _, err := s.Length(t.Context()); return err },
			"all":     func() error { _, err := s.All(t.Context()); return err },
			"reap":    func() error { _, err := s.Reap(t.Context()); return err },
		} {
			if err := call(); !errors.Is(err, filestore.ErrDirectory) {
				t.Errorf("%s: error %v, want one of ErrDirectory", name, err)
			}
		}
		must(t, os.Mkdir(dir, 0o700))
		expect(t, s, "id", nil)
		must(t, s.Set(t.Context(), "id", want))
		expect(t, s, "id", want)
		// Another process makes it anew, with sessions.
		must(t, os.RemoveAll(dir))
		other := open(t, dir, o)
		must(t, other.Set(t.Context(), "second", want))
		expect(t, s, "second", want)
		must(t, os.RemoveAll(dir))
		other = open(t, dir, o)
		must(t, other.Set(t.Context(), "id", want))
		must(t, s.Destroy(t.Context(), "id"))
		expect(t, other, "id", nil)
	})
}

// Who holds a lock that somebody has removed excludes nobody: the one that has its name now counts.
func TestLocksRemoved(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, dir, filestore.Options{}), open(t, dir, filestore.Options{})
	must(t, s.Set(t.Context(), "id", session(1)))
	if err := os.RemoveAll(filepath.Join(dir, ".locks")); err != nil {
		t.Skip("files that are in use cannot be removed here:", err)
	}
	must(t, other.Set(t.Context(), "id", session(2)))
	release := lockAll(t, dir)
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Destroy(ctx, "id"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("destroy: %v", err)
	}
}
