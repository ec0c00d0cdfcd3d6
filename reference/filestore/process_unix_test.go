//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filestore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/storecheck/storecheck/reference/filestore"
	"github.com/storecheck/storecheck/spec"
)

// lockAll takes every lock of a directory as another process would.
func lockAll(t *testing.T, dir string) (release func()) {
	t.Helper()
	var files []*os.File
	paths, err := filepath.Glob(filepath.Join(dir, ".locks", "??"))
	must(t, err)
	for _, path := range paths {
		f, err := os.Open(path)
		must(t, err)
		must(t, syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
		files = append(files, f)
	}
	return func() {
		for _, f := range files {
			_ = f.Close()
		}
	}
}

// childFiles opens files up to the limit, and then calls the store.
func childFiles(j job, _ io.Reader, _ io.Writer) error {
	o := j.options()
	o.Retries = -1
	s, err := filestore.Open(j.Dir, o)
	if err != nil {
		return err
	}
	defer s.Close()
	// It reads again, and is told when.
	var told func(retry int)
	var waits []time.Duration
	o.Retries, o.MinTimeout, o.MaxTimeout, o.Factor = 7, 2*time.Millisecond, 9*time.Millisecond, 2
	o.Logger = slog.New(teller(func(r slog.Record) {
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "wait" {
				waits = append(waits, a.Value.Duration())
			}
			return true
		})
		told(len(waits))
	}))
	patient, err := filestore.Open(j.Dir, o)
	if err != nil {
		return err
	}
	defer patient.Close()
	ctx := context.Background()
	want := session(1)
	if err := s.Set(ctx, "id", want); err != nil {
		return err
	}
	limit := syscall.Rlimit{Cur: 64, Max: 64}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	var taken []*os.File
	for {
		f, err := os.Open(os.DevNull)
		if errors.Is(err, syscall.EMFILE) {
			break
		}
		if err != nil {
			return err
		}
		taken = append(taken, f)
	}
	got, err := s.Get(ctx, "id")
	if !errors.Is(err, syscall.EMFILE) || spec.IsMissing(got, err) {
		return fmt.Errorf("get: %v, %w", got, err)
	}
	for what, err := range map[string]error{
		"set":         s.Set(ctx, "id", session(2)),
		"another set": s.Set(ctx, "another id", session(3)),
		"touch":       s.Touch(ctx, "id", session(4)),
		"clear":       s.Clear(ctx),
	} {
		if !errors.Is(err, syscall.EMFILE) {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	told = func(int) { cancel() }
	if got, err = patient.Get(cancelled, "id"); !errors.Is(err, context.Canceled) || len(waits) != 1 {
		return fmt.Errorf("get with a context that ends: %v, %w after %v", got, err, waits)
	}
	waits, told = nil, func(int) {}
	if got, err = patient.Get(ctx, "id"); !errors.Is(err, syscall.EMFILE) || fmt.Sprint(waits) != "[2ms 4ms 8ms 9ms 9ms 9ms 9ms]" {
		return fmt.Errorf("get in vain: %v, %w after %v", got, err, waits)
	}
	waits = nil
	told = func(retry int) {
		if retry == 3 {
			_ = taken[0].Close()
		}
	}
	if got, err = patient.Get(ctx, "id"); !spec.Equal(got, want) || err != nil || len(waits) != 3 {
		return fmt.Errorf("get in the end: %v, %w after %v", got, err, waits)
	}
	for _, f := range taken {
		_ = f.Close()
	}
	if got, err = s.Get(ctx, "id"); err != nil || !spec.Equal(got, want) {
		return fmt.Errorf("get afterwards: %v, %w", got, err)
	}
	if err := s.Set(ctx, "another id", want); err != nil {
		return err
	}
	entries, err := os.ReadDir(j.Dir)
	if len(entries) != 3 { // two sessions and the locks
		return fmt.Errorf("files are left behind: %v", entries)
	}
	return err
}

// A teller is a log handler that calls a function.
type teller func(slog.Record)

func (teller) Enabled(context.Context, slog.Level) bool        { return true }
func (t teller) Handle(_ context.Context, r slog.Record) error { t(r); return nil }
func (t teller) WithAttrs([]slog.Attr) slog.Handler            { return t }
func (t teller) WithGroup(string) slog.Handler                 { return t }

func TestTooManyOpenFiles(t *testing.T) {
	t.Parallel()
	for _, f := range []filestore.Format{filestore.NPM, filestore.Native} {
		c := job{Child: "files", Dir: t.TempDir(), Format: f}.command(t)
		if err := c.Run(); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}
