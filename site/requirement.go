package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A chapter is a group of requirements as a run had them.
type chapter struct {
	Name, Title  string
	Requirements []*requirement
	// Asked is true where something of it that counts was asked of a store.
	Asked bool
	// Why says why nothing was asked, or is empty.
	Why string
}

// A requirement is a clause of the contract. What an older run had, and the contract has no more, has no rule.
type requirement struct {
	ID    string
	Short string // names the behaviour in a few words
	Level contract.Level
	Rule  *contract.Requirement
}

// Slug is the part of the id behind the slash.
func (q *requirement) Slug() string { return q.ID[strings.IndexByte(q.ID, '/')+1:] }

// anchor makes an id of HTML of an id of the contract.
func anchor(id string) string { return strings.ReplaceAll(id, "/", "-") }

// chaptersOf returns the chapters that the results of a run have, in reading order.
func chaptersOf(results []*report.Result) []chapter {
	seen := map[string]*requirement{}
	for _, r := range results {
		for i := range r.Requirements {
			if q := &r.Requirements[i]; seen[q.ID] == nil {
				seen[q.ID] = &requirement{ID: q.ID, Short: q.Title, Level: q.Level}
			}
		}
	}
	var all []chapter
	for _, c := range contract.Chapters() {
		ours := chapter{Name: c.Name, Title: c.Title}
		for _, rule := range c.Requirements {
			if q := seen[rule.ID]; q != nil {
				q.Rule = rule
				ours.Requirements = append(ours.Requirements, q)
				delete(seen, rule.ID)
			}
		}
		if len(ours.Requirements) > 0 {
			all = append(all, ours)
		}
	}
	return withGone(all, seen)
}

// withGone adds requirements that the contract has no more to their chapters.
func withGone(all []chapter, gone map[string]*requirement) []chapter {
	ids := make([]string, 0, len(gone))
	for id := range gone {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		name := (&contract.Requirement{ID: id}).Chapter()
		i := slices.IndexFunc(all, func(c chapter) bool { return c.Name == name })
		if i < 0 {
			all = append(all, chapter{Name: name})
			i = len(all) - 1
		}
		all[i].Requirements = append(all[i].Requirements, gone[id])
	}
	return all
}

// A verdict is what one requirement says of one store.
type verdict struct {
	Store       *store
	Requirement *report.Requirement
	Findings    []*Finding
	// MendedIn is the store in the first later run in which the requirement holds; nil while it fails.
	MendedIn *store
}

// requirementPage is a requirement in one run, and in those before.
type requirementPage struct {
	frame
	*requirement
	Chapter        chapter
	Catches        []Fault
	Danger         string // what users meet where it does not hold, or empty
	Fails, Unsure  []verdict
	Holds, Skipped []verdict
	Before         []verdict // failed in an earlier run, and no more
	NotYet         []verdict // were checked when the requirement did not exist
}

// Judged is false of what is only recorded.
func (p *requirementPage) Judged() bool { return p.requirement.Level != contract.May }

// A saying is what several stores say.
type saying struct {
	Text string
	By   []verdict
}

// sayings groups verdicts by a text, what most say first.
func sayings(all []verdict, text func(*report.Requirement) string) []saying {
	var by []saying
	for _, v := range all {
		says := text(v.Requirement)
		i := slices.IndexFunc(by, func(s saying) bool { return s.Text == says })
		if i < 0 {
			i = len(by)
			by = append(by, saying{Text: says})
		}
		by[i].By = append(by[i].By, v)
	}
	slices.SortStableFunc(by, func(a, b saying) int { return len(b.By) - len(a.By) })
	return by
}

// Answers are what stores do where they may choose.
func (p *requirementPage) Answers() []saying {
	return sayings(p.Holds, func(q *report.Requirement) string { return cmp.Or(q.Observed, "as the contract describes it") })
}

// Reasons say why stores could not be asked.
func (p *requirementPage) Reasons() []saying {
	return sayings(p.Skipped, func(q *report.Requirement) string { return q.Reason })
}

// Why says why no store was asked.
func (p *requirementPage) Why() string { return whyNot(p.Reasons(), p.requirement) }

// planted joins the faults of one name.
func planted(faults []Fault) []Fault {
	var all []Fault
	for _, f := range faults {
		i := slices.IndexFunc(all, func(other Fault) bool { return other.Name == f.Name })
		switch {
		case i < 0:
			all = append(all, f)
		case all[i].From == "":
			all[i].From = f.From
		case f.From != "" && f.From != all[i].From:
			all[i].From += "; " + f.From
		}
	}
	return all
}

func (s *site) requirementPage(f frame, run *namedRun, c chapter, q *requirement) *requirementPage {
	p := &requirementPage{frame: f, requirement: q, Chapter: c, Catches: planted(s.catches[q.ID])}
	if q.Rule != nil && q.Level != contract.May {
		p.Danger = fmt.Sprintf("%s: %s", q.Rule.Harm, q.Rule.Breach)
	}
	p.Title = q.ID + ": " + q.Short
	for _, st := range run.Stores {
		v := verdict{Store: st, Requirement: st.Of(q.ID), Findings: st.Confirmed[q.ID]}
		if v.Requirement == nil {
			if st.lacks(q.ID) {
				p.NotYet = append(p.NotYet, v)
			}
			continue
		}
		switch report.OutcomeOf(v.Requirement.Status) {
		case report.Violated:
			p.Fails = append(p.Fails, v)
		case report.Holds:
			p.Holds = append(p.Holds, v)
		case report.Unsure:
			p.Unsure = append(p.Unsure, v)
		case report.NotAsked:
			p.Skipped = append(p.Skipped, v)
		}
	}
	p.Before = s.mended(run, q.ID)
	return p
}

// mended returns the stores that violated a requirement in a run before this one, and hold it now. Each is there once, with its last failure.
func (s *site) mended(run *namedRun, id string) []verdict {
	var all []verdict
	for _, st := range run.Stores {
		if !st.is(id, report.Holds) {
			continue
		}
		since := st
		for _, older := range s.historyOf(st)[1:] {
			if older.is(id, report.Violated) {
				all = append(all, verdict{Store: older, Requirement: older.Of(id), MendedIn: since})
				break
			}
			if older.is(id, report.Holds) {
				since = older
			}
		}
	}
	return all
}
