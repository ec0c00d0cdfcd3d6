package mutants

import (
	"slices"
	"sync"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

// besideKills are the chapters that run while processes with a place of their own are killed.
var besideKills = []string{"get", "set", "touch", "enumeration", "instances", contract.DurabilityCrashOpens.Chapter()}

// Kills beside other checks find what kills alone do, and harm none of the others.
func TestKilledApart(t *testing.T) {
	t.Parallel()
	stores := map[string][]*contract.Requirement{"renames what is written": nil}
	for _, r := range []*contract.Requirement{
		contract.DurabilityCrashOpens, contract.DurabilityCrashWhole, contract.DurabilityCrashAcknowledged,
		contract.DurabilityCrashNoRevival, contract.DurabilityCrashLists, contract.DurabilityCrashCleared,
	} {
		i := slices.IndexFunc(durabilityMutants, func(m Mutant) bool { return m.Breaks[0] == r })
		if i < 0 {
			t.Fatalf("no mutant is there for %s", r.ID)
		}
		stores[durabilityMutants[i].Name] = slices.Concat(durabilityMutants[i].Breaks, durabilityMutants[i].MayBreak)
	}
	var all sync.WaitGroup
	defer all.Wait()
	for name, breaks := range stores {
		waitingLane.run(t, &all, name, func(t *testing.T) {
			for _, seed := range Seeds(1) {
				s := newSubject(name, nil, nil)
				s.OpenProcess, s.ProcessApart = openProcess(name, t.TempDir()), true
				verdicts, err := conformance.Record(t.Context(), s, conformance.Options{
					Seed: seed, Select: func(r *contract.Requirement) bool { return slices.Contains(besideKills, r.Chapter()) },
				})
				if err != nil {
					t.Error(err)
				}
				for _, v := range verdicts {
					broken := slices.ContainsFunc(breaks, func(r *contract.Requirement) bool { return r.ID == v.ID })
					switch {
					case len(breaks) > 0 && v.ID == breaks[0].ID && v.Status != contract.Fail:
						t.Errorf("seed %d: %s does not catch it: %s %s", seed, v.ID, v.Status, v.Reason)
					case !broken && v.Status != contract.Pass && v.Status != contract.Skip:
						t.Errorf("seed %d: %s %s: %s%s", seed, v.ID, v.Status, v.Reason, v.Message)
					}
				}
			}
		})
	}
}
