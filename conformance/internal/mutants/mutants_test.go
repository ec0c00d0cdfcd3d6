package mutants

import (
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/spec"
)

// heavy are the requirements whose checks cost most. A mutant runs them when it breaks them, the correct store and the unusual ones
// always, and with STORECHECK_THOROUGH every mutant does.
var heavy = []*spec.Requirement{
	spec.FidelityLarge, spec.FidelitySizeLimit, spec.ResourcesMemory, spec.EnumerationAllMany, spec.EnumerationClearLaterSets,
	spec.ConcurrencyManyIDs, spec.ConcurrencyOneID, spec.ConcurrencyLastAcknowledged, spec.ConcurrencyTornReads,
	spec.PropertySequences, spec.PropertyLinearizable,
}

// random are the requirements whose checks meet whatever is wrong, or do not: a fault is caught by them beside those that are there for it.
var random = []string{spec.SetHistory.ID, spec.PropertySequences.ID, spec.PropertyLinearizable.ID}

var thorough = os.Getenv("STORECHECK_THOROUGH") != ""

// Every mutant is caught by the requirement that is there for it, and by none that it does not violate.
func TestMutants(t *testing.T) {
	// Those over the network wait most of the time, so all of them run at once, however few processors there are.
	var overNetwork sync.WaitGroup
	defer overNetwork.Wait()
	for _, m := range All() {
		if m.Subject().Faulty != nil {
			overNetwork.Go(func() { t.Run(m.Name, func(t *testing.T) { convict(t, m, m.Subject()) }) })
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			convict(t, m, m.subjectIn(t.TempDir()))
		})
	}
}

// networkOptions are for stores over the network, with which nothing is wrong but in an outage. Nobody waits for an answer as long as users do.
var networkOptions = conformance.Options{
	CallTimeout: 2 * time.Second,
	Select:      func(r *spec.Requirement) bool { return slices.Contains([]string{"faults", "events"}, r.Chapter()) },
}

// convict checks a mutant.
func convict(t *testing.T, m Mutant, subject conformance.Subject) {
	options := conformance.Options{
		CallTimeout: 5 * time.Second,
		Extra:       property.Checks(property.Options{}),
		Select: func(r *spec.Requirement) bool {
			return thorough || !slices.Contains(heavy, r) || slices.Contains(m.Breaks, r)
		},
	}
	if subject.Faulty != nil {
		options = networkOptions
	}
	if slices.Contains(m.Breaks, spec.FaultsGivesUp) {
		options.Depth, options.Select = conformance.Thorough, func(r *spec.Requirement) bool { return slices.Contains(m.Breaks, r) }
	}
	verdicts, err := conformance.Record(t.Context(), subject, options)
	if err != nil {
		t.Fatal(err)
	}
	missing := slices.Clone(m.Breaks)
	for _, v := range verdicts {
		missing = slices.DeleteFunc(missing, func(r *spec.Requirement) bool { return r.ID == v.ID })
		broken := slices.ContainsFunc(m.Breaks, func(r *spec.Requirement) bool { return r.ID == v.ID })
		switch {
		case slices.Contains(random, v.ID) && !broken && v.Status == spec.Fail:
		case slices.ContainsFunc(m.MayBreak, func(r *spec.Requirement) bool { return r.ID == v.ID }):
		case broken && v.Status != spec.Fail:
			t.Errorf("%s does not catch it: %s %s", v.ID, v.Status, v.Reason)
		case !broken && (v.Status == spec.Fail || v.Status == spec.Broken || v.Status == spec.Inconclusive):
			t.Errorf("%s %s, although the mutant does not violate it:\n%s%s", v.ID, v.Status, v.Reason, v.Message)
		}
	}
	for _, r := range missing {
		t.Errorf("%s has no check", r.ID)
	}
}
