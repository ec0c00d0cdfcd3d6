package mutants

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// slowestStores are the stores whose suite takes long, because each call does.
var slowestStores = []string{"slow", "one slow call at a time", "slow to answer"}

// No requirement accuses a store that is unusual and right.
func TestUnusual(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	defer all.Wait()
	for n, u := range AllUnusual() {
		store := u.Subject()
		switch {
		case store.Clock == nil && testing.Short(): // waits for real time
			continue
		case store.Clock != nil && !sampled(n):
			continue
		}
		laneOf(store, strings.HasPrefix(u.Name, "slow")).run(t, &all, u.Name, func(t *testing.T) {
			if slices.Contains(slowestStores, u.Name) && !thoroughRun {
				t.Skip("takes up to a minute; STORECHECK_THOROUGH=1 runs it")
			}
			acquit(t, u)
		})
	}
}

// acquit checks a correct store.
func acquit(t *testing.T, u Unusual) {
	// It is the check that meets most calls at once, and so the likeliest to accuse a store that is right.
	tried := append(slices.Clone(u.Tried), contract.ConcurrencySetAndTouch)
	for _, seed := range Seeds(1) {
		store := u.Subject()
		verdicts, err := conformance.Record(t.Context(), store, conformance.Options{
			Seed: seed, Select: func(r *contract.Requirement) bool { return affordable(r, tried) }, Depth: Depth(subject.Normal),
		})
		if err != nil {
			t.Error(err)
		}
		for _, v := range verdicts {
			expectInnocent(t, u, v, store.Clock == nil)
		}
	}
}

func expectInnocent(t *testing.T, u Unusual, v contract.Verdict, realTime bool) {
	byDesign := slices.ContainsFunc(u.Fails, func(r *contract.Requirement) bool { return r.ID == v.ID })
	switch v.Status {
	case contract.Pass, contract.Skip:
		noTime := v.ID == contract.FaultsGivesUp.ID && Depth(subject.Normal) != subject.Thorough
		if byDesign && !noTime {
			t.Errorf("%s %s, although the store violates it by design: %s", v.ID, v.Status, v.Reason)
		}
	case contract.Inconclusive:
		if realTime {
			t.Logf("%s inconclusive: %s", v.ID, v.Reason)
			return
		}
		t.Errorf("%s inconclusive, although no time passes by itself: %s", v.ID, v.Reason)
	default:
		if !byDesign {
			t.Errorf("%s %s:\n%s%s", v.ID, v.Status, v.Reason, v.Message)
		}
	}
}

// No store violates a Must by design.
func TestUnusualIsRight(t *testing.T) {
	for _, u := range AllUnusual() {
		for _, r := range u.Fails {
			if r.Level == contract.Must {
				t.Errorf("%s: %s is a Must", u.Name, r.ID)
			}
		}
	}
}
