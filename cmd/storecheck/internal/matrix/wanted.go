package matrix

import (
	"maps"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
)

// Wanted is what a result must be of to stand for a run that is asked for.
type Wanted struct {
	Storecheck, Contract string
	Store                *report.Store // as the catalogue describes it now
	Command              string        // that runs it, with the seed and every flag that matters
	IDs                  []string      // the requirements, in the order of the catalogue
}

// Met reports whether the run is as good as done: the result is of the same store, of the same command and of the same requirements, and it came to
// every one of them.
func (w Wanted) Met(r *report.Result) bool {
	same := r.Storecheck == w.Storecheck && r.Contract == w.Contract && r.Target.Command == w.Command && sameStore(r.Store, w.Store)
	ids := make([]string, len(r.Requirements))
	for i, q := range r.Requirements {
		ids[i] = q.ID
	}
	return same && slices.Equal(ids, w.IDs) && complete(r)
}

// complete reports whether the run came to every requirement: it did not break, and its budget was not used up.
func complete(r *report.Result) bool {
	const unreached = "not checked: "
	return r.Verdict != report.Broken && !slices.ContainsFunc(r.Requirements, func(q report.Requirement) bool {
		return strings.HasPrefix(q.Reason, unreached)
	})
}

// sameStore reports whether two descriptions say the same of a store, as far as it decides what a run does.
func sameStore(a, b *report.Store) bool {
	return a.Recipe == b.Recipe && a.ID() == b.ID() && a.Backend == b.Backend && a.GranularityMs == b.GranularityMs && maps.Equal(a.Claims, b.Claims)
}
