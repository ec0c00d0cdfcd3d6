package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A namedRun is a run, sorted and ready to be shown.
type namedRun struct {
	Run
	Name     string
	Chapters []chapter
	Stores   []*store // the best first
	bySlug   map[string]*report.Result
}

// A store is the result of one store in one run.
type store struct {
	*report.Result
	Slug, Name, Version string
	Link                template.HTML // to its page from that of a requirement in the same run
	Run                 *namedRun
	Must, Should        report.Tally
	Cells               []cell // one a chapter of the run
	Confirmed           map[string][]*Finding
	byID                map[string]*report.Requirement
}

// A cell is a chapter of a store.
type cell struct {
	Chapter      string
	Must, Should report.Tally
}

// Asked is how many requirements of the chapter could be asked.
func (c cell) Asked() int { return c.Must.Asked() + c.Should.Asked() }

// Unsure is how many have no clear verdict.
func (c cell) Unsure() int { return c.Must.Unsure + c.Should.Unsure }

// Class is how the cell looks.
func (c cell) Class() string {
	switch {
	case c.Must.Violated > 0:
		return "f"
	case c.Should.Violated > 0:
		return "w"
	case c.Unsure() > 0:
		return "u"
	case c.Asked() > 0:
		return "p"
	}
	return "n"
}

func newStore(run *namedRun, r *report.Result, findings []Finding) *store {
	name, version := r.Named()
	s := &store{
		Result: r, Slug: SlugOf(r), Name: name, Version: version, Run: run,
		Confirmed: map[string][]*Finding{}, byID: map[string]*report.Requirement{},
	}
	text := template.HTMLEscapeString
	s.Link = template.HTML(fmt.Sprintf(`<a href="../../../store/%s/index.html">%s</a> %s`, s.Slug, text(report.Clean(name)), text(report.Clean(version)))) //nolint:gosec // it is escaped
	for i := range r.Requirements {
		s.byID[r.Requirements[i].ID] = &r.Requirements[i]
	}
	level := func(l contract.Level, chapter string) report.Tally {
		return r.Tally(func(q *report.Requirement) bool {
			return q.Level == l && (chapter == "" || q.Chapter == chapter) && q.Reached()
		})
	}
	s.Must, s.Should = level(contract.Must, ""), level(contract.Should, "")
	for _, c := range run.Chapters {
		s.Cells = append(s.Cells, cell{c.Name, level(contract.Must, c.Name), level(contract.Should, c.Name)})
	}
	for i := range findings {
		if f := &findings[i]; f.about(r.Store) {
			for _, id := range f.Requirements {
				s.Confirmed[id] = append(s.Confirmed[id], f)
			}
		}
	}
	return s
}

// Backend is the kind of server that the store uses, or none.
func (s *store) Backend() string {
	if s.Store == nil {
		return "none"
	}
	return s.Store.Backend
}

// Server is the program that served the store, with its version, or empty.
func (s *store) Server() string {
	if s.Store == nil || s.Store.Server == nil {
		return ""
	}
	server := s.Store.Server
	text := strings.TrimSpace(server.Program + " " + server.Version)
	if server.Emulator {
		text += " (an emulator)"
	}
	return text
}

// Causes are the confirmed causes of what fails, each once.
func (s *store) Causes() []*Finding {
	var all []*Finding
	for _, q := range s.Failures() {
		for _, f := range s.Confirmed[q.ID] {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// Fails reports whether the store violates a requirement.
func (s *store) Fails(id string) bool { return s.is(id, report.Violated) }

// Listed reports whether express-session's documentation lists the store.
func (s *store) Listed() bool { return s.Store != nil && s.Store.Listed }

// Status is that of a requirement, or empty where the run did not have it.
func (s *store) Status(id string) contract.Status {
	if q := s.byID[id]; q != nil {
		return q.Status
	}
	return ""
}

// is reports whether the run had a requirement that ended so.
func (s *store) is(id string, o report.Outcome) bool {
	q := s.byID[id]
	return q != nil && report.OutcomeOf(q.Status) == o
}

// Of returns the verdict on a requirement, or nil.
func (s *store) Of(id string) *report.Requirement { return s.byID[id] }

// Failures are what the store violates, Musts first, in reading order.
func (s *store) Failures() []*report.Requirement {
	var all []*report.Requirement
	for i := range s.Requirements {
		if q := &s.Requirements[i]; report.OutcomeOf(q.Status) == report.Violated {
			all = append(all, q)
		}
	}
	slices.SortStableFunc(all, func(a, b *report.Requirement) int { return cmp.Compare(a.Level, b.Level) })
	return all
}

// Unsettled are the requirements that count and have no clear verdict.
func (s *store) Unsettled() []*report.Requirement {
	var all []*report.Requirement
	for i := range s.Requirements {
		q := &s.Requirements[i]
		if report.OutcomeOf(q.Status) == report.Unsure && q.Level != contract.May {
			all = append(all, q)
		}
	}
	return all
}

// Recorded is what the store does where the contract leaves the choice.
func (s *store) Recorded() []*report.Requirement {
	var all []*report.Requirement
	for i := range s.Requirements {
		if q := &s.Requirements[i]; q.Observed != "" {
			all = append(all, q)
		}
	}
	return all
}

// LogsOut are the failed Shoulds that log users out.
func (s *store) LogsOut() []*report.Requirement {
	return slices.DeleteFunc(s.Failures(), func(q *report.Requirement) bool { return !q.LogsOut })
}

// Optional are the optional methods that the store has.
func (s *store) Optional() []string {
	var names []string
	for _, name := range []string{"touch", "all", "clear", "length"} {
		if s.Capabilities[name] {
			names = append(names, name)
		}
	}
	return names
}

// Claims are what the recipe promises.
func (s *store) Claims() []string {
	var names []string
	if s.Store != nil {
		for _, name := range []string{"durable", "shared"} {
			if s.Store.Claims[name] {
				names = append(names, name)
			}
		}
	}
	return names
}

// Command checks the store again.
func (s *store) Command() string {
	return cmp.Or(s.Target.Command, "storecheck run "+report.ShellQuote(s.Target.Spec))
}

// Day is when the store was checked.
func (s *store) Day() string { return s.Started.UTC().Format(time.DateOnly) }

// Words are what a text filter looks at.
func (s *store) Words() string {
	return strings.ToLower(strings.Join([]string{s.Name, s.Version, s.Backend(), string(s.Result.Verdict)}, " "))
}

func sortNewestFirst(runs []*namedRun) {
	slices.SortStableFunc(runs, func(a, b *namedRun) int { return b.Date.Compare(a.Date) })
}
