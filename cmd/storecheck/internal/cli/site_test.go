package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A run has the date of its newest result: the others may be taken over from an earlier one.
func TestSiteRunHasTheDateOfItsNewestResult(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	for name, started := range map[string]time.Time{"a": day.AddDate(0, 0, -7), "b": day, "c": day.AddDate(0, 0, -1)} {
		r := report.New([]*contract.Requirement{contract.GetAfterSet})
		r.Target = report.Target{Name: name, Version: "1.0.0", Spec: "npm:" + name, Runtime: "node"}
		r.Started = started
		r.Add(contract.Verdict{ID: contract.GetAfterSet.ID, Status: contract.Pass})
		r.Finish(contract.Must)
		f, err := os.Create(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Write(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	run, err := siteRun(dir)
	if err != nil || len(run.Results) != 3 || !run.Date.Equal(day) {
		t.Errorf("%d results of %v, %v", len(run.Results), run.Date, err)
	}
}

// Whoever wants to see a finding without storecheck learns what to install, and what the reproduction takes on its command line.
func TestSiteFindingsCanBeReproduced(t *testing.T) {
	for _, c := range []struct{ recipe, finding, argument, install string }{
		{"connect-memcached", "touch-is-set", "127.0.0.1:11211", "connect-memcached@3.0.0"},
		{"connect-redis@7", "", "redis://127.0.0.1:6379", "connect-redis@7.1.1"},
		{"connect-loki", "written-later", "", "connect-loki@1.2.0"}, // its argument is for its own child
	} {
		r, ok := catalog.Lookup(c.recipe)
		if !ok {
			t.Fatalf("there is no recipe %s", c.recipe)
		}
		found := false
		for _, f := range siteFindings(r) {
			if f.ID != c.finding && (c.finding != "" || f.Argument == "") {
				continue
			}
			found = true
			if f.Argument != c.argument || !strings.Contains(strings.Join(f.Install, " "), c.install) || f.Version != r.Version {
				t.Errorf("%s: %q of %s, %q", c.recipe, f.Argument, f.Version, f.Install)
			}
		}
		if !found {
			t.Errorf("%s has no such finding", c.recipe)
		}
	}
	for _, r := range catalog.All() {
		for _, f := range siteFindings(r) {
			own := strings.Contains(f.Reproduction, "if (process.argv[2])") // for a child of its own
			if strings.Contains(f.Reproduction, "process.argv[2]") && !own && f.Argument == "" {
				t.Errorf("%s, %s: nothing says what its argument is", r.Name, f.ID)
			}
		}
	}
}
