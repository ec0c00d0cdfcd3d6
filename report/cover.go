package report

import (
	"fmt"
	"slices"
	"strings"
)

// mostFaults is how many planted faults a diagnosis names together.
const mostFaults = 3

// cover returns planted faults which together bring about many of the failures, those that explain most first. Whatever one of them breaks has
// failed, as far as it was checked, and each explains at least two failures that those before it leave. The first explains one that counts. There are none where they
// explain less than half of the failures.
func (e *evidence) cover(faults []Fault) []*Likeness {
	const least = 2
	weigh := rarities(faults)
	explained := map[string]bool{}
	var chosen []*Likeness
	for len(chosen) < mostFaults {
		var best *Likeness
		for _, f := range faults {
			l := &Likeness{Fault: f.Name, From: f.From, breaks: f.Breaks}
			contained := true
			for _, id := range f.Breaks {
				fails, checked := e.checked[id]
				contained = contained && (fails || !checked || e.chance[id])
				if fails && !explained[id] && !e.chance[id] {
					l.Alike++
					l.score += weigh(id)
				}
			}
			better := best == nil || l.score > best.score || l.score == best.score && best.From == "" && l.From != ""
			if contained && l.Alike >= least && better && (len(chosen) > 0 || e.reaches(f)) {
				best = l
			}
		}
		if best == nil {
			break
		}
		for _, id := range best.breaks {
			explained[id] = true
		}
		chosen = append(chosen, best)
	}
	explains, all := 0, 0
	for _, id := range e.failed {
		if !e.chance[id] {
			all++
		}
		if explained[id] && !e.chance[id] {
			explains++
		}
	}
	if 2*explains < all {
		return nil
	}
	return chosen
}

// reaches reports whether a fault brings about a failure that counts, if any failure does.
func (e *evidence) reaches(f Fault) bool {
	counts := func(id string) bool { return e.result.counts(e.rows[id]) }
	return !slices.ContainsFunc(e.failed, counts) ||
		slices.ContainsFunc(f.Breaks, func(id string) bool { return e.checked[id] && counts(id) })
}

// gatherEach makes a group of what each fault explains.
func (e *evidence) gatherEach(groups []Group, faults []*Likeness) []Group {
	for _, l := range faults {
		e.order(groups)
		i := slices.IndexFunc(groups, func(g Group) bool { return slices.Contains(l.breaks, g.Requirement) })
		if i >= 0 {
			groups = e.gather(groups, groups[i].Requirement, nil, l)
		}
	}
	return groups
}

// causeOf is what several faults say together.
func causeOf(faults []*Likeness) (cause, evidence string) {
	var names []string
	n := 0
	from := ""
	for _, l := range faults {
		names = append(names, oneLine(l.Fault))
		n += l.Alike
		if from == "" {
			from = l.From
		}
	}
	if names == nil {
		return "", ""
	}
	evidence = fmt.Sprintf("%s would come of it, as in stores with these known faults", failures(n))
	if from != "" {
		evidence += "; seen in " + oneLine(from)
	}
	return "perhaps " + strings.Join(names, ", and "), evidence
}
