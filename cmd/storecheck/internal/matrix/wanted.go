package matrix

import (
	"encoding/json"
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
	same := r.Storecheck == w.Storecheck && r.Contract == w.Contract && r.Target.Command == w.Command && text(r.Store) == text(w.Store)
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

// text shows a description. Two that are equal have the same text.
func text(s *report.Store) string {
	t, err := json.Marshal(s)
	if err != nil {
		panic(err) // it has nothing but texts, numbers and booleans
	}
	return string(t)
}
