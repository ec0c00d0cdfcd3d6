package mutants

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// heavy are the requirements whose checks cost most. A mutant runs them when it breaks them, and with STORECHECK_THOROUGH every store does.
var heavy = []*contract.Requirement{
	contract.FidelityLarge, contract.FidelitySizeLimit, contract.ResourcesMemory, contract.EnumerationAllMany, contract.EnumerationClearLaterSets,
	contract.ConcurrencyManyIDs, contract.ConcurrencyOneID, contract.ConcurrencyLastAcknowledged, contract.ConcurrencyTornReads,
	contract.PropertySequences, contract.PropertyLinearizable,
}

// random are the requirements whose checks meet whatever is wrong, or do not: a fault is caught by them beside those that are there for it.
var random = []string{contract.SetHistory.ID, contract.PropertySequences.ID, contract.PropertyLinearizable.ID}

var thorough = os.Getenv("STORECHECK_THOROUGH") != ""

// sampled reports whether the nth store is looked at: with -short, which is for the race detector, some are.
func sampled(n int) bool { return !testing.Short() || n%8 == 0 }

// affordable reports whether a store that breaks some requirements is checked against another.
func affordable(r *contract.Requirement, breaks []*contract.Requirement) bool {
	return thorough || !slices.Contains(heavy, r) || slices.Contains(breaks, r)
}

// Every mutant is caught by the requirement that is there for it, and by none that it does not violate.
func TestMutants(t *testing.T) {
	t.Parallel()
	// Those over the network or in processes that are killed wait most of the time, so they run beside the others, and more of them at once
	// than there are processors.
	waiting, computing := make(chan struct{}, sideBySide), make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	defer all.Wait()
	for n, m := range All() {
		if !sampled(n) {
			continue
		}
		free := computing
		if m.killed != nil || m.Subject().Faulty != nil {
			free = waiting
		}
		all.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			t.Run(m.Name, func(t *testing.T) {
				for _, seed := range Seeds(1) {
					convict(t, m, m.subjectIn(t.TempDir()), seed)
				}
			})
		})
	}
}

// networkOptions are for stores over the network, with which nothing is wrong but in an outage. Nobody waits for an answer as long as users do.
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
		Select:      func(r *contract.Requirement) bool { return affordable(r, m.Breaks) },
	}
	if s.Faulty != nil {
		options = networkOptions
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
		case slices.Contains(random, v.ID) && !broken && v.Status == contract.Fail:
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
