package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// byChapter writes a line for each result and a column for each chapter in which not everything holds everywhere. Where the terminal is too narrow
// for all of them, the rest follows below.
func (t *comparison) byChapter() {
	all := chapters(t.results)
	named := make([]string, len(t.results))
	for i, r := range t.results {
		named[i] = fmt.Sprintf("%3d %s", i+1, oneLine(r.ID()))
	}
	const most = 28 // cells; the number says which result it is
	nameWidth := min(widest(named), most)
	var columns []chapterColumn
	var holds []string
	for _, name := range all {
		c := t.chapterColumn(name)
		if c.holds {
			holds = append(holds, oneLine(name))
			continue
		}
		columns = append(columns, c)
	}
	for len(columns) > 0 {
		n, wide := 0, nameWidth
		for n < len(columns) && (n == 0 || t.Width == 0 || wide+2+columns[n].width <= t.Width) {
			wide += 2 + columns[n].width
			n++
		}
		t.b.WriteString("\n" + strings.Repeat(" ", nameWidth))
		for _, c := range columns[:n] {
			fmt.Fprintf(&t.b, "  %s", text.Pad(oneLine(c.name), c.width, ' '))
		}
		t.b.WriteString("\n")
		for i := range t.results {
			line := text.Pad(t.Cut(named[i], nameWidth), nameWidth, ' ')
			for _, c := range columns[:n] {
				line += "  " + t.Paint(c.colors[i], c.cells[i]) + strings.Repeat(" ", c.width-text.StringWidth(c.cells[i]))
			}
			t.b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		columns = columns[n:]
	}
	words := chapterLegend(t.look(contract.Pass).symbol, t.cell("").symbol)
	if holds != nil {
		words += "; everything holds, as far as it was asked, in " + strings.Join(holds, ", ")
	}
	t.b.WriteString("\n" + wrap(words, "  ", t.Width))
}

// A chapterColumn is how a chapter ended in each result.
type chapterColumn struct {
	name   string
	width  int
	cells  []string
	colors []Color
	holds  bool // nothing is violated or unsure anywhere
}

func (t *comparison) chapterColumn(name string) chapterColumn {
	c := chapterColumn{name: name, width: text.StringWidth(oneLine(name)), holds: true}
	for _, r := range t.results {
		tally := r.chapter(name)
		cell, color := tally.cell(t.look(contract.Pass).symbol, t.cell("").symbol), Dim
		switch {
		case tally.Violated > 0:
			color = Red
		case tally.Unsure > 0:
			color = Yellow
		case tally.Held > 0:
			color = Green
		}
		c.cells, c.colors = append(c.cells, cell), append(c.colors, color)
		c.width = max(c.width, text.StringWidth(cell))
		c.holds = c.holds && tally.Violated+tally.Unsure == 0
	}
	return c
}

// cell is a tally in a few characters, with a symbol for what holds wholly and one for nothing.
func (t Tally) cell(holds, nothing string) string {
	cell := ""
	switch {
	case t.Asked() == 0:
		return nothing
	case t.Violated == 0 && t.Unsure == 0:
		return holds
	case t.Violated > 0:
		cell = fmt.Sprintf("%d/%d", t.Violated, t.Asked())
	}
	if t.Unsure > 0 {
		cell += fmt.Sprintf(" ?%d", t.Unsure)
	}
	return strings.TrimSpace(cell)
}

// chapterLegend explains the cells of chapters.
func chapterLegend(holds, nothing string) string {
	return "3/12: 3 of 12 that were asked failed, ?2: 2 are unsure, " + holds + " all hold, " + nothing + " nothing was asked"
}

// byNumber writes a line for each contrast, with the numbers of the results in which it does not hold.
func (t *comparison) byNumber() {
	for i, d := range t.rows {
		if i == 0 || t.rows[i-1].kind != d.kind {
			t.b.WriteString("\n  " + t.Paint(Bold, d.kind.title()) + "\n")
		}
		var where []string
		if failed := d.with(Violated); failed != nil {
			where = append(where, fmt.Sprintf("%d of %d: %s", len(failed), d.tally.Asked(), numbers(failed)))
		}
		if unsure := d.with(Unsure); unsure != nil {
			where = append(where, "unsure "+numbers(unsure))
		}
		if fixed := d.fixed(); fixed != nil {
			where = append(where, "fixed "+numbers(fixed))
		}
		t.b.WriteString(wrap(fmt.Sprintf("%s (%s): %s", oneLine(d.ID), d.Level, strings.Join(where, "; ")), "  ", t.Width))
	}
}

// numbers writes the numbers of results, from their indices in ascending order, with a hyphen for what stands in between.
func numbers(indices []int) string {
	var b strings.Builder
	for i := 0; i < len(indices); {
		j := i
		for j+1 < len(indices) && indices[j+1] == indices[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		switch j - i {
		case 0:
			fmt.Fprint(&b, indices[i]+1)
		case 1:
			fmt.Fprintf(&b, "%d, %d", indices[i]+1, indices[j]+1)
		default:
			fmt.Fprintf(&b, "%d-%d", indices[i]+1, indices[j]+1)
		}
		i = j + 1
	}
	return b.String()
}

// SummaryAbsent writes the stores without a result, and why there is none: each reason once.
func SummaryAbsent(w io.Writer, absent []Absent, s Style) error {
	if len(absent) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("\n  " + s.Paint(Bold, "without a result") + "\n")
	names := map[string][]string{}
	for _, a := range absent {
		names[a.Why] = append(names[a.Why], a.Name)
	}
	for _, a := range absent {
		if all := names[a.Why]; all[0] == a.Name {
			b.WriteString(wrap(oneLine(strings.Join(all, ", ")+": "+a.Why), "  ", s.Width))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
