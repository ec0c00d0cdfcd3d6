package install

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/internal/child"
)

// A Host is a program in Go that is generated around a store. Unlike a [Program], its sources stay beside it, for whoever wants to know what was
// checked.
type Host struct {
	// Name names the store in messages.
	Name string
	// Files are main.go, go.mod and go.sum.
	Files map[string]string
	// Get are modules for go get, as path@version, before the build. Without an exact version the newest one is taken when the host is built
	// first, and stays until Refresh.
	Get []string
	// Within is the folder of a module of the user's, to which main.go then belongs, and Files has that module's go.mod and go.sum with
	// what main.go needs. Nothing is written into the folder. Such a host is built each time, because the user's sources change.
	Within string
	// Race builds with the race detector.
	Race bool
	// Refresh builds anew even if the host is in the cache.
	Refresh bool
	// Log receives the output of go. It may be nil.
	Log io.Writer
}

const (
	hostFolder = "hosts"
	// hostPackage is the folder that main.go has in a module of the user's, as far as go knows.
	hostPackage = "storecheck_generated_host"
)

func hostBinary() string {
	if runtime.GOOS == "windows" {
		return "host.exe"
	}
	return "host"
}

// HostBuilt reports whether a host is in the cache, as it is.
func HostBuilt(h Host) bool {
	dir, err := h.place()
	return err == nil && h.Within == "" && isProgram(filepath.Join(dir, hostBinary()))
}

// BuildHost returns the path of the host's program in the cache. What is not there is built: that takes seconds, or minutes if go has built none
// of the packages before. BuildHost may be called at the same time from several goroutines and processes. An error of the compiler is a
// *HostBuildError.
func BuildHost(ctx context.Context, h Host) (path string, err error) {
	dir, err := h.place()
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, hostBinary())
	if h.Within == "" && !h.Refresh && isProgram(path) {
		return path, nil
	}
	if err := Go(); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", notWritable(err)
	}
	unlock, err := lock(ctx, dir+".lock", func() {})
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	defer unlock()
	if h.Within == "" && !h.Refresh && isProgram(path) {
		return path, nil
	}
	return path, h.build(ctx, dir, path)
}

// place returns the folder in the cache. Another text, or another kind of machine, makes it another one.
func (h Host) place() (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s %v %q %s\n", runtime.GOOS, runtime.GOARCH, h.Race, h.Get, h.Within)
	if h.Within == "" {
		for _, name := range slices.Sorted(maps.Keys(h.Files)) {
			fmt.Fprintf(sum, "%s %d\n%s", name, len(h.Files[name]), h.Files[name])
		}
	}
	return filepath.Join(cache, hostFolder, hex.EncodeToString(sum.Sum(nil)[:10])+"-"+plainName(h.Name)), nil
}

// plainName is the last element of a name, for a folder.
func plainName(name string) string {
	name = filepath.Base(filepath.ToSlash(name))
	return strings.Map(func(r rune) rune {
		if r < 128 && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '-'
	}, name)
}

// build builds the host in its folder. The caller holds the lock of dir. What stands there after an error shows what was tried.
func (h Host) build(ctx context.Context, dir, path string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return notWritable(err)
	}
	for name, text := range h.Files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return notWritable(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	if len(h.Get) > 0 {
		if err := h.run(ctx, dir, append([]string{"get"}, h.Get...)); err != nil {
			return err
		}
	}
	fresh := path + ".tmp"
	args := []string{"build", "-trimpath", "-o", fresh}
	if h.Race {
		args = append(args, "-race")
	} else {
		args = append(args, "-ldflags=-s -w")
	}
	if h.Within != "" {
		overlay := filepath.Join(dir, "overlay.json")
		text := fmt.Sprintf(`{"Replace":{%q:%q}}`, filepath.Join(h.Within, hostPackage, "main.go"), filepath.Join(dir, "main.go"))
		if err := os.WriteFile(overlay, []byte(text), 0o644); err != nil {
			return notWritable(err)
		}
		args = append(args, "-overlay="+overlay, "-modfile="+filepath.Join(dir, "go.mod"), "./"+hostPackage)
	} else {
		args = append(args, ".")
	}
	if err := h.run(ctx, dir, args); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return notWritable(err)
	}
	return nil
}

// run runs go.
func (h Host) run(ctx context.Context, dir string, args []string) error {
	output := child.NewTail(16<<10, h.Log)
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = cmp.Or(h.Within, dir), output, output
	// A workspace, or flags for the user's own builds, are none of the host's. The host's go.mod may be completed, and nothing else changes it.
	cmd.Env = append(Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	err := run(ctx, cmd)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = ctx.Err()
	}
	return &HostBuildError{Name: h.Name, Main: filepath.Join(dir, "main.go"), Said: saidByGo(output.String()), Err: err}
}

// A HostBuildError says why go did not build a host.
type HostBuildError struct {
	Name string
	// Main is the path of the generated program.
	Main string
	// Said are the first lines of what go said that are no progress.
	Said []string
	Err  error
}

// Unwrap returns how go ended.
func (e *HostBuildError) Unwrap() error { return e.Err }

func (e *HostBuildError) Error() string {
	said := "\n  go said nothing"
	if len(e.Said) > 0 {
		said = "\n  " + strings.Join(e.Said, "\n  ")
	}
	return fmt.Sprintf("go cannot build a program around %s (%v)%s:%s\n  the program is %s", e.Name, e.Err, e.hint(), said, e.Main)
}

// hint says what to do about what go said. It is empty or begins with a comma.
func (e *HostBuildError) hint() string {
	for _, line := range e.Said {
		switch {
		case errors.Is(e.Err, context.DeadlineExceeded):
			return ", it took too long: is the module proxy slow or out of reach"
		case strings.Contains(line, "cgo") && strings.Contains(line, "gcc"):
			return ", a C compiler is missing: install gcc"
		case strings.Contains(line, "checksum mismatch"), strings.Contains(line, "SECURITY ERROR"):
			return ", a module is not what it was when its sum was noted"
		case strings.Contains(line, "no such host"), strings.Contains(line, "connection refused"), strings.Contains(line, "i/o timeout"):
			return ", the module proxy cannot be reached: check the network and GOPROXY"
		case strings.Contains(line, "invalid version"), strings.Contains(line, "unknown revision"), strings.Contains(line, "no matching versions"):
			return ", there is no such version: check what stands behind the @"
		case strings.Contains(line, "40") && (strings.Contains(line, "Not Found") || strings.Contains(line, "Forbidden")), strings.Contains(line, "410 Gone"):
			return ", the module proxy refuses a module: check its path and version, and GOPROXY and GOPRIVATE"
		}
	}
	return ""
}

// saidByGo returns the first lines of go's output that say what is wrong.
func saidByGo(output string) []string {
	const most = 10
	var lines []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		for _, progress := range []string{"go: downloading ", "go: finding ", "go: added ", "go: upgraded ", "# "} {
			if strings.HasPrefix(line, progress) {
				line = ""
			}
		}
		if line != "" && len(lines) < most {
			lines = append(lines, line)
		}
	}
	return lines
}

// BuiltHosts returns the hosts in the cache, with what was broken off.
func BuiltHosts() ([]BuiltProgram, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(cache, hostFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("install: %w", err)
	}
	var hosts []BuiltProgram
	for _, e := range entries {
		if _, name, ok := strings.Cut(e.Name(), "-"); ok && e.IsDir() {
			path := filepath.Join(cache, hostFolder, e.Name())
			hosts = append(hosts, BuiltProgram{name, path, sizeOf(path)})
		}
	}
	return hosts, nil
}

func sizeOf(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read is not counted
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
