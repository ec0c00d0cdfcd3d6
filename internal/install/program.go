package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/internal/child"
)

// A Program is a Go program in source.
type Program struct {
	// Name is that of the executable.
	Name string
	// Files are those of its module, by name: main.go, go.mod and go.sum.
	Files map[string]string
}

// oldestGo is the oldest minor version of Go that fetches by itself the one that a module asks for.
const oldestGo = 21

// Go says why no program can be built. It is nil where one can.
func Go() error {
	const advice = "install Go 1.%d or newer (from go.dev/dl where your system has an older one)"
	path, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("go is not on PATH: "+advice, oldestGo)
	}
	ctx, cancel := context.WithTimeout(context.Background(), nodeTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "env", "GOVERSION")
	cmd.Env, cmd.WaitDelay = Environ(), time.Second
	out, err := cmd.Output()
	var minor int
	if _, scanErr := fmt.Sscanf(string(out), "go1.%d", &minor); err == nil && scanErr == nil && minor < oldestGo {
		err = fmt.Errorf("it is version 1.%d", minor)
	}
	if err != nil {
		return fmt.Errorf("%s does not serve (%w): "+advice, path, err, oldestGo)
	}
	return nil
}

// Built returns the path of the program in the cache. ok is false if it is not there.
func Built(p Program) (path string, ok bool) {
	path, err := p.place()
	if err != nil || !isProgram(path) {
		return "", false
	}
	return path, true
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Build returns the path of the program in the cache. What is not there is built, which takes minutes if Go has built none of its packages
// before. Build may be called at the same time from several goroutines and processes.
func Build(ctx context.Context, p Program) (path string, err error) {
	if path, err = p.place(); err != nil || isProgram(path) {
		return path, err
	}
	if err := Go(); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", notWritable(err)
	}
	unlock, err := lock(ctx, path+".lock", func() {})
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	defer unlock()
	if isProgram(path) {
		return path, nil
	}
	return path, p.build(ctx, path)
}

// place returns the path in the cache. Other files, or another kind of machine, make it another one.
func (p Program) place() (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s\n", runtime.GOOS, runtime.GOARCH)
	for _, name := range slices.Sorted(maps.Keys(p.Files)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(p.Files[name]), p.Files[name])
	}
	return filepath.Join(cache, "go", hex.EncodeToString(sum.Sum(nil)[:10])+"-"+p.Name), nil
}

// build builds into a folder beside path and moves the result there. The caller holds the lock of path.
func (p Program) build(ctx context.Context, path string) error {
	removeLeft(path)
	dir, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+".tmp-")
	if err != nil {
		return notWritable(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the rest harms nobody
	for name, text := range p.Files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return notWritable(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	output := child.NewTail(16<<10, nil)
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", "built", "main.go")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, output, output
	// A workspace, or flags for the user's own modules, are none of the program's.
	cmd.Env = append(Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly", "CGO_ENABLED=0")
	if err := run(ctx, cmd); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("install: go could not build %s: %w; go said:%s", p.Name, err, said(output))
	}
	if err := os.Rename(filepath.Join(dir, "built"), path); err != nil {
		return notWritable(err)
	}
	return nil
}

// A BuiltProgram is a program in the cache.
type BuiltProgram struct {
	Name, Path string
	Bytes      int64
}

// BuiltPrograms returns the programs in the cache.
func BuiltPrograms() ([]BuiltProgram, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(cache, "go"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("install: %w", err)
	}
	var programs []BuiltProgram
	for _, e := range entries {
		_, name, ok := strings.Cut(e.Name(), "-")
		if info, err := e.Info(); ok && err == nil && info.Mode().IsRegular() && filepath.Ext(name) != ".lock" {
			programs = append(programs, BuiltProgram{name, filepath.Join(cache, "go", e.Name()), info.Size()})
		}
	}
	return programs, nil
}
