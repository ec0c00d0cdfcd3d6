package site

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
)

// A step is two runs and what changed between them.
type step struct {
	From, To *namedRun
	Diff     *compare.Diff
}

// Summary says in a few words what changed.
func (s *step) Summary() string {
	var parts []string
	count := func(n int, one, many string) {
		if n == 1 {
			many = one
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	changes := func(kind compare.Kind) (n int) {
		for _, st := range s.Of(kind) {
			n += len(st.Changes)
		}
		return n
	}
	count(len(s.Diff.Came), "new"+few(s.Diff.Came), "new"+few(s.Diff.Came))
	count(len(s.Diff.Went), "gone"+few(s.Diff.Went), "gone"+few(s.Diff.Went))
	count(len(s.Versions()), "of another version or verdict", "of another version or verdict")
	count(s.Diff.Same, "the same", "the same")
	count(changes(compare.Broken), "requirement fails that held", "requirements fail that held")
	count(changes(compare.Mended), "holds that failed", "hold that failed")
	return strings.Join(parts, ", ")
}

// few names stores where they are few.
func few(stores []compare.Store) string {
	if len(stores) > 2 {
		return ""
	}
	names := make([]string, len(stores))
	for i, st := range stores {
		names[i] = report.Clean(st.ID)
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// Place is the way to the page of the step, below the root of the site.
func (s *step) Place() string { return "changes/" + s.From.Name + ".." + s.To.Name + "/" }

// Of returns the changes of a kind, of all stores.
func (s *step) Of(kind compare.Kind) []compare.StoreChange {
	var all []compare.StoreChange
	for _, st := range s.Diff.Stores {
		of := st
		of.Changes = nil
		for _, c := range st.Changes {
			if c.Kind == kind {
				of.Changes = append(of.Changes, c)
			}
		}
		if len(of.Changes) > 0 {
			all = append(all, of)
		}
	}
	return all
}

// Versions are the stores that have another version or another verdict.
func (s *step) Versions() []compare.StoreChange {
	var all []compare.StoreChange
	for _, st := range s.Diff.Stores {
		if st.OldVersion != st.NewVersion || st.OldVerdict != st.NewVerdict {
			all = append(all, st)
		}
	}
	return all
}

// steps are what is shown: each run against the one before it, the newest first, and against the newest.
func (s *site) steps() (one, toNewest []*step) {
	of := func(from, to *namedRun) *step {
		return &step{from, to, compare.Results(from.Results, to.Results)}
	}
	for i := 1; i < len(s.runs); i++ {
		one = append(one, of(s.runs[i], s.runs[i-1]))
		if i > 1 {
			toNewest = append(toNewest, of(s.runs[i], s.runs[0]))
		}
	}
	return one, toNewest
}

// changesPage lists the runs.
type changesPage struct {
	frame
	Runs          []*namedRun
	Steps, Newest []*step
	Versions      []versionStep
}

// changePage is one step.
type changePage struct {
	frame
	*step
	Kinds []kindText
	why   map[string]string // by package, why the catalogue has it no more
}

// LastOf is the last result of a store that the newer run has no more, or nil.
func (p *changePage) LastOf(gone compare.Store) *store {
	i := slices.IndexFunc(p.From.Stores, func(st *store) bool { return st.ID() == gone.ID })
	if i < 0 {
		return nil
	}
	return p.From.Stores[i]
}

// Why says why a store has no result any more, where the catalogue does, or is empty.
func (p *changePage) Why(gone *store) string {
	if gone.Store == nil {
		return ""
	}
	return p.why[gone.Store.Package]
}

// kindText says what a kind of change means.
type kindText struct {
	Kind  compare.Kind
	Title string
}

var kindTexts = []kindText{
	{compare.Broken, "Held before, and fails now"},
	{compare.Mended, "Failed before, and holds now"},
	{compare.Asked, "Could not be asked before, and is asked now"},
	{compare.Unasked, "Was asked before, and cannot be asked now"},
	{compare.Unsure, "One of the two runs cannot say: no change of the store"},
}

func (s *site) changeFiles() []file {
	one, toNewest := s.steps()
	why := map[string]string{}
	for _, a := range s.absents {
		why[a.Package] = a.Why
	}
	const place = "changes/"
	all := []file{{place + "index.html", func() ([]byte, error) {
		f := frame{Root: "../", Base: "../", Title: "What changed", Place: place, About: "What changed between the runs of storecheck."}
		return s.render("changes", &changesPage{f, s.runs, one, append(one[:min(1, len(one)):min(1, len(one))], toNewest...), versionSteps(s.runs[0])})
	}}}
	for _, st := range append(one, toNewest...) {
		all = append(all, file{st.Place() + "index.html", func() ([]byte, error) {
			f := frame{Root: "../../", Base: "../../", Title: "From " + st.From.Name + " to " + st.To.Name, Place: st.Place()}
			return s.render("change", &changePage{f, st, kindTexts, why})
		}}, data(st.Place()+"data.json", func() any {
			return map[string]any{"schema": Schema, "from": st.From.Name, "to": st.To.Name, "diff": st.Diff}
		}))
	}
	return append(all, file{"feed.xml", func() ([]byte, error) { return s.feed(one) }})
}
