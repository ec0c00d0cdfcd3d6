package mutants

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// heavyRequirements have the most expensive checks. A mutant runs those that it breaks. With STORECHECK_THOROUGH every store runs all of them.
var heavyRequirements = []*contract.Requirement{
	contract.FidelityLarge, contract.FidelitySizeLimit, contract.ResourcesMemory, contract.EnumerationClearLaterSets,
	contract.SetMany, contract.EnumerationAllMany, contract.EnumerationLengthMany, contract.EnumerationClearMany,
	contract.ConcurrencyManyIDs, contract.ConcurrencyOneID, contract.ConcurrencyLastAcknowledged, contract.ConcurrencyTornReads,
	contract.ConcurrencySetAndTouch, contract.InstancesReopenMany, contract.InstancesFreshWriters, contract.PropertySequences, contract.PropertyLinearizable,
}

var thoroughRun = os.Getenv("STORECHECK_THOROUGH") != ""

// sampled reports whether to check the nth store. With -short, which is for the race detector, it is one of eight.
func sampled(n int) bool { return !testing.Short() || n%8 == 0 }

// affordable reports whether to check requirement r on a store that breaks some requirements.
func affordable(r *contract.Requirement, breaks []*contract.Requirement) bool {
	return thoroughRun || !slices.Contains(heavyRequirements, r) || slices.Contains(breaks, r)
}

// concerns reports whether a requirement is checked on a mutant that breaks some. What goes wrong within seconds goes wrong over years as well: the
// chapter calendar is for the faults that do not show before, and for those that it rests on.
func concerns(r *contract.Requirement, breaks []*contract.Requirement) bool {
	return r.Chapter() != contract.CalendarLivesHold.Chapter() || breaks[0].Chapter() == r.Chapter() || slices.Contains(breaks, r)
}

// Every mutant fails the requirements that it breaks, and no others.
func TestMutants(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	defer all.Wait()
	drive := func(m Mutant) {
		laneOf(m.subjectIn(""), slices.Contains(m.Breaks, contract.ResourcesCloses)).run(t, &all, m.Name, func(t *testing.T) {
			for _, seed := range Seeds(1) {
				convict(t, m, m.subjectIn(t.TempDir()), seed)
			}
		})
	}
	// Those with a long outage begin first, because they end last.
	for _, long := range []bool{true, false} {
		for n, m := range All() {
			if m.long == long && sampled(n) {
				drive(m)
			}
		}
	}
}

// networkOptions are for stores over the network, whose faults show only in an outage. Answers come sooner than those of real stores.
var networkOptions = conformance.Options{
	CallTimeout: 2 * time.Second,
	Select:      func(r *contract.Requirement) bool { return slices.Contains([]string{"faults", "events"}, r.Chapter()) },
}

// convict checks a mutant.
func convict(t *testing.T, m Mutant, s conformance.Subject, seed uint64) {
	t.Helper()
	options := conformance.Options{
		CallTimeout: 5 * time.Second,
		Unhurried:   true,
		Select:      func(r *contract.Requirement) bool { return affordable(r, m.Breaks) && concerns(r, m.Breaks) },
	}
	switch {
	case s.Faulty != nil || s.Refusing != nil:
		options = networkOptions
	case (s.OpenProcess != nil || s.OpenSecret != nil) && !thoroughRun:
		// The fault is in the stores that this chapter alone opens. All other chapters check a correct store.
		options.Select = func(r *contract.Requirement) bool { return r.Chapter() == m.Breaks[0].Chapter() }
	}
	if m.long {
		options.Depth, options.Select = subject.Thorough, func(r *contract.Requirement) bool { return slices.Contains(m.Breaks, r) }
	}
	options.Seed = seed
	verdicts, err := conformance.Record(t.Context(), s, options)
	if err != nil {
		t.Fatal(err)
	}
	missing := slices.Clone(m.Breaks)
	for _, v := range verdicts {
		missing = slices.DeleteFunc(missing, func(r *contract.Requirement) bool { return r.ID == v.ID })
		broken := slices.ContainsFunc(m.Breaks, func(r *contract.Requirement) bool { return r.ID == v.ID })
		if wanted, got := strings.Count(v.Message, "\nwanted    "), strings.Count(v.Message, "\ngot       "); v.Status == contract.Fail && (wanted > 1 || got != 1) {
			t.Errorf("seed %d: %s says %d times what was wanted and %d times what came:\n%s", seed, v.ID, wanted, got, v.Message)
		}
		switch {
		case foundByChance(v.ID) && !broken && v.Status == contract.Fail:
		case slices.ContainsFunc(m.MayBreak, func(r *contract.Requirement) bool { return r.ID == v.ID }):
		case broken && v.Status != contract.Fail:
			t.Errorf("seed %d: %s does not catch it: %s %s", seed, v.ID, v.Status, v.Reason)
		case !broken && (v.Status == contract.Fail || v.Status == contract.Broken || v.Status == contract.Inconclusive):
			t.Errorf("seed %d: %s %s, although the mutant does not violate it:\n%s%s", seed, v.ID, v.Status, v.Reason, v.Message)
		}
	}
	for _, r := range missing {
		t.Errorf("%s has no check", r.ID)
	}
}

// foundByChance reports whether a requirement may fail for every mutant.
func foundByChance(id string) bool {
	r, _ := contract.Lookup(id)
	return r.ByChance
}
