package report

import (
	"cmp"
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

// A contrast is a requirement that does not hold in each of several results.
type contrast struct {
	*Requirement // as one of the results has it
	kind         contrastKind
	tally        Tally
	// statuses has one for each result. It is empty where the run did not have the requirement, or broke before it.
	statuses []contract.Status
	// follows: the requirement fails only where it may follow from another failure.
	follows bool
}

// A contrastKind says which contrasts belong together. What tells the results apart comes first.
type contrastKind int

const (
	differs contrastKind = iota
	holdsNowhere
	unsureOnly
)

// title is the heading of the contrasts of a kind.
func (k contrastKind) title() string {
	return [...]string{"what differs", "what holds nowhere", "what is unsure"}[k]
}

// contrasts returns the requirements that do not hold everywhere: by kind, then in the order of the plan.
func contrasts(results []*Result) []contrast {
	byID := map[string]*contrast{}
	place := map[string]int{}
	for i, r := range results {
		follows := map[string]bool{}
		if r.Diagnosis != nil {
			for _, g := range r.Diagnosis.Groups {
				for _, id := range g.Folded {
					follows[id] = true
				}
			}
		}
		for j := range r.Requirements {
			q := &r.Requirements[j]
			d := byID[q.ID]
			if d == nil {
				d = &contrast{Requirement: q, statuses: make([]contract.Status, len(results)), follows: true}
				byID[q.ID] = d
			}
			place[q.ID] = max(place[q.ID], j)
			if !q.Reached() {
				continue
			}
			d.statuses[i] = q.Status
			d.tally.add(q.Status)
			held := q.Status == contract.Pass || q.Status == contract.Skip
			d.follows = d.follows && (held || follows[q.ID])
		}
	}
	var all []contrast
	for _, d := range byID {
		if d.judge() {
			all = append(all, *d)
		}
	}
	slices.SortFunc(all, func(a, b contrast) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(place[a.ID], place[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// judge sets the kind. It returns false for what is no contrast.
func (d *contrast) judge() bool {
	switch {
	case d.tally.Violated > 0 && d.tally.Held > 0:
		d.kind = differs
	case d.tally.Violated > 0:
		d.kind = holdsNowhere
	case d.tally.Unsure > 0 || d.fixed() != nil:
		d.kind = unsureOnly
	default:
		return false
	}
	return true
}

// with returns the indices of the results in which a requirement ended in one way.
func (d *contrast) with(o Outcome) []int {
	return d.where(func(s contract.Status) bool { return OutcomeOf(s) == o })
}

// fixed returns the indices of the results in which a known failure is out of date.
func (d *contrast) fixed() []int {
	return d.where(func(s contract.Status) bool { return s == contract.Fixed })
}

func (d *contrast) where(is func(contract.Status) bool) []int {
	var all []int
	for i, s := range d.statuses {
		if s != "" && is(s) {
			all = append(all, i)
		}
	}
	return all
}

// chapters returns the chapters of several results, in the order of the plan.
func chapters(results []*Result) []string {
	var names []string
	for _, r := range results {
		for _, q := range r.Requirements {
			if !slices.Contains(names, q.Chapter) {
				names = append(names, q.Chapter)
			}
		}
	}
	return names
}

// chapter counts the outcomes in a chapter, as far as the run came.
func (r *Result) chapter(name string) Tally {
	return r.Tally(func(q *Requirement) bool { return q.Chapter == name && q.Reached() })
}
