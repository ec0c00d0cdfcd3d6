package site

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A chapter is a group of requirements as a run had them.
type chapter struct {
	Name, Title  string
	Requirements []*requirement
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

// A look is how a status is shown: to the eye, and as a word.
type look struct{ class, Symbol, Word string }

// Class is the class of the cell.
func (l look) Class() string { return l.class }

func lookOf(s contract.Status) look {
	if s == "" {
		return look{"n", "·", "not there"}
	}
	switch report.OutcomeOf(s) {
	case report.Holds:
		return look{"p", "✓", "holds"}
	case report.Violated:
		return look{"f", "✗", "fails"}
	case report.NotAsked:
		return look{"n", "–", "not asked"}
	case report.Unsure:
	}
	unsure := map[contract.Status]look{contract.Flaky: {"u", "~", "flaky"}, contract.Inconclusive: {"u", "?", "no clear answer"}}
	if l, ok := unsure[s]; ok {
		return l
	}
	return look{"u", "!", "broken"}
}

// statusTexts are the statuses as HTML: a page has hundreds.
var statusTexts = func() map[contract.Status]template.HTML {
	texts := map[contract.Status]template.HTML{}
	for _, s := range append(contract.Statuses(), "") {
		l := lookOf(s)
		texts[s] = template.HTML(fmt.Sprintf(`<span class="status %s">%s %s</span>`, l.class, l.Symbol, l.Word)) //nolint:gosec // our own words
	}
	return texts
}()

func statusText(s contract.Status) template.HTML { return statusTexts[s] }

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
	Fails, Unsure  []verdict
	Holds, Skipped []verdict
	Before         []verdict // failed in an earlier run, and no more
}

func (s *site) requirementPage(f frame, run *namedRun, c chapter, q *requirement) *requirementPage {
	p := &requirementPage{frame: f, requirement: q, Chapter: c, Catches: s.catches[q.ID]}
	p.Title = q.ID + ": " + q.Short
	for _, st := range run.Stores {
		v := verdict{Store: st, Requirement: st.Of(q.ID), Findings: st.Confirmed[q.ID]}
		if v.Requirement == nil {
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
