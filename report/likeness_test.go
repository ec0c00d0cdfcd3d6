package report

import (
	"slices"
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

func TestLikeness(t *testing.T) {
	breaks := func(name string, requirements ...*contract.Requirement) Fault {
		f := Fault{Name: name}
		for _, q := range requirements {
			f.Breaks = append(f.Breaks, q.ID)
		}
		return f
	}
	one, two := contract.DestroyMissing, contract.IDsCase
	for name, tt := range map[string]struct {
		failed   []*contract.Requirement
		faults   []Fault
		like     string // empty for none
		alike    int
		of       int
		verdicts []*contract.Requirement // what was checked; nil for all
	}{
		"a fault of the same failures":                        {failed: q(one, two), faults: []Fault{breaks("a", one, two)}, like: "a", alike: 2, of: 2},
		"the nearer of two":                                   {failed: q(one, two), faults: []Fault{breaks("a", one), breaks("b", one, two)}, like: "b", alike: 2, of: 2},
		"one failure that one fault brings about":             {failed: q(one), faults: []Fault{breaks("a", one), breaks("b", two)}, like: "a", alike: 1, of: 1},
		"one failure that two faults bring about":             {failed: q(one), faults: []Fault{breaks("a", one), breaks("b", one)}},
		"two failures that two faults bring about":            {failed: q(one, two), faults: []Fault{breaks("a", one, two), breaks("b", one, two)}, like: "a", alike: 2, of: 2},
		"a fault most of whose failures hold":                 {failed: q(one), faults: []Fault{breaks("a", one, contract.SetMany, contract.FidelityKeys, contract.GetAfterSet)}},
		"a fault most of whose failures were not looked at":   {failed: q(one), faults: []Fault{breaks("a", one, contract.SetMany, contract.FidelityKeys)}, verdicts: q(one)},
		"a fault some of whose failures were not looked at":   {failed: q(one, two), faults: []Fault{breaks("a", one, two, contract.SetMany)}, verdicts: q(one, two), like: "a", alike: 2, of: 2},
		"what is found by chance is neither here nor missing": {failed: q(one, contract.PropertySequences), faults: []Fault{breaks("a", one), breaks("b", two)}, like: "a", alike: 1, of: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := failing(fails(tt.failed...)...)
			if tt.verdicts != nil {
				r = New(tt.verdicts)
				for _, v := range fails(tt.failed...) {
					r.Add(v)
				}
				r.Finish(contract.Must)
			}
			l := r.evidence().likeness(Group{Folded: failedIDs(r)}, tt.faults)
			switch {
			case l == nil && tt.like != "":
				t.Errorf("like nothing, want %q", tt.like)
			case l != nil && (l.Fault != tt.like || l.Alike != tt.alike || l.Of != tt.of):
				t.Errorf("like %q in %d of %d, want %q in %d of %d", l.Fault, l.Alike, l.Of, tt.like, tt.alike, tt.of)
			}
		})
	}
}

// What does the most harm comes first, and a Should behind every Must.
func TestWorstFirst(t *testing.T) {
	r := failing(fails(contract.GetMissing, contract.FidelityKeys, contract.CalendarFarEnds, contract.InstancesSeparate, contract.DestroyGone)...)
	var order []string
	for _, g := range r.Diagnose(nil).Groups {
		order = append(order, g.Requirement)
	}
	want := []string{"instances/separate", "destroy/gone", "get/missing", "fidelity/keys", "calendar/far-ends"}
	if !slices.Equal(order, want) {
		t.Errorf("got %v, want %v", order, want)
	}
}

func q(requirements ...*contract.Requirement) []*contract.Requirement { return requirements }
