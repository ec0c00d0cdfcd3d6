package site

import (
	"slices"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A danger is what users of a store may meet, and the failures that bring it about.
type danger struct {
	Says     string
	Failures []*report.Requirement
}

// foundations are the ids of the requirements on which each requirement rests.
var foundations = func() map[string][]string {
	under := map[string][]string{}
	for _, f := range contract.Foundations() {
		for _, r := range f.Resting {
			under[r.ID] = append(under[r.ID], f.ID)
		}
	}
	return under
}()

// Dangers are those that failures of the store bring about by themselves, the worst first. A failure that follows from that of a foundation is no
// danger of its own, and may even tell the opposite.
func (s *store) Dangers() []danger {
	var all []danger
	for _, d := range contract.Dangers() {
		found := danger{Says: d.Says}
		for _, q := range s.Failures() {
			of := slices.ContainsFunc(d.Of, func(r *contract.Requirement) bool { return r.ID == q.ID })
			if of && !slices.ContainsFunc(foundations[q.ID], s.Fails) {
				found.Failures = append(found.Failures, q)
			}
		}
		if len(found.Failures) > 0 {
			all = append(all, found)
		}
	}
	return all
}

// dangerOf is what users meet where a requirement does not hold, or empty.
func dangerOf(id string) string {
	for _, d := range contract.Dangers() {
		if slices.ContainsFunc(d.Of, func(r *contract.Requirement) bool { return r.ID == id }) {
			return d.Says
		}
	}
	return ""
}
