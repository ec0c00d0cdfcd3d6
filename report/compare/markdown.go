package compare

import (
	"fmt"
	"io"
	"strings"

	"github.com/storecheck/storecheck/report"
)

// Markdown writes what changed in Markdown, as for the comment on a pull request.
func (d *Diff) Markdown(w io.Writer) error {
	m := &markdown{Diff: d}
	m.line("**%s**", d.summary())
	m.line("")
	m.line("- old: %s", report.Markdown(d.Old.words()))
	m.line("- new: %s", report.Markdown(d.New.words()))
	m.list("Came", d.Came)
	m.list("Went", d.Went)
	m.stores("Changed", (*StoreChange).Changed)
	m.requirements()
	m.stores("Unsure: one of the two runs cannot say", func(s *StoreChange) bool { return !s.Changed() })
	m.contract()
	_, err := io.WriteString(w, m.b.String())
	return err
}

type markdown struct {
	*Diff
	b strings.Builder
}

func (m *markdown) line(format string, values ...any) { fmt.Fprintf(&m.b, format+"\n", values...) }

func (m *markdown) section(title string) { m.line("\n### %s\n", title) }

func (m *markdown) list(title string, stores []Store) {
	if len(stores) > 0 {
		m.section(title)
	}
	for _, s := range stores {
		m.line("- %s: %s", report.MarkdownCode(s.ID), s.Verdict)
	}
}

func (m *markdown) stores(title string, pick func(*StoreChange) bool) {
	first := true
	for i := range m.Stores {
		s := &m.Stores[i]
		if !pick(s) {
			continue
		}
		if first {
			m.section(title)
		}
		first = false
		store, version, verdict := s.became()
		line := "- " + report.MarkdownCode(store)
		if version != "" {
			line += " " + report.Markdown(version)
		}
		if verdict != "" {
			line += ": " + verdict
		}
		m.line("%s", line)
		for _, k := range Kinds() {
			m.changes(k, s.of(k))
		}
		for _, note := range s.Notes {
			m.line("  - note: %s", report.Markdown(note))
		}
	}
}

// changes writes the changes of a kind.
func (m *markdown) changes(k Kind, changes []Change) {
	if f, ok := folded(k, changes); ok {
		if len(changes) > 0 {
			m.line("  - %s: %s", k.word(), f.words(report.MarkdownCode))
		}
		return
	}
	for _, c := range changes {
		m.line("  - **%s**: %s (%s): %s", k.word(), report.MarkdownCode(c.ID), c.Level, report.Markdown(c.Title))
	}
}

func (m *markdown) requirements() {
	first := true
	for _, r := range m.Requirements {
		if len(r.Stores) == 1 && r.Stores[Unsure] != nil {
			continue
		}
		if first {
			m.section("By requirement")
			m.line("| requirement | level | %s | %s | %s |\n| --- | --- | --- | --- | --- |", Broken.word(), Mended.word(), "other")
		}
		first = false
		var others []string
		for _, k := range []Kind{Asked, Unasked, Unsure} {
			if stores := r.Stores[k]; stores != nil {
				others = append(others, k.word()+": "+codes(stores))
			}
		}
		m.line("| %s: %s | %s | %s | %s | %s |", report.MarkdownCode(r.ID), report.Markdown(r.Title), r.Level,
			codes(r.Stores[Broken]), codes(r.Stores[Mended]), strings.Join(others, "; "))
	}
}

func codes(names []string) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = report.MarkdownCode(n)
	}
	return strings.Join(all, ", ")
}

func (m *markdown) contract() {
	c := &m.Contract
	if !c.Any() {
		return
	}
	m.section("The contract, which is no change of a store")
	for _, n := range c.New {
		line := fmt.Sprintf("- new: %s (%s): %s", report.MarkdownCode(n.ID), n.Level, report.Markdown(n.Title))
		if len(n.Violated) > 0 {
			line += fmt.Sprintf("; fails in %d of %d: %s", len(n.Violated), n.Asked, codes(n.Violated))
		}
		m.line("%s", line)
	}
	if len(c.Gone) > 0 {
		m.line("- gone: %s", codes(c.Gone))
	}
	for _, l := range c.Levels {
		m.line("- level: %s was %s and is %s", report.MarkdownCode(l.ID), l.Old, l.New)
	}
}
