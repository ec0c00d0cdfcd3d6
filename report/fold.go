package report

import (
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

// fold returns the failures in groups. A failure is folded under a foundation that failed if most of what rests on the foundation fails with it:
// a foundation that is violated in some cases only explains nothing else. What is found by chance follows from any other failure.
func (e *evidence) fold() []Group {
	under := map[string]string{} // by id of a failure: the foundation that explains it
	for _, f := range contract.Foundations() {
		if !e.checked[f.ID] || under[f.ID] != "" || !e.wholly(f) {
			continue
		}
		for _, r := range f.Resting {
			if under[r.ID] == "" && r.ID != under[f.ID] {
				under[r.ID] = f.ID
			}
		}
	}
	var groups []Group
	at := map[string]int{}
	for _, id := range e.failed {
		if e.root(id, under) == id {
			at[id] = len(groups)
			groups = append(groups, Group{Requirement: id, Folded: []string{}})
		}
	}
	for _, id := range e.failed {
		if root := e.root(id, under); root != id {
			g := &groups[at[root]]
			g.Folded = append(g.Folded, id)
		}
	}
	return e.foldChance(groups)
}

// root follows the foundations of a failure. A foundation that failed as known is no group, so that its own failures stand alone.
func (e *evidence) root(id string, under map[string]string) string {
	for {
		next := under[id]
		if next == "" || !slices.Contains(e.failed, next) {
			return id
		}
		id = next
	}
}

// wholly reports whether at least half of what rests on a foundation, as far as it was checked, fails.
func (e *evidence) wholly(f contract.Foundation) bool {
	failed, held := 0, 0
	for _, r := range f.Resting {
		switch fails, checked := e.checked[r.ID]; {
		case fails:
			failed++
		case checked:
			held++
		}
	}
	return failed > 0 && failed >= held
}

// foldChance puts what was found by chance under the first group that was not.
func (e *evidence) foldChance(groups []Group) []Group {
	e.order(groups)
	if e.chance[groups[0].Requirement] {
		return groups
	}
	kept := groups[:1]
	for _, g := range groups[1:] {
		if e.chance[g.Requirement] {
			kept[0].Folded = append(kept[0].Folded, g.Requirement)
			continue
		}
		kept = append(kept, g)
	}
	return kept
}

// gather makes one group of the failures that have one cause: those of the groups that a failure is in, those that say the same, and those of a
// planted fault that is near.
func (e *evidence) gather(groups []Group, root string, said *saying, like *Likeness) []Group {
	var explained []string
	for _, g := range groups {
		if g.Requirement == root {
			explained = slices.Concat(explained, g.Folded)
		}
	}
	if said != nil {
		explained = slices.Concat(explained, said.by)
	}
	if like != nil {
		explained = slices.Concat(explained, like.breaks)
	}
	for _, g := range groups {
		inside := 0
		for _, id := range g.Folded {
			if slices.Contains(explained, id) {
				inside++
			}
		}
		// What rests on a failure that is explained is explained with it.
		if slices.Contains(explained, g.Requirement) && 2*inside >= len(g.Folded) {
			explained = slices.Concat(explained, g.Folded)
		}
	}
	return e.regroup(groups, root, explained)
}

// regroup moves failures that are explained into one group.
func (e *evidence) regroup(groups []Group, root string, explained []string) []Group {
	moved := Group{Requirement: root, Folded: []string{}}
	for _, id := range e.failed {
		if id != root && slices.Contains(explained, id) {
			moved.Folded = append(moved.Folded, id)
		}
	}
	regrouped := []Group{moved}
	for _, g := range groups {
		left := slices.DeleteFunc(append([]string{g.Requirement}, g.Folded...), func(id string) bool {
			return id == root || slices.Contains(moved.Folded, id)
		})
		if len(left) > 0 && left[0] == g.Requirement {
			regrouped = append(regrouped, Group{Requirement: left[0], Folded: left[1:]})
			continue
		}
		for _, id := range left { // their foundation is explained, and does not explain them
			regrouped = append(regrouped, Group{Requirement: id, Folded: []string{}})
		}
	}
	return regrouped
}
