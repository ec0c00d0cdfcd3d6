package mutants

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// heavy are the requirements whose checks cost most. A mutant runs them when it breaks them, the correct store and the unusual ones
// always, and with STORECHECK_THOROUGH every mutant does.
var heavy = []*spec.Requirement{
	spec.FidelityLarge, spec.FidelitySizeLimit, spec.ResourcesMemory, spec.EnumerationAllMany, spec.EnumerationClearLaterSets,
	spec.ConcurrencyManyIDs, spec.ConcurrencyOneID, spec.ConcurrencyLastAcknowledged, spec.ConcurrencyTornReads,
}

var thorough = os.Getenv("STORECHECK_THOROUGH") != ""

// Every mutant is caught by the requirement that is there for it, and by none that it does not violate.
func TestMutants(t *testing.T) {
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			verdicts, err := conformance.Record(t.Context(), m.Subject(), conformance.Options{
				CallTimeout: 5 * time.Second,
				Select: func(r *spec.Requirement) bool {
					return thorough || !slices.Contains(heavy, r) || slices.Contains(m.Breaks, r)
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range verdicts {
				broken := slices.ContainsFunc(m.Breaks, func(r *spec.Requirement) bool { return r.ID == v.ID })
				switch {
				case v.ID == spec.SetHistory.ID && !broken && v.Status == spec.Fail:
					// A history meets whatever is wrong with the four methods, or does not.
				case broken && v.Status != spec.Fail:
					t.Errorf("%s does not catch it: %s %s", v.ID, v.Status, v.Reason)
				case !broken && (v.Status == spec.Fail || v.Status == spec.Broken || v.Status == spec.Inconclusive):
					t.Errorf("%s %s, although the mutant does not violate it:\n%s%s", v.ID, v.Status, v.Reason, v.Message)
				}
			}
		})
	}
}
