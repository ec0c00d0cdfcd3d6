package compare

import (
	"fmt"
	"io"
	"strings"

	"github.com/storecheck/storecheck/report"
)

// Pretty writes what changed for a person: by store, then by requirement, then what changed in the contract.
func (d *Diff) Pretty(w io.Writer, s report.Style) error {
	p := &pretty{Diff: d, Style: s}
	p.line("", "old: "+d.Old.words())
	p.line("", "new: "+d.New.words())
	p.b.WriteString("\n")
	p.painted(p.outcomeColor(), "", fmt.Sprintf("%s Exit status %d.", d.summary(), d.Exit()))
	p.list("Came", "+ ", d.Came)
	p.list("Went", "- ", d.Went)
	p.stores("Changed", (*StoreChange).Changed)
	p.requirements()
	p.stores("Unsure: one of the two runs cannot say", func(s *StoreChange) bool { return !s.Changed() })
	p.contract()
	_, err := io.WriteString(w, p.b.String())
	return err
}

type pretty struct {
	*Diff
	report.Style
	b strings.Builder
}

// plain puts a text on one line, with the characters that the terminal has.
func (p *pretty) plain(text string) string {
	text = report.Line(text)
	if p.ASCII {
		text = strings.ReplaceAll(text, "→", "->")
	}
	return text
}

// line writes a text behind an indent.
func (p *pretty) line(indent, text string) {
	p.b.WriteString(report.Wrap(p.plain(text), indent, p.Width))
}

// painted is line in a colour.
func (p *pretty) painted(c report.Color, indent, text string) {
	for line := range strings.Lines(report.Wrap(p.plain(text), indent, p.Width)) {
		p.b.WriteString(p.Paint(c, strings.TrimSuffix(line, "\n")) + "\n")
	}
}

func (p *pretty) section(title string) {
	p.b.WriteString("\n")
	p.painted(report.Bold, "", title)
}

func (p *pretty) outcomeColor() report.Color {
	switch p.Exit() {
	case ExitSame:
		return report.Green
	case ExitUnsure:
		return report.Yellow
	}
	return report.Red
}

func (p *pretty) list(title, mark string, stores []Store) {
	if len(stores) > 0 {
		p.section(title)
	}
	for _, s := range stores {
		p.line("  ", fmt.Sprintf("%s%s: %s", mark, s.ID, s.Verdict))
	}
}

// stores writes the stores that pick accepts.
func (p *pretty) stores(title string, pick func(*StoreChange) bool) {
	first := true
	for i := range p.Stores {
		s := &p.Stores[i]
		if !pick(s) {
			continue
		}
		if first {
			p.section(title)
		}
		first = false
		line, version, verdict := s.became()
		if version != "" {
			line += " " + version
		}
		if verdict != "" {
			line += ": " + verdict
		}
		p.painted(report.Bold, "  ", line)
		for _, k := range Kinds() {
			p.changes(k, s.of(k))
		}
		for _, note := range s.Notes {
			p.line("    ", "note: "+note)
		}
	}
}

// changes writes the changes of a kind.
func (p *pretty) changes(k Kind, changes []Change) {
	if f, ok := folded(k, changes); ok {
		if len(changes) > 0 {
			p.painted(report.Yellow, "    ", k.word()+": "+f.words(report.Line))
		}
		if p.Verbose {
			for _, c := range f.changes {
				p.line("      ", c.ID+": "+c.Reason)
			}
		}
		return
	}
	for _, c := range changes {
		symbol, color := p.Look(c.New)
		p.painted(color, "    ", fmt.Sprintf("%s %s: %s (%s): %s", symbol, k.word(), c.ID, c.Level, c.Title))
	}
}

// requirements writes the changes of the stores by requirement.
func (p *pretty) requirements() {
	first := true
	for _, r := range p.Requirements {
		if len(r.Stores) == 1 && r.Stores[Unsure] != nil {
			continue
		}
		if first {
			p.section("By requirement")
		}
		first = false
		p.line("  ", fmt.Sprintf("%s (%s): %s", r.ID, r.Level, r.Title))
		for _, k := range Kinds() {
			if stores := r.Stores[k]; stores != nil {
				p.line("    ", fmt.Sprintf("%s: %s", k.word(), strings.Join(stores, ", ")))
			}
		}
	}
}

// contract writes what changed in the contract.
func (p *pretty) contract() {
	c := &p.Contract
	if !c.Any() {
		return
	}
	p.section("The contract, which is no change of a store")
	for _, n := range c.New {
		line := fmt.Sprintf("new: %s (%s): %s", n.ID, n.Level, n.Title)
		if len(n.Violated) > 0 {
			line += fmt.Sprintf("; fails in %d of %d: %s", len(n.Violated), n.Asked, strings.Join(n.Violated, ", "))
		}
		p.line("  ", line)
	}
	if len(c.Gone) > 0 {
		p.line("  ", "gone: "+strings.Join(c.Gone, ", "))
	}
	for _, l := range c.Levels {
		p.line("  ", fmt.Sprintf("level: %s was %s and is %s", l.ID, l.Old, l.New))
	}
}
