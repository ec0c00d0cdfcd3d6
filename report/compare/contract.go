package compare

import (
	"cmp"
	"slices"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A ContractChange is what changed in what is required. It is no change of a store. Its lists are in the order of the plan.
type ContractChange struct {
	// New are requirements that no old result has.
	New []NewRequirement `json:"new"`
	// Gone are the ids of the requirements that no new result has.
	Gone []string `json:"gone"`
	// Levels are requirements that have another level now.
	Levels []LevelChange `json:"levels"`
}

// A NewRequirement is one that the old results do not have, and how it ended.
type NewRequirement struct {
	ID    string         `json:"id"`
	Level contract.Level `json:"level"`
	Title string         `json:"title"`
	// Asked is in how many stores it was checked. Violated are the ids of those that violate it.
	Asked    int      `json:"asked"`
	Violated []string `json:"violated"`
}

// A LevelChange is a requirement that has another level now.
type LevelChange struct {
	ID  string         `json:"id"`
	Old contract.Level `json:"old"`
	New contract.Level `json:"new"`
}

// Any reports whether anything changed.
func (c *ContractChange) Any() bool { return len(c.New)+len(c.Gone)+len(c.Levels) > 0 }

func contractChange(before, after []*report.Result, pairs []pair) ContractChange {
	was, is := idsOf(before), idsOf(after)
	places := placesOf(before, after)
	c := ContractChange{New: []NewRequirement{}, Gone: []string{}, Levels: []LevelChange{}}
	for id := range was {
		if !is[id] {
			c.Gone = append(c.Gone, id)
		}
	}
	for id := range is {
		if !was[id] {
			c.New = append(c.New, newRequirement(id, after))
		}
	}
	for _, p := range pairs {
		for _, q := range p.after.Requirements {
			old := p.before.Row(q.ID)
			if old != nil && old.Level != q.Level && !slices.ContainsFunc(c.Levels, func(l LevelChange) bool { return l.ID == q.ID }) {
				c.Levels = append(c.Levels, LevelChange{q.ID, old.Level, q.Level})
			}
		}
	}
	inPlan := func(a, b string) int { return cmp.Or(cmp.Compare(places[a], places[b]), cmp.Compare(a, b)) }
	slices.SortFunc(c.Gone, inPlan)
	slices.SortFunc(c.New, func(a, b NewRequirement) int { return inPlan(a.ID, b.ID) })
	slices.SortFunc(c.Levels, func(a, b LevelChange) int { return inPlan(a.ID, b.ID) })
	return c
}

func idsOf(results []*report.Result) map[string]bool {
	ids := map[string]bool{}
	for _, r := range results {
		for _, q := range r.Requirements {
			ids[q.ID] = true
		}
	}
	return ids
}

func newRequirement(id string, results []*report.Result) NewRequirement {
	n := NewRequirement{ID: id, Violated: []string{}}
	for _, r := range results {
		q := r.Row(id)
		if q == nil {
			continue
		}
		n.Level, n.Title = q.Level, q.Title
		outcome := report.OutcomeOf(q.Status)
		if outcome != report.NotAsked {
			n.Asked++
		}
		if outcome == report.Violated {
			n.Violated = append(n.Violated, r.ID())
		}
	}
	slices.Sort(n.Violated)
	return n
}

// sideOf describes a set of results.
func sideOf(results []*report.Result) Side {
	s := Side{Results: len(results), Contract: []string{}, Storecheck: []string{}}
	var first, last time.Time
	for i, r := range results {
		s.Contract, s.Storecheck = append(s.Contract, r.Contract), append(s.Storecheck, r.Storecheck)
		if i == 0 || r.Started.Before(first) {
			first = r.Started
		}
		if i == 0 || r.Started.After(last) {
			last = r.Started
		}
	}
	slices.Sort(s.Contract)
	slices.Sort(s.Storecheck)
	s.Contract, s.Storecheck = slices.Compact(s.Contract), slices.Compact(s.Storecheck)
	s.First, s.Last = first.UTC().Format(time.RFC3339), last.UTC().Format(time.RFC3339)
	return s
}
