//go:build unix

package install_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/storecheck/storecheck/internal/install"
)

// program returns a program whose main function has the given body.
func program(body string) install.Program {
	return install.Program{Name: "hello", Files: map[string]string{
		"main.go": "//go:build ignore\n\npackage main\n\nfunc main() { " + body + " }\n", "go.mod": "module hello\n\ngo 1.21\n", "go.sum": "",
	}}
}

func needGo(t *testing.T) {
	t.Helper()
	if err := install.Go(); err != nil {
		t.Skip(err)
	}
	t.Setenv("STORECHECK_CACHE", t.TempDir())
}

// A program is built once, whoever asks for it, and other files make another program.
func TestBuild(t *testing.T) {
	needGo(t)
	p := program(`println("hello")`)
	if path, ok := install.Built(p); ok {
		t.Fatalf("%s is there before it is built", path)
	}
	var all sync.WaitGroup
	paths := make([]string, 3)
	for i := range paths {
		all.Go(func() {
			var err error
			if paths[i], err = install.Build(t.Context(), p); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, path := range paths {
		if built, ok := install.Built(p); !ok || path != built {
			t.Errorf("built at %q, found at %q, %t", path, built, ok)
		}
	}
	if out, err := exec.Command(paths[0]).CombinedOutput(); err != nil || string(out) != "hello\n" {
		t.Errorf("it says %q, %v", out, err)
	}
	if path, ok := install.Built(program(`println("other")`)); ok {
		t.Errorf("another program is found at %s", path)
	}
	programs, err := install.BuiltPrograms()
	if err != nil || len(programs) != 1 || programs[0].Name != "hello" || programs[0].Path != paths[0] || programs[0].Bytes == 0 {
		t.Errorf("in the cache: %+v, %v", programs, err)
	}
	wantNothingHalf(t)
}

// A program that cannot be built says what Go says, and leaves nothing.
func TestBuildFails(t *testing.T) {
	needGo(t)
	p := program(`nonesuch()`)
	_, err := install.Build(t.Context(), p)
	if err == nil || !strings.Contains(err.Error(), "undefined: nonesuch") {
		t.Errorf("got %v", err)
	}
	if path, ok := install.Built(p); ok {
		t.Errorf("%s is there", path)
	}
	wantNothingHalf(t)
	t.Setenv("PATH", t.TempDir())
	if _, err := install.Build(t.Context(), p); err == nil || !strings.Contains(err.Error(), "install Go 1.21 or newer") {
		t.Errorf("without Go: %v", err)
	}
}

func wantNothingHalf(t *testing.T) {
	t.Helper()
	left, _ := filepath.Glob(filepath.Join(os.Getenv("STORECHECK_CACHE"), "go", "*.tmp-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
