package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

// A Diagnosis leads from many failures to what may lie behind them. It is a hint: no verdict follows from it.
type Diagnosis struct {
	// Cause is one sentence: what most likely lies behind the failures.
	Cause string `json:"cause"`
	// Requirement is the id of the failure to look at first.
	Requirement string `json:"requirement"`
	// Evidence says how the cause is known.
	Evidence string `json:"evidence"`
	// Groups are the failures, each once: what to look at first, and then what does the most harm to users.
	Groups []Group `json:"groups"`
}

// A Group is a failure, and the failures that follow from it.
type Group struct {
	Requirement string `json:"requirement"`
	// Folded are the ids of the failures that follow.
	Folded []string `json:"folded"`
	// Like is the planted fault with the most similar failures. It is nil where none is similar.
	Like *Likeness `json:"like,omitempty"`
}

// A Fault is a planted fault: the requirements that fail for it, the one that is there to catch it first.
type Fault struct {
	Name, From string
	Breaks     []string
}

// Diagnose returns what may lie behind the failures of a finished result, by the relation between the requirements and by the faults that are
// known. It is nil where nothing failed.
func (r *Result) Diagnose(faults []Fault) *Diagnosis {
	e := r.evidence()
	if len(e.failed) == 0 {
		return nil
	}
	groups := e.fold()
	d := &Diagnosis{}
	seen, said, like := e.cause(), e.shared(), e.likeness(Group{Folded: e.failed}, faults)
	if like != nil && !like.near() {
		like = nil
	}
	d.Requirement = e.foremost(groups, seen, said)
	switch {
	case seen != nil:
		d.Cause, d.Evidence = oneLine(seen.Cause), "seen by "+seen.ID
	case said != nil:
		d.Cause, d.Evidence = said.text, fmt.Sprintf("%d of %s say so", len(said.by), failures(len(e.failed)))
	case like != nil:
		d.Cause, d.Evidence = "perhaps "+oneLine(like.Fault), like.evidence()
	}
	groups = e.gather(groups, d.Requirement, said, like)
	if e.order(groups); d.Cause == "" && e.follow(groups[0]) < leastAlike {
		several := e.cover(faults)
		groups = e.gatherEach(groups, several)
		d.Cause, d.Evidence = causeOf(several)
	}
	e.order(groups)
	d.Groups = groups
	if d.Cause == "" {
		e.fallBack(d)
	}
	e.worstFirst(d)
	for i := range groups {
		groups[i].Like = e.likeness(groups[i], faults)
	}
	return d
}

// fallBack names what most follows from where nothing more is known, or else what is worst.
func (e *evidence) fallBack(d *Diagnosis) {
	first := d.Groups[0]
	d.Requirement = first.Requirement
	follow, counted := e.follow(first), 0
	for _, g := range d.Groups {
		if e.result.counts(e.rows[g.Requirement]) {
			counted++
		}
	}
	if follow < leastAlike && counted > 1 {
		d.Requirement = slices.MinFunc(d.Groups, e.compareHarm).Requirement
		d.Cause = fmt.Sprintf("no single one is seen; look first at %s: %s", d.Requirement, e.rows[d.Requirement].breach())
		return
	}
	d.Cause = fmt.Sprintf("%s: %s", first.Requirement, e.rows[first.Requirement].breach())
	if follow > 0 {
		d.Evidence = failures(follow) + " may follow from it"
	}
}

// follow is how many failures follow from that which heads a group, apart from those that follow from any.
func (e *evidence) follow(g Group) int {
	n := 0
	for _, id := range g.Folded {
		if !e.chance[id] {
			n++
		}
	}
	return n
}

// evidence is what the failures of a result show.
type evidence struct {
	result *Result
	rows   map[string]*Requirement
	basic  map[string]int // by id: the place in the catalogue
	chance map[string]bool
	failed []string // in the order of the plan
	// checked says of each requirement that the store was judged by whether it failed.
	checked map[string]bool
}

func (r *Result) evidence() *evidence {
	e := &evidence{result: r, rows: map[string]*Requirement{}, basic: map[string]int{}, chance: map[string]bool{}, checked: map[string]bool{}}
	for i, c := range contract.All() {
		e.basic[c.ID], e.chance[c.ID] = i, c.ByChance
	}
	for i := range r.Requirements {
		q := &r.Requirements[i]
		e.rows[q.ID] = q
		switch q.Status {
		case contract.Fail:
			e.failed = append(e.failed, q.ID)
			e.checked[q.ID] = true
		case contract.Known:
			e.checked[q.ID] = true
		case contract.Pass:
			e.checked[q.ID] = false
		default: // nothing is known
		}
	}
	return e
}

// cause returns the most basic failure whose check has seen the cause, or nil.
func (e *evidence) cause() *Requirement {
	var first *Requirement
	for _, id := range e.failed {
		if q := e.rows[id]; q.Cause != "" && (first == nil || e.basic[id] < e.basic[first.ID]) {
			first = q
		}
	}
	return first
}

// foremost returns the failure to look at first: that of the group whose check has seen the cause; the most basic one that says what most
// failures say, unless one group has most of them; or else the first in order.
func (e *evidence) foremost(groups []Group, seen *Requirement, said *saying) string {
	e.order(groups)
	has := func(g Group, id string) bool { return g.Requirement == id || slices.Contains(g.Folded, id) }
	if seen != nil {
		i := slices.IndexFunc(groups, func(g Group) bool { return has(g, seen.ID) })
		return groups[i].Requirement
	}
	first := groups[0].Requirement
	if said == nil {
		return first
	}
	inside := 0
	for _, id := range said.by {
		if has(groups[0], id) {
			inside++
		}
	}
	if 2*inside >= len(said.by) && slices.Contains(said.by, first) {
		return first
	}
	return slices.MinFunc(said.by, func(a, b string) int {
		return cmp.Or(compareBool(e.chance[a], e.chance[b]), cmp.Compare(e.rows[a].Level, e.rows[b].Level), cmp.Compare(e.basic[a], e.basic[b]))
	})
}

// order puts what counts most first, then what logs users out, then what most follows from, then what is most basic.
func (e *evidence) order(groups []Group) {
	slices.SortStableFunc(groups, func(a, b Group) int {
		qa, qb := e.rows[a.Requirement], e.rows[b.Requirement]
		return cmp.Or(
			cmp.Compare(qa.Level, qb.Level),
			compareBool(e.chance[qa.ID], e.chance[qb.ID]),
			compareBool(qa.Level == contract.Must || !qa.LogsOut, qb.Level == contract.Must || !qb.LogsOut),
			-cmp.Compare(weight(a), weight(b)),
			cmp.Compare(e.basic[qa.ID], e.basic[qb.ID]),
		)
	})
}

// worstFirst puts the group to look at first at the front, and behind it what does the most harm to users.
func (e *evidence) worstFirst(d *Diagnosis) {
	slices.SortStableFunc(d.Groups, func(a, b Group) int {
		return cmp.Or(compareBool(a.Requirement != d.Requirement, b.Requirement != d.Requirement), e.compareHarm(a, b))
	})
}

// compareHarm compares groups by level, and then by the worst that a failure of that level does to users.
func (e *evidence) compareHarm(a, b Group) int {
	return cmp.Or(cmp.Compare(e.rows[a.Requirement].Level, e.rows[b.Requirement].Level), -cmp.Compare(e.harm(a), e.harm(b)))
}

// harm is the worst of a group's failures that are of the level of the one that heads it.
func (e *evidence) harm(g Group) contract.Harm {
	head := e.rows[g.Requirement]
	worst := head.harm()
	for _, id := range g.Folded {
		if q := e.rows[id]; q.Level == head.Level && !e.chance[id] {
			worst = max(worst, q.harm())
		}
	}
	return worst
}

// weight is how much follows from a failure. One that follows by accident must not decide.
func weight(g Group) int {
	if len(g.Folded) < 3 {
		return 0
	}
	return len(g.Folded)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// failures writes a number of failures.
func failures(n int) string {
	if n == 1 {
		return "1 failure"
	}
	return fmt.Sprintf("%d failures", n)
}
