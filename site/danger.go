package site

import (
	"slices"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A danger is what users of a store may meet, and what brings it about.
type danger struct {
	Says string
	Of   []*contract.Requirement // Musts first
}

// foundations are the ids of the requirements on which each requirement rests.
var foundations = func() map[string][]string {
	under := map[string][]string{}
	for _, f := range contract.Foundations() {
		for _, r := range f.Resting {
			under[r.ID] = append(under[r.ID], f.ID)
		}
	}
	return under
}()

// harms are all of them, the worst first.
var harms = append(contract.Harms(), contract.Inconvenient)

// harmOf is what users meet where a requirement does not hold.
func harmOf(id string) contract.Harm {
	if r, ok := contract.Lookup(id); ok {
		return r.Harm
	}
	return contract.Inconvenient
}

// breachOf says what a store does that violates a requirement. What the contract has no more says its title.
func breachOf(q *report.Requirement) string {
	if r, ok := contract.Lookup(q.ID); ok && r.Breach != "" {
		return r.Breach
	}
	return q.Title
}

// byChance reports whether a check of random calls may fail for the fault of any other requirement.
func byChance(id string) bool {
	r, ok := contract.Lookup(id)
	return ok && r.ByChance
}

// harmsUsers reports whether a requirement that does not hold is named in the warning of a store: each Must, and each Should that users notice.
func harmsUsers(id string, level contract.Level) bool {
	return level == contract.Must || level == contract.Should && harmOf(id) != contract.Inconvenient
}

// allDangers are those of the whole contract.
func allDangers() []danger {
	var all []danger
	for _, h := range harms {
		d := danger{Says: h.String()}
		for _, level := range []contract.Level{contract.Must, contract.Should} {
			for _, r := range contract.All() {
				if r.Harm == h && r.Level == level && harmsUsers(r.ID, level) {
					d.Of = append(d.Of, r)
				}
			}
		}
		if len(d.Of) > 0 {
			all = append(all, d)
		}
	}
	return all
}

// A warning is a harm that users of a store may meet, and the failures that do it.
type warning struct {
	Says  string
	Items []warningItem
}

// A warningItem is failures of one kind: of one confirmed cause, or a single one.
type warningItem struct {
	Says string
	Of   []*report.Requirement
}

// mayFollow heads the failures that another failure may explain.
const mayFollow = "Fails too, and may follow from these"

// Dangers warn of every failed Must, and of every failed Should that users notice, the worst harm first. A failure that rests on a failed foundation
// stands apart: alone it may even tell the opposite. A store that never looks at an end fails FidelityNestedCookie, and logs nobody out.
func (s *store) Dangers() []warning {
	own, following := s.ownFailures()
	var all []warning
	told := map[*Finding]bool{}
	for _, h := range harms {
		w := warning{Says: h.String()}
		inWarning := map[*Finding]int{}
		for _, q := range own {
			if harmOf(q.ID) != h {
				continue
			}
			item := warningItem{breachOf(q), []*report.Requirement{q}}
			if causes := s.Confirmed[q.ID]; len(causes) > 0 {
				f := causes[0]
				if i, ok := inWarning[f]; ok {
					w.Items[i].Of = append(w.Items[i].Of, q)
					continue
				}
				if !told[f] { // under another harm the cause would say nothing new
					told[f], inWarning[f], item.Says = true, len(w.Items), f.Says
				}
			}
			w.Items = append(w.Items, item)
		}
		if len(w.Items) > 0 {
			all = append(all, w)
		}
	}
	if len(following) > 0 {
		w := warning{Says: mayFollow}
		for _, q := range following {
			w.Items = append(w.Items, warningItem{breachOf(q), []*report.Requirement{q}})
		}
		all = append(all, w)
	}
	return all
}

// ownFailures are the failures that users notice: those that stand for themselves, and those that may follow from them.
func (s *store) ownFailures() (own, following []*report.Requirement) {
	for _, q := range s.Failures() {
		switch {
		case !harmsUsers(q.ID, q.Level):
		case byChance(q.ID) || slices.ContainsFunc(foundations[q.ID], s.Fails):
			following = append(following, q)
		default:
			own = append(own, q)
		}
	}
	if len(own) == 0 { // only random calls have found something
		return following, nil
	}
	return own, following
}

// profileText names the contract by which a result was judged.
func profileText(r *report.Result) string {
	text := r.ProfileName()
	if r.Profile != nil {
		text += " " + r.Profile.Middleware
	}
	return text
}
