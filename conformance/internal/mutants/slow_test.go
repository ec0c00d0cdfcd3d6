package mutants

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// slowly returns a store whose calls take as much of the time that they may take as those of a store behind a lock that takes seconds. The
// fault is done to each instance; nil is none.
func slowly(fault func(*faulty, *backend)) conformance.Subject {
	const each = 50 * time.Millisecond
	return unusual("slowly", "calls wait for one another", func(s *conformance.Subject, r *rig) {
		inRealTime(s, r)
		s.Granularity = 0
		var mu sync.Mutex
		wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
			if fault != nil {
				fault(f, b)
			}
			beforeEachCall(f, func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				time.Sleep(each)
				return nil
			})
			return f
		})
	}).Subject()
}

// A store that is slow is accused of nothing that it does right, and of everything that it does wrong.
func TestSlowIsNotWrong(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for real time")
	}
	t.Parallel()
	judged := []*contract.Requirement{
		contract.GetOwnSession, contract.SetReplaces, contract.TouchKeepsData, contract.DestroyOthersStay, contract.FidelityNumbers,
		contract.FidelityUnicode, contract.IDsCase, contract.ConcurrencyManyIDs, contract.EnumerationAllElements,
	}
	faults := map[string]func(*faulty, *backend){"": nil}
	for _, m := range All() {
		if len(m.Breaks) > 0 && m.fault != nil && slices.Contains(judged[2:6], m.Breaks[0]) && faults[m.Breaks[0].ID] == nil {
			faults[m.Breaks[0].ID] = m.fault
		}
	}
	for broken, fault := range faults {
		t.Run("breaks "+broken, func(t *testing.T) {
			t.Parallel()
			verdicts, err := conformance.Record(t.Context(), slowly(fault), conformance.Options{
				Seed: 1, CallTimeout: time.Second,
				Select: func(r *contract.Requirement) bool { return slices.Contains(judged, r) },
			})
			if err != nil {
				t.Error(err)
			}
			for _, v := range verdicts {
				switch {
				case broken == "" && v.Status == contract.Fail, v.Status == contract.Broken:
					t.Errorf("%s %s: %s%s", v.ID, v.Status, v.Reason, v.Message)
				case v.ID == broken && v.Status != contract.Fail:
					t.Errorf("%s %s: %s", v.ID, v.Status, v.Reason)
				}
			}
		})
	}
}
