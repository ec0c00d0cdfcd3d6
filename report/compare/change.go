package compare

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// change compares the requirements that both results have. Was and is are the requirements of the two sides.
func (p pair) change(was, is map[string]bool) StoreChange {
	name, newVersion := p.after.Named()
	_, oldVersion := p.before.Named()
	s := StoreChange{
		ID: p.after.ID(), Name: name, OldVersion: oldVersion, NewVersion: newVersion, OldVerdict: p.before.Verdict, NewVerdict: p.after.Verdict,
		Changes: []Change{}, Notes: p.notes(was, is),
	}
	for i := range p.after.Requirements {
		q := &p.after.Requirements[i]
		if old := p.before.Row(q.ID); old != nil {
			if c, ok := changeOf(old, q); ok {
				s.Changes = append(s.Changes, c)
			}
		}
	}
	return s
}

// changeOf compares how a requirement ended. It returns false where nothing changed: also where neither run can say.
func changeOf(was, is *report.Requirement) (Change, bool) {
	before, after := report.OutcomeOf(was.Status), report.OutcomeOf(is.Status)
	if before == after {
		return Change{}, false
	}
	c := Change{ID: is.ID, Level: is.Level, Title: is.Title, Old: was.Status, New: is.Status}
	switch {
	case before == report.Unsure || after == report.Unsure:
		unsure := is
		if before == report.Unsure {
			unsure = was
		}
		c.Kind, c.Reason, c.Unreached = Unsure, unsure.Reason, !unsure.Reached()
	case before == report.NotAsked:
		c.Kind = Asked
	case after == report.NotAsked:
		c.Kind, c.Reason = Unasked, is.Reason
	case after == report.Violated:
		c.Kind = Broken
	default:
		c.Kind = Mended
	}
	return c, true
}

// notes say what else differs between two runs. What only one side has at all is a change of the contract, and said there.
func (p pair) notes(was, is map[string]bool) []string {
	notes := []string{}
	add := func(format string, values ...any) { notes = append(notes, fmt.Sprintf(format, values...)) }
	differ := func(what, before, after string) {
		if before != after {
			add("%s: %s → %s", what, cmp.Or(before, "none"), cmp.Or(after, "none"))
		}
	}
	if b := p.before.Broken; b != nil {
		add("the old run broke: %s", b)
	}
	if b := p.after.Broken; b != nil {
		add("the new run broke: %s", b)
	}
	differ("runtime", p.before.Target.Runtime, p.after.Target.Runtime)
	differ("level that counts", p.before.Level.String(), p.after.Level.String())
	if before, after := p.before.Store, p.after.Store; before != nil && after != nil {
		differ("backend", before.Backend, after.Backend)
		differ("server", before.Server.String(), after.Server.String())
		differ("granularity", fmt.Sprintf("%d ms", before.GranularityMs), fmt.Sprintf("%d ms", after.GranularityMs))
		differ("what the recipe promises", promises(before), promises(after))
	}
	before, after := missing(p.before, p.after, is), missing(p.after, p.before, was)
	if before+after > 0 {
		add("%s in the old run only, %d in the new one only", number(before, "requirement is", "requirements are"), after)
	}
	return notes
}

// missing is how many requirements of a result another one does not have, although its side has them.
func missing(of, in *report.Result, side map[string]bool) int {
	n := 0
	for _, q := range of.Requirements {
		if in.Row(q.ID) == nil && side[q.ID] {
			n++
		}
	}
	return n
}

// promises lists the claims of a recipe.
func promises(s *report.Store) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.Claims)) {
		if s.Claims[name] {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}

// byRequirement turns the changes of stores into those of requirements.
func byRequirement(stores []StoreChange, places map[string]int) []RequirementChange {
	byID := map[string]*RequirementChange{}
	for _, s := range stores {
		for _, c := range s.Changes {
			r := byID[c.ID]
			if r == nil {
				r = &RequirementChange{ID: c.ID, Level: c.Level, Title: c.Title, Stores: map[Kind][]string{}}
				byID[c.ID] = r
			}
			r.Stores[c.Kind] = append(r.Stores[c.Kind], s.ID)
		}
	}
	all := []RequirementChange{}
	for _, r := range byID {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b RequirementChange) int {
		return cmp.Or(cmp.Compare(places[a.ID], places[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// placesOf returns the place of each requirement in the plans.
func placesOf(sets ...[]*report.Result) map[string]int {
	places := map[string]int{}
	for i, c := range contract.All() {
		places[c.ID] = i
	}
	for _, set := range sets {
		for _, r := range set {
			for i, q := range r.Requirements {
				if _, ok := places[q.ID]; !ok {
					places[q.ID] = i
				}
			}
		}
	}
	return places
}
