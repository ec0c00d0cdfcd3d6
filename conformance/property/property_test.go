package property_test

import (
	"os"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/internal/mutants"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/spec"
)

var thorough = os.Getenv("STORECHECK_THOROUGH") != ""

// check runs the chapter alone.
func check(t *testing.T, subject conformance.Subject, seed uint64, o property.Options, only ...*spec.Requirement) map[string]spec.Verdict {
	t.Helper()
	verdicts, err := conformance.Record(t.Context(), subject, conformance.Options{
		Seed: seed, Extra: property.Checks(o), CallTimeout: 5 * time.Second,
		Select: func(r *spec.Requirement) bool {
			return r.Chapter() == "property" && (len(only) == 0 || r == only[0])
		},
	})
	if err != nil {
		t.Error(err)
	}
	found := map[string]spec.Verdict{}
	for _, v := range verdicts {
		found[v.ID] = v
	}
	return found
}

// slowest are the stores whose every call takes so long that a check of them does.
var slowest = map[string]bool{"slow": true, "one slow call at a time": true, "slow to answer": true}

// A store that is unusual and right is accused of nothing.
func TestUnusual(t *testing.T) {
	seeds, depth := uint64(1), property.Normal
	if thorough {
		seeds, depth = 3, property.Thorough
	}
	for _, u := range mutants.AllUnusual() {
		t.Run(u.Name, func(t *testing.T) {
			if slowest[u.Name] && testing.Short() {
				t.Skip("it takes its time")
			}
			t.Parallel()
			for seed := range seeds {
				for id, v := range check(t, u.Subject(), seed+1, property.Options{Depth: depth}) {
					t.Log(id, v.Duration, v.Observed)
					if v.Status != spec.Pass {
						t.Errorf("seed %d: %s %s\n%s%s", seed+1, id, v.Status, v.Reason, v.Message)
					}
				}
			}
		})
	}
}

// Every fault of the chapter is caught, whatever the seed is.
func TestMutants(t *testing.T) {
	seeds := uint64(3)
	if thorough {
		seeds = 30
	}
	for _, m := range mutants.All() {
		if m.Breaks[0].Chapter() != "property" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			for seed := range seeds {
				v := check(t, m.Subject(), seed+1, property.Options{}, m.Breaks[0])[m.Breaks[0].ID]
				if v.Status != spec.Fail {
					t.Errorf("seed %d: %s %s", seed+1, v.Status, v.Reason)
				}
				if seed == 0 {
					t.Log(v.Duration, v.Message)
				}
			}
		})
	}
}
