package node_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/internal/install"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

var updateRecordings = flag.Bool("update-recordings", false, "write the recordings of testdata/recordings anew")

// The real middleware of each profile makes the calls that were recorded, which its profile was written from. With STORECHECK_NEWEST=1 the newest
// versions are installed, so that a release that calls otherwise shows.
func TestRecordings(t *testing.T) {
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("it installs middlewares from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	path, _, err := install.Node()
	if err != nil {
		t.Skip(err)
	}
	for _, p := range profile.All() {
		script := filepath.Join("testdata", "recordings", p.Short+".mjs")
		if _, err := os.Stat(script); err != nil {
			if _, hasSite := p.Requirement(contract.HTTPCounter.ID); hasSite && p != profile.Default {
				t.Errorf("%s has no recording", p.Name)
			}
			continue
		}
		t.Run(p.Short, func(t *testing.T) {
			t.Parallel()
			packages := slices.Clone(p.Packages)
			if os.Getenv("STORECHECK_NEWEST") == "1" {
				for i, pinned := range packages {
					packages[i] = pinned[:strings.LastIndexByte(pinned, '@')]
				}
			}
			root, err := install.Ensure(t.Context(), install.Request{Packages: packages})
			if err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), path, script, root)
			command.Stderr = os.Stderr
			got, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(script, ".mjs") + ".golden"
			if *updateRecordings {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s calls its store otherwise than recorded; read what has changed, and mend the profile before -update-recordings:\n%s", p.Name, firstDifference(want, got))
			}
		})
	}
}

// firstDifference shows the first line that differs, with those before it.
func firstDifference(want, got []byte) string {
	was, is := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			return strings.Join(was[max(0, i-3):i], "\n") + "\nrecorded: " + was[i] + "\nnow:      " + is[i]
		}
	}
	return "one of them is longer"
}
