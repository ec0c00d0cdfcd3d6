package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/storecheck/storecheck/internal/child"
)

// A Library is a shared library in C, of one file.
type Library struct {
	// Name is that of the library in the cache, such as shift.so.
	Name string
	// Source is the text of the file.
	Source string
}

// compilers are the names of C compilers, the machine's own choice first.
var compilers = []string{"cc", "gcc", "clang"}

// errNoCompiler says that no library can be compiled.
var errNoCompiler = errors.New("no C compiler (cc, gcc or clang) is on PATH")

// Compiler returns the path of the machine's C compiler.
func Compiler() (string, error) {
	for _, name := range compilers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoCompiler
}

// Compile returns the path of the library in the cache. What is not there is compiled, which takes a second. Compile may be called at the same
// time from several goroutines and processes.
func Compile(ctx context.Context, l Library) (path string, err error) {
	if path, err = l.place(); err != nil || isProgram(path) {
		return path, err
	}
	compiler, err := Compiler()
	if err != nil {
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
	return path, l.compile(ctx, compiler, path)
}

// place returns the path in the cache, among the built programs.
func (l Library) place() (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(runtime.GOOS + " " + runtime.GOARCH + "\n" + l.Source))
	return filepath.Join(cache, "go", hex.EncodeToString(sum[:10])+"-"+l.Name), nil
}

// compile compiles into a folder beside path and moves the result there. The caller holds the lock of path.
func (l Library) compile(ctx context.Context, compiler, path string) error {
	removeLeft(path)
	dir, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+".tmp-")
	if err != nil {
		return notWritable(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the rest harms nobody
	if err := os.WriteFile(filepath.Join(dir, "library.c"), []byte(l.Source), 0o644); err != nil {
		return notWritable(err)
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	output := child.NewTail(4<<10, nil)
	cmd := exec.Command(compiler, "-O2", "-shared", "-fPIC", "-o", "built", "library.c", "-ldl", "-lpthread")
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = dir, output, output, Environ()
	if err := run(ctx, cmd); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("install: %s could not compile %s: %w; it said:%s", compiler, l.Name, err, said(output))
	}
	if err := os.Rename(filepath.Join(dir, "built"), path); err != nil {
		return notWritable(err)
	}
	return nil
}
