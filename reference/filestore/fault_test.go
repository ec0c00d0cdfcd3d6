package filestore_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// A removed directory is an error, not a store without sessions. The store uses a new directory at the same path.
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

// A directory that is removed while it is listed is an error too.
func TestDirectoryRemovedWhileListed(t *testing.T) {
	for _, o := range []filestore.Options{{}, {Sharded: true}} {
		dir := filepath.Join(t.TempDir(), "sessions")
		s := open(t, dir, o)
		must(t, s.Set(t.Context(), "a", session(1)))
		must(t, s.Set(t.Context(), "b", session(2)))
		var last error
		for _, err := range s.Each(t.Context()) {
			last = err
			if err := os.RemoveAll(dir); err != nil {
				t.Skip("a directory that is in use cannot be removed here:", err)
			}
		}
		if !errors.Is(last, filestore.ErrDirectory) {
			t.Errorf("sharded %t: the last error is %v, want one of ErrDirectory", o.Sharded, last)
		}
	}
}

// After the directory was moved away, a change is made in the directory that took its place, where others look for it.
func TestDirectoryMoved(t *testing.T) {
	for name, c := range map[string]struct {
		call func(*filestore.Store) error
		want *spec.Session
	}{
		"set":     {func(s *filestore.Store) error { return s.Set(context.Background(), "id", session("new")) }, session("new")},
		"touch":   {func(s *filestore.Store) error { return s.Touch(context.Background(), "id", session("touched")) }, session("copy")},
		"destroy": {func(s *filestore.Store) error { return s.Destroy(context.Background(), "id") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			variants(t, func(t *testing.T, o filestore.Options) {
				dir := filepath.Join(t.TempDir(), "sessions")
				s := open(t, dir, o)
				must(t, s.Set(t.Context(), "id", session("old")))
				if err := os.Rename(dir, dir+".old"); err != nil {
					t.Skip("a directory that is in use cannot be moved here:", err)
				}
				if err := c.call(s); !errors.Is(err, filestore.ErrDirectory) {
					t.Errorf("without a directory: %v", err)
				}
				other := open(t, dir, o)
				must(t, other.Set(t.Context(), "id", sessionUntil(time.Now().Add(time.Minute), "copy")))
				must(t, c.call(s))
				got, err := other.Get(t.Context(), "id")
				want := c.want.Clone()
				if err == nil && got != nil && want != nil {
					want.Cookie = got.Cookie
					if left, ok := got.Cookie.MaxAge(time.Now()); !ok || left < 2*time.Minute {
						t.Errorf("it lives for %v", left)
					}
				}
				if err != nil || !spec.Equal(got, want) {
					t.Errorf("others get %v, %v; want %v", got, err, want)
				}
			})
		})
	}
}

// A removed lock file locks nothing: the file that has its name now counts.
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

// A missing file that is not the session's is an error, not a missing session.
func TestOtherFileMissing(t *testing.T) {
	var missing error
	encoder := func(b []byte) ([]byte, error) { return b, missing }
	decoder := func(b []byte) ([]byte, error) { return b, nil }
	for _, o := range []filestore.Options{{}, {Format: filestore.Native}, {SkipUnchanged: true}} {
		o.Encoder, o.Decoder = encoder, decoder
		s := open(t, t.TempDir(), o)
		missing = nil
		must(t, s.Set(t.Context(), "id", session(1)))
		_, missing = os.Open(filepath.Join(t.TempDir(), "key"))
		shorter := sessionUntil(time.Now().Add(time.Minute), 1) // which no time of a file tells
		if err := s.Touch(t.Context(), "id", shorter); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("touch: %v", err)
		}
		if err := s.Set(t.Context(), "id", shorter); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("set: %v", err)
		}
	}
}
