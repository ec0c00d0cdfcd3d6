package report

import "slices"

// Select returns the result as of a run that was asked only for the requirements that keep accepts. The rest counts as left out. It returns nil
// where no requirement is left of some, because such a run would say nothing. The result itself does not change; the two share texts.
func (r *Result) Select(keep func(*Requirement) bool) *Result {
	chosen := *r
	chosen.Requirements = slices.DeleteFunc(slices.Clone(r.Requirements), func(q Requirement) bool { return !keep(&q) })
	left := len(r.Requirements) - len(chosen.Requirements)
	switch {
	case left == 0:
		return r
	case len(chosen.Requirements) == 0:
		return nil
	}
	chosen.rows = map[string]int{}
	for i, q := range chosen.Requirements {
		chosen.rows[q.ID] = i
	}
	chosen.LeftOut += left
	chosen.Diagnosis = nil // it may name what is left out
	chosen.Finish(r.Level)
	return &chosen
}

// Row returns the requirement with the id. It returns nil if the result has none.
func (r *Result) Row(id string) *Requirement {
	i, ok := r.rows[id]
	if !ok {
		return nil
	}
	return &r.Requirements[i]
}

// Reached reports whether the run came to the requirement before it broke.
func (q *Requirement) Reached() bool { return q.Reason != notReached }
