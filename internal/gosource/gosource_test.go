package gosource

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write adapters.txtar")

// TestAdapters: the archive has the sources of the adapters as they are. go generate ./internal/gosource writes it.
func TestAdapters(t *testing.T) {
	root := filepath.Join("..", "..")
	var archive txtar.Archive
	for _, pattern := range []string{"go.mod", "*.go"} {
		names, err := filepath.Glob(filepath.Join(root, "adapters", "*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			below, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			archive.Files = append(archive.Files, txtar.File{Name: filepath.ToSlash(below), Data: text})
		}
	}
	slices.SortFunc(archive.Files, func(a, b txtar.File) int { return strings.Compare(a.Name, b.Name) })
	want := txtar.Format(&archive)
	if *update {
		if err := os.WriteFile("adapters.txtar", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(adapters, want) {
		t.Error("adapters.txtar is not what is in adapters/: run go generate ./internal/gosource")
	}
}

// TestBuilds: the sources that are written build by themselves.
func TestBuilds(t *testing.T) {
	cache := t.TempDir()
	dir, err := Ensure(cache)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Ensure(cache); err != nil || again != dir {
		t.Errorf("%s, %v", again, err)
	}
	cmd := exec.Command("go", "build", "-mod=mod", "./...")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// Somebody has changed a file.
	file := filepath.Join(dir, "spec", "store.go")
	if err := os.WriteFile(file, []byte("package nonsense"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Ensure(cache); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || bytes.Contains(text, []byte("nonsense")) {
		t.Errorf("%.40s, %v", text, err)
	}
}

// TestPruned: a go.mod asks for nothing that tests alone need.
func TestPruned(t *testing.T) {
	files := Files()
	if text := string(files["go.mod"]); strings.Contains(text, "ginkgo") || !strings.Contains(text, "hdrhistogram-go") {
		t.Errorf("go.mod:\n%s", text)
	}
	if text := string(files["adapters/scs/go.mod"]); strings.Contains(text, "golang.org/x/crypto") || !strings.Contains(text, "alexedwards/scs/v2") {
		t.Errorf("adapters/scs/go.mod:\n%s", text)
	}
	if got := Adapters(); !slices.Equal(got, []string{"fiber", "gin", "gorilla", "gosession", "scs"}) {
		t.Errorf("%q", got)
	}
	for _, name := range Adapters() {
		if got := Closure(name); got[0] != name || slices.Contains(got, "gorilla") != (name == "gin" || name == "gorilla") {
			t.Errorf("%s needs %q", name, got)
		}
	}
}
