//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filestore_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
)

// specialFiles make a thing at path that is no regular file. other is a file beside path.
var specialFiles = map[string]func(path, other string) error{
	"pipe":             func(path, _ string) error { return syscall.Mkfifo(path, 0o600) },
	"link":             func(path, other string) error { return os.Symlink(filepath.Base(other), path) },
	"link to nothing":  func(path, _ string) error { return os.Symlink("nothing", path) },
	"link to a device": func(path, _ string) error { return os.Symlink("/dev/zero", path) },
	"socket": func(path, _ string) error {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err == nil {
			l.SetUnlinkOnClose(false)
			err = l.Close()
		}
		return err
	},
}

// shortDir returns a directory whose path leaves room for the name of a socket.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fs")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

// A pipe, a link, a socket or a directory under the name of a session file is an error that names it. The store neither waits for it nor
// follows, lists or reaps it. Set replaces it, unless it is a directory.
func TestSpecialFiles(t *testing.T) {
	kinds := maps.Clone(specialFiles)
	kinds["directory"] = func(path, _ string) error { return os.Mkdir(path, 0o700) }
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) {
			variants(t, func(t *testing.T, o filestore.Options) {
				s := open(t, shortDir(t), o)
				other := session("other")
				must(t, s.Set(t.Context(), "other", other))
				must(t, os.MkdirAll(filepath.Dir(s.Path("id")), 0o700))
				must(t, make(s.Path("id"), s.Path("other")))
				inTime(t, func(ctx context.Context) {
					wantCorrupt(t, s, "id")
					if err := s.Touch(ctx, "id", session(1)); err == nil {
						t.Error("a touch succeeds")
					}
					if all, err := s.All(ctx); len(all) != 1 || err != nil {
						t.Errorf("all: %v, %v", all, err)
					}
					if n, err := s.Reap(ctx); n != 0 || err != nil {
						t.Errorf("reap: %d, %v", n, err)
					}
					set, destroyed := s.Set(ctx, "id", session("new")), s.Destroy(ctx, "id")
					if stays := name == "directory"; (set != nil) != stays || (destroyed != nil) != stays {
						t.Errorf("set: %v, destroy: %v", set, destroyed)
					}
				})
				expect(t, s, "other", other)
			})
		})
	}
}

// Whatever somebody else puts in the place of a shard folder, the sessions in the other folders are counted, listed, reaped and cleared,
// and the foreign thing stays.
func TestSpecialFolders(t *testing.T) {
	t.Parallel()
	kinds := maps.Clone(specialFiles)
	kinds["file"] = func(path, _ string) error { return os.WriteFile(path, []byte("mine"), 0o600) }
	kinds["link out of the directory"] = func(path, _ string) error { return os.Symlink(filepath.Dir(filepath.Dir(path)), path) }
	kinds["link to itself"] = func(path, _ string) error { return os.Symlink(filepath.Base(path), path) }
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock, dir := newClock(), shortDir(t)
			s := open(t, dir, filestore.Options{Sharded: true, Now: clock.Now, Durability: filestore.ProcessCrash})
			var foreign []string
			for shard := range 256 {
				if shard%2 == 0 {
					foreign = append(foreign, filepath.Join(dir, fmt.Sprintf("%02x", shard)))
				}
			}
			beside := filepath.Join(dir, "beside")
			must(t, os.WriteFile(beside, nil, 0o600))
			for _, path := range foreign {
				must(t, make(path, beside))
			}
			sessions := 0
			inTime(t, func(ctx context.Context) {
				for n := range 40 {
					id, end := fmt.Sprint(n), clock.Now().Add(time.Duration(1+n%2)*time.Hour)
					blocked := slices.Contains(foreign, filepath.Dir(s.Path(id)))
					if err := s.Set(ctx, id, sessionUntil(end, n)); (err != nil) != blocked {
						t.Errorf("set(%q), with something else in the place of its folder: %t: %v", id, blocked, err)
					}
					if !blocked {
						sessions++
					}
				}
				wantSessions(t, s, sessions)
				clock.Advance(90 * time.Minute)
				reaped, err := s.Reap(ctx)
				if reaped == 0 || reaped == sessions || err != nil {
					t.Errorf("reap: %d of %d, %v", reaped, sessions, err)
				}
				wantSessions(t, s, sessions-reaped)
				must(t, s.Clear(ctx))
				wantSessions(t, s, 0)
			})
			for _, path := range append(foreign, beside) {
				if _, err := os.Lstat(path); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// wantSessions counts the sessions in both ways.
func wantSessions(t *testing.T, s *filestore.Store, want int) {
	t.Helper()
	if n, err := s.Length(t.Context()); n != want || err != nil {
		t.Errorf("length: %d, %v; want %d", n, err, want)
	}
	if all, err := s.All(t.Context()); len(all) != want || err != nil {
		t.Errorf("all: %d sessions, %v; want %d", len(all), err, want)
	}
}

// inTime reports calls that hang.
func inTime(t *testing.T, calls func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		calls(ctx)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("it hangs")
	}
}

// A pipe, or the like, in the place of one of the store's own files is an error of Open or of the calls that need it, and nobody waits for it.
func TestSpecialOwnFiles(t *testing.T) {
	for name, o := range map[string]filestore.Options{
		".salt":      {Format: filestore.Native, Secrets: []string{"cat"}},
		".sharded":   {Sharded: true},
		".locks":     {},
		".locks/all": {},
		".journal-0": {Journal: true, Direct: true, Durability: filestore.PowerLoss},
		".journal-1": {Journal: true, Direct: true, Durability: filestore.PowerLoss},
	} {
		if o.Journal && runtime.GOOS != "linux" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if lock, ok := strings.CutSuffix(name, "/all"); ok {
				must(t, os.Mkdir(filepath.Join(dir, lock), 0o700))
				for i := range 64 {
					must(t, syscall.Mkfifo(filepath.Join(dir, lock, fmt.Sprintf("%02x", i)), 0o600))
				}
			} else {
				must(t, syscall.Mkfifo(filepath.Join(dir, name), 0o600))
			}
			inTime(t, func(ctx context.Context) {
				s, err := filestore.Open(dir, o)
				if err == nil {
					err = s.Set(ctx, "id", session("x"))
					must(t, s.Close())
				}
				if (err == nil) != (name == ".sharded") {
					t.Errorf("the error is %v", err)
				}
			})
		})
	}
	pipe := filepath.Join(t.TempDir(), "sessions")
	must(t, syscall.Mkfifo(pipe, 0o600))
	inTime(t, func(context.Context) {
		if _, err := filestore.Open(pipe, filestore.Options{}); err == nil {
			t.Error("a pipe is opened as a directory")
		}
	})
}
