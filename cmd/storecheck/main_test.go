package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

func TestMain(m *testing.M) {
	target.ServeChild() // a worker starts this program again, to hold a file store
	testscript.Main(m, map[string]func(){"storecheck": main})
}

// TestScripts runs the scripts in testdata/script with the real command. A script that needs Node is skipped without it.
func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	results, err := filepath.Abs("../../report/testdata/results")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// A script has its own home folder, but shares the npm packages that earlier runs installed.
			e.Setenv("STORECHECK_CACHE", filepath.Join(cache, "storecheck"))
			e.Setenv("EXAMPLES", examples)
			e.Setenv("RESULTS", results)                                                   // of real runs
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB"} { // for hosts of stores in Go
				if value, err := exec.Command("go", "env", name).Output(); err == nil {
					e.Setenv(name, strings.TrimSpace(string(value)))
				}
			}
			for _, name := range []string{"NODE_EXTRA_CA_CERTS", "GOCOVERDIR"} {
				e.Setenv(name, os.Getenv(name))
			}
			return nil
		},
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
