//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filestore_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
)

// What is no file under the name of one is an error that names it: it is not waited for, followed, listed or reaped. Set replaces it,
// unless it is a directory.
func TestSpecialFiles(t *testing.T) {
	for name, make := range map[string]func(path, other string) error{
		"pipe":             func(path, _ string) error { return syscall.Mkfifo(path, 0o600) },
		"directory":        func(path, _ string) error { return os.Mkdir(path, 0o700) },
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
	} {
		t.Run(name, func(t *testing.T) {
			variants(t, func(t *testing.T, o filestore.Options) {
				dir, err := os.MkdirTemp("", "fs") // for the path of a socket must be short
				must(t, err)
				t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
				s := open(t, dir, o)
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
