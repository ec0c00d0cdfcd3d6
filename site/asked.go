package site

import (
	"slices"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/profile"
)

// noteAsked says of each chapter whether anything of it was asked, and why not.
func (r *namedRun) noteAsked() {
	for i := range r.Chapters {
		c := &r.Chapters[i]
		c.Asked = slices.ContainsFunc(r.Stores, func(s *store) bool { return s.Cells[i].Asked() > 0 })
		if c.Asked || len(c.Requirements) == 0 {
			continue
		}
		var skipped []verdict
		for _, s := range r.Stores {
			for _, q := range c.Requirements {
				if row := s.Of(q.ID); row != nil && row.Reason != "" {
					skipped = append(skipped, verdict{Store: s, Requirement: row})
				}
			}
		}
		c.Why = whyNot(sayings(skipped, func(q *report.Requirement) string { return q.Reason }), c.Requirements[0])
	}
}

// whyNot is the reason of most stores, or else what the requirement needs.
func whyNot(reasons []saying, q *requirement) string {
	switch {
	case len(reasons) > 0:
		return reasons[0].Text
	case q.Rule != nil && len(q.Rule.Needs) > 0:
		return q.Rule.Needs[0].Explain()
	}
	return ""
}

// Count is the number of requirements of the run.
func (r *namedRun) Count() int {
	n := 0
	for _, c := range r.Chapters {
		n += len(c.Requirements)
	}
	return n
}

// Count is how many requirements of a level, by its name, the list had by which the store was checked.
func (s *store) Count(level string) int {
	n := 0
	for i := range s.Requirements {
		if s.Requirements[i].Level.String() == level {
			n++
		}
	}
	return n
}

// NotYet are the requirements of the run that did not exist when the store was checked: a run may take results over from an earlier one.
func (s *store) NotYet() []*requirement {
	var all []*requirement
	for _, c := range s.Run.Chapters {
		for _, q := range c.Requirements {
			if s.lacks(q.ID) {
				all = append(all, q)
			}
		}
	}
	return all
}

// lacks reports whether today's list for the middleware of the store has a requirement, and the one by which the store was checked had not.
func (s *store) lacks(id string) bool {
	if s.byID[id] != nil {
		return false
	}
	p, ok := profile.Lookup(s.ProfileName())
	if !ok {
		return false
	}
	_, today := p.Requirement(id)
	return today
}
