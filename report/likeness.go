package report

import (
	"fmt"
	"math"
	"slices"
)

// A Likeness says how much the failures of a store are those of a planted fault.
type Likeness struct {
	// Fault says what the store does wrong in which the fault was planted; From names the real stores that have or had it.
	Fault string `json:"fault"`
	From  string `json:"from,omitempty"`
	// Alike is the number of failures that the fault brings about too, Of the number of failures of the two together.
	Alike int `json:"alike"`
	Of    int `json:"of"`

	breaks []string
	score  float64
}

// The least similarity at which a planted fault is named at all, and at which it is taken for the cause. Of few failures any fault may be the
// cause that breaks the same few.
const (
	leastLike  = 0.5
	leastNear  = 0.7
	leastAlike = 3
)

func (l *Likeness) near() bool { return l.score >= leastNear && l.Alike >= leastAlike }

// evidence says how near the fault is.
func (l *Likeness) evidence() string {
	text := fmt.Sprintf("%d of %s are those of a store with this known fault", l.Alike, failures(l.Of))
	if l.From != "" {
		text += "; seen in " + oneLine(l.From)
	}
	return text
}

// likeness returns the planted fault whose failures are most like those of a group, or nil. It has the failure that heads the group, if one does. Failures of other groups neither help nor hurt. A
// requirement that fails for few faults tells more than one that fails for many.
func (e *evidence) likeness(g Group, faults []Fault) *Likeness {
	group := g.Folded
	if g.Requirement != "" {
		group = append([]string{g.Requirement}, group...)
	}
	weigh := rarities(faults)
	var best *Likeness
	rivals := 0 // faults that are as like as the best
	for _, f := range faults {
		if g.Requirement != "" && !slices.Contains(f.Breaks, g.Requirement) {
			continue
		}
		l := &Likeness{Fault: f.Name, From: f.From, breaks: f.Breaks}
		alike, all := 0.0, 0.0
		unknown := 0
		for _, id := range f.Breaks {
			switch fails, checked := e.checked[id]; {
			case e.chance[id]:
			case !checked:
				unknown++
			case !fails:
				l.Of++
				all += weigh(id)
			case slices.Contains(group, id):
				l.Alike++
				l.Of++
				alike += weigh(id)
				all += weigh(id)
			}
		}
		for _, id := range group {
			if !slices.Contains(f.Breaks, id) && !e.chance[id] {
				l.Of++
				all += weigh(id)
			}
		}
		if all > 0 {
			l.score = alike / all
		}
		switch known := 2*unknown < len(f.Breaks); {
		case !known || l.score < leastLike: // as with --only: most of what the fault breaks was not looked at
		case best == nil || l.score > best.score:
			best, rivals = l, 0
		case l.score == best.score:
			rivals++
		}
	}
	if best != nil && best.Alike == 1 && rivals > 0 {
		return nil // one failure that several faults bring about tells of none of them
	}
	return best
}

// rarities weighs a requirement by how few faults break it.
func rarities(faults []Fault) func(id string) float64 {
	n := map[string]int{}
	for _, f := range faults {
		for _, id := range f.Breaks {
			n[id]++
		}
	}
	return func(id string) float64 { return math.Log(float64(len(faults)+1) / float64(max(n[id], 1))) }
}
