package mutants

import (
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// What failed while calls were given up, and passes alone, is told of.
func TestTellsOfWhatFailedBeside(t *testing.T) {
	t.Parallel()
	const busy = "gives up while the machine is busy"
	all := AllUnusual()
	n := slices.IndexFunc(all, func(u Unusual) bool { return u.Name == busy })
	if n < 0 {
		t.Fatalf("there is no store that %s", busy)
	}
	verdicts, err := conformance.Record(t.Context(), all[n].Subject(), conformance.Options{Seed: 1, Depth: conformance.Quick})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, v := range verdicts {
		if strings.Contains(v.Observed, "failed while calls were given up") {
			told = append(told, v.ID)
		}
		if v.Status == spec.Fail {
			t.Errorf("%s fails", v.Message)
		}
	}
	if told == nil {
		t.Error("nothing is told of a check that has failed at first")
	}
	t.Log(told)
}
