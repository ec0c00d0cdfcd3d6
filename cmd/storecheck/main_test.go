package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
)

func TestMain(m *testing.M) {
	target.ServeChild() // which a worker starts by the path of this program alone
	testscript.Main(m, map[string]func(){"storecheck": main})
}

// The scripts in testdata/script run the real command. Those that need Node are skipped where it is missing.
func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// Scripts have a home of their own, but what npm installed need not be installed again.
			e.Setenv("STORECHECK_CACHE", filepath.Join(cache, "storecheck"))
			e.Setenv("EXAMPLES", examples)
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
