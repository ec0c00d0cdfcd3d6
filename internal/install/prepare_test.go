//go:build unix

package install_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/internal/install"
)

func TestPrepare(t *testing.T) {
	b := newBench(t, "v20.20.2\n", installs)
	t.Setenv("NPM_TOKEN", "secret")
	var log bytes.Buffer
	r := install.Request{Packages: []string{"redis@6.3.1"}, Log: &log}
	plain, err := install.Ensure(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	r.Prepare = `test -d node_modules && env >made && test -d "$HOME" && touch "$HOME/.config" && echo made it`
	dir, err := install.Ensure(t.Context(), r)
	if err != nil || dir == plain {
		t.Fatalf("%s, %v; without it the set is in %s", dir, err, plain)
	}
	made, err := os.ReadFile(filepath.Join(dir, "made"))
	if err != nil || !strings.Contains(string(made), "PATH=") || strings.Contains(string(made), "NPM_TOKEN") {
		t.Errorf("environment %q, %v", made, err)
	}
	if !strings.Contains(log.String(), "made it\n") {
		t.Errorf("log %q", &log)
	}
	if err := os.Remove(filepath.Join(dir, "made")); err != nil {
		t.Fatal(err)
	}
	again, err := install.Ensure(t.Context(), r)
	if _, made := os.Stat(filepath.Join(dir, "made")); err != nil || again != dir || made == nil {
		t.Errorf("the second time: %s, %v; made again: %t", again, err, made == nil)
	}
	r.Prepare += "; echo more"
	other, err := install.Ensure(t.Context(), r)
	if err != nil || other == dir || other == plain {
		t.Errorf("with another text: %s, %v", other, err)
	}
	b.wantClean(t)
}

func TestPrepareErrors(t *testing.T) {
	b := newBench(t, "v20.20.2\n", installs)
	r := install.Request{Packages: []string{"redis@6.3.1"}, Prepare: "echo no such schema >&2; exit 3"}
	_, err := install.Ensure(t.Context(), r)
	const want = "install: the packages were installed, but not prepared: exit status 3; it said:\n\tno such schema"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	b.wantClean(t)

	r.Prepare = "sleep 1000 & wait"
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := install.Ensure(ctx, r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stopped: %v", err)
	}
	b.wantClean(t)
	if entries, err := filepath.Glob(filepath.Join(b.cache, "npm", "*", "storecheck.json")); err != nil || len(entries) > 0 {
		t.Errorf("taken for whole: %s, %v", entries, err)
	}
}
