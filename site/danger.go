package site

import (
	"slices"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A danger is what users of a store may meet, and what brings it about.
type danger struct {
	Says string
	Of   []string // ids of requirements
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

// dangerOf is what users meet where a requirement does not hold. It is Inconvenient where a warning would say too much.
func dangerOf(id string) contract.Harm {
	r, ok := contract.Lookup(id)
	if !ok || r.ByChance || r.Level != contract.Must && !r.LogsOut() {
		return contract.Inconvenient
	}
	return r.Harm
}

// dangersOf are the dangers that the violation of some requirements brings about, the worst first.
func dangersOf(ids []string) []danger {
	var all []danger
	for _, h := range contract.Harms() {
		d := danger{Says: h.String()}
		for _, id := range ids {
			if dangerOf(id) == h {
				d.Of = append(d.Of, id)
			}
		}
		if len(d.Of) > 0 {
			all = append(all, d)
		}
	}
	return all
}

// allDangers are those of the whole contract.
func allDangers() []danger {
	var ids []string
	for _, r := range contract.All() {
		ids = append(ids, r.ID)
	}
	return dangersOf(ids)
}

// Dangers are those that failures of the store bring about by themselves. A failure that follows from that of a foundation is no danger of its own, and
// may even tell the opposite: a store that never looks at an end fails FidelityNestedCookie, and logs nobody out.
func (s *store) Dangers() []danger {
	var ids []string
	for _, q := range s.Failures() {
		if !slices.ContainsFunc(foundations[q.ID], s.Fails) {
			ids = append(ids, q.ID)
		}
	}
	return dangersOf(ids)
}

// profileText names the contract by which a result was judged.
func profileText(r *report.Result) string {
	text := r.ProfileName()
	if r.Profile != nil {
		text += " " + r.Profile.Middleware
	}
	return text
}
