package site

import (
	"cmp"
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
	listed   map[string]bool // by package
}

// A store is the result of one store in one run.
type store struct {
	*report.Result
	Slug, Name, Version string
	Run                 *namedRun
	Must, Should        report.Tally
	Cells               []cell // one a chapter of the run
	Confirmed           map[string][]*Finding
	// Package is the part of the address that leads to the newest version of the package, where this is it and has another address; or empty.
	Package string
	// TakenFrom is the first run that had this very result; nil where it was new.
	TakenFrom *namedRun
	// Remark is what the recipe says of the store, or empty.
	Remark string
	byID   map[string]*report.Requirement
}

func newStore(run *namedRun, r *report.Result, findings []Finding) *store {
	name, version := r.Named()
	if r.Store != nil && r.Store.Recipe == "express-session" {
		name += " MemoryStore" // the store that comes with it
	}
	s := &store{
		Result: r, Slug: SlugOf(r), Name: name, Version: version, Run: run,
		Confirmed: map[string][]*Finding{}, byID: map[string]*report.Requirement{},
	}
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

// mostAskedFirst orders conformant stores by how much was asked of them: a store that claims little has less to fail.
func mostAskedFirst(a, b *store) int {
	if a.Result.Verdict != report.Conformant || b.Result.Verdict != report.Conformant {
		return 0 // they are in order, the conformant ones before all others
	}
	return cmp.Or(cmp.Compare(len(b.Claims()), len(a.Claims())), cmp.Compare(b.Must.Asked(), a.Must.Asked()))
}

// recipe is the name of the store in the catalogue, or empty.
func (s *store) recipe() string {
	if s.Store == nil {
		return ""
	}
	return s.Store.Recipe
}

// Backend is the kind of server that the store uses, or none.
func (s *store) Backend() string {
	if s.Store == nil {
		return "none"
	}
	return s.Store.Backend
}

// Profile names the middleware by whose contract the store was judged.
func (s *store) Profile() string { return profileText(s.Result) }

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

// Fails reports whether the store violates a requirement.
func (s *store) Fails(id string) bool { return s.is(id, report.Violated) }

// Listed reports whether express-session's documentation lists the package.
func (s *store) Listed() bool { return s.Store != nil && s.Run.listed[s.Store.Package] }

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

// landing is the place on the page of the store that shows what is wrong in a chapter: its first failure, or else what has no clear answer.
func (s *store) landing(chapter string) string {
	for _, q := range s.Failures() {
		if q.Chapter == chapter && q.Level != contract.May {
			return template.HTMLEscapeString(anchor(q.ID))
		}
	}
	for i := range s.Requirements {
		if q := &s.Requirements[i]; q.Chapter == chapter && s.shows(q.ID) && q.Level != contract.May {
			return template.HTMLEscapeString(anchor(q.ID))
		}
	}
	return "chapter-" + template.HTMLEscapeString(chapter)
}

// Recorded is what the store does where the contract leaves the choice.
func (s *store) Recorded() []*report.Requirement {
	var all []*report.Requirement
	for i := range s.Requirements {
		if q := &s.Requirements[i]; q.Level == contract.May && q.Observed != "" {
			all = append(all, q)
		}
	}
	return all
}

// shows reports whether the page of the store has a place for a requirement, beside the list of all: what fails, is unsettled, or is recorded.
func (s *store) shows(id string) bool {
	q := s.byID[id]
	if q == nil {
		return false
	}
	if q.Level == contract.May {
		return q.Observed != ""
	}
	o := report.OutcomeOf(q.Status)
	return o == report.Violated || o == report.Unsure
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
	var claims []string
	if s.Durable() {
		claims = append(claims, "sessions outlive the app's process")
	}
	if s.Shared() {
		claims = append(claims, "several processes may share them")
	}
	return claims
}

// Forgets reports whether the sessions of the store end with the process of the application, by what its recipe says.
func (s *store) Forgets() bool { return s.Store != nil && !s.Durable() }

// Command checks the store again.
func (s *store) Command() string {
	return cmp.Or(s.Target.Command, "storecheck run "+report.ShellQuote(s.Target.Spec))
}

// Day is when the store was checked.
func (s *store) Day() string { return s.Started.UTC().Format(time.DateOnly) }

// Words are what a text filter looks at.
func (s *store) Words() string {
	kind := s.Kind()
	if kind == "mariadb" {
		kind += " mysql" // people look for either
	}
	return strings.ToLower(strings.Join([]string{s.Name, s.Version, kind, s.Server(), string(s.Result.Verdict), s.ProfileName()}, " "))
}

func sortNewestFirst(runs []*namedRun) {
	slices.SortStableFunc(runs, func(a, b *namedRun) int { return b.Date.Compare(a.Date) })
}

// Moment is the time of the newest result of the run.
func (r *namedRun) Moment() string { return r.Date.UTC().Format("2006-01-02 15:04 UTC") }

// Day is that of the newest result of the run.
func (r *namedRun) Day() string { return r.Date.UTC().Format(time.DateOnly) }

// Since is the day of the oldest result of the run.
func (r *namedRun) Since() string {
	oldest := slices.MinFunc(r.Stores, func(a, b *store) int { return a.Started.Compare(b.Started) })
	return oldest.Started.UTC().Format(time.DateOnly)
}

// Moment is when the store was checked.
func (s *store) Moment() string { return s.Started.UTC().Format("2006-01-02 15:04 UTC") }

// Within is how far from the end of its cookie a session may end, as the store claims, or empty.
func (s *store) Within() string {
	if s.Store == nil {
		return ""
	}
	return within(s.Store.GranularityMs)
}
