package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// Summary compares several results, in the given order: a line for each, and a line for each requirement that does not hold everywhere, what
// differs first. Results that fit beside each other are columns. Of more, the chapters are columns, and a requirement names the results in which
// it does not hold by their numbers. A cell such as "2 +1" has two unexpected violations and an expected one.
func Summary(w io.Writer, results []*Result, s Style) error {
	t := &comparison{results: results, Style: s}
	for _, d := range contrasts(results) {
		if d.follows && !s.Verbose {
			t.left++
			continue
		}
		t.rows = append(t.rows, d)
	}
	t.targets()
	if t.few() {
		t.beside()
	} else {
		t.byChapter()
		t.byNumber()
	}
	if t.left > 0 {
		t.b.WriteString("\n" + wrap(fmt.Sprintf("%d more that may follow from another failure; -v shows them", t.left), "  ", s.Width))
	}
	_, err := io.WriteString(w, t.b.String())
	return err
}

// A comparison is written for one width.
type comparison struct {
	results []*Result
	Style
	rows []contrast
	left int // the number of contrasts that are not among rows
	b    strings.Builder
}

// The least widths of the columns of text, and the width for what is no terminal.
const (
	leastText     = 16
	leastTitle    = 40 // an id and its level
	widthOfNobody = 160
)

// few reports whether the results fit beside each other.
func (t *comparison) few() bool {
	width := t.Width
	if width == 0 {
		width = widthOfNobody
	}
	return len(t.results) < 4 || leastTitle+2+t.column()*len(t.results) <= width
}

// column is the width of the column of a result.
func (t *comparison) column() int {
	if t.Width > 0 && leastTitle+2+4*len(t.results) > t.Width || len(t.results) > 99 {
		return 3
	}
	return 4
}

// targets writes a line for each target. Its number stands for it below.
func (t *comparison) targets() {
	heads := []string{"must", "should", "unsure", "skipped", "seconds"}
	rows := make([][]string, len(t.results))
	names, verdicts := []string{"target"}, []string{"verdict"}
	widths := []int{6, 6, 6, 7, 7}
	for i, r := range t.results {
		names = append(names, oneLine(r.ID()))
		verdicts = append(verdicts, r.outcomeWord())
		must, should := r.Counts[contract.Must], r.Counts[contract.Should]
		rows[i] = []string{
			failedCell(must), failedCell(should), fmt.Sprint(r.total(contract.Inconclusive) + r.total(contract.Flaky) + r.total(contract.Broken)),
			fmt.Sprint(r.total(contract.Skip)), fmt.Sprintf("%.1f", r.Seconds),
		}
		for j, c := range rows[i] {
			widths[j] = max(widths[j], len(c))
		}
	}
	rest := 2 + widest(verdicts)
	for _, w := range widths {
		rest += 1 + w
	}
	nameWidth := widest(names)
	if t.Width > 0 {
		nameWidth = min(nameWidth, max(leastText, t.Width-4-rest))
	}
	line := func(number, name, verdict string, cells []string) {
		name, options := t.split(name, nameWidth)
		fmt.Fprintf(&t.b, "%s%s  %s", number, text.Pad(name, nameWidth, ' '), text.Pad(verdict, widest(verdicts), ' '))
		for i, c := range cells {
			fmt.Fprintf(&t.b, " %*s", widths[i], c)
		}
		t.b.WriteString("\n")
		if options != "" {
			t.b.WriteString(wrap(options, "      ", t.Width))
		}
	}
	line("    ", names[0], verdicts[0], heads)
	for i := range t.results {
		line(fmt.Sprintf("%3d ", i+1), names[i+1], verdicts[i+1], rows[i])
	}
	t.b.WriteString(wrap("must, should: how many failed", "    ", t.Width))
}

// split makes a name fit. Options that do not fit behind it go to a line of their own: they alone may tell two stores apart.
func (t *comparison) split(name string, width int) (fits, options string) {
	if text.StringWidth(name) <= width {
		return name, ""
	}
	name, options, _ = strings.Cut(name, " ")
	return t.Cut(name, width), options
}

// outcomeWord is the verdict, or that the run was stopped.
func (r *Result) outcomeWord() string {
	if r.stopped() {
		return "stopped"
	}
	return string(r.Verdict)
}

// beside writes a line for each contrast, and a column for each result.
func (t *comparison) beside() {
	if len(t.rows) == 0 {
		return
	}
	column := t.column()
	titles := make([]string, len(t.rows))
	for i, d := range t.rows {
		titles[i] = fmt.Sprintf("%s (%s): %s", oneLine(d.ID), d.Level, oneLine(d.Title))
	}
	width := widest(titles)
	if t.Width > 0 {
		width = min(width, max(leastText, t.Width-2-column*len(t.results)))
	}
	for i, d := range t.rows {
		if i == 0 || t.rows[i-1].kind != d.kind {
			fmt.Fprintf(&t.b, "\n  %s", text.Pad(t.Cut(d.kind.title(), width), width, ' '))
			for i := range t.results {
				fmt.Fprintf(&t.b, "%*d", column, i+1)
			}
			t.b.WriteString("\n")
		}
		fmt.Fprintf(&t.b, "  %s", text.Pad(t.Cut(titles[i], width), width, ' '))
		for _, s := range d.statuses {
			l := t.cell(s)
			fmt.Fprintf(&t.b, "%*s%s", column-text.StringWidth(l.symbol), "", t.Paint(l.color, l.symbol))
		}
		t.b.WriteString("\n")
	}
	t.legend()
}

// cell shows a status, or that there is none.
func (t *comparison) cell(s contract.Status) statusLook {
	switch {
	case s != "":
		return t.look(s)
	case t.ASCII:
		return statusLook{symbol: ".", color: Dim}
	}
	return statusLook{symbol: "·", color: Dim}
}

// legend says what the symbols mean.
func (t *comparison) legend() {
	shown := map[contract.Status]bool{}
	for _, d := range t.rows {
		for _, s := range d.statuses {
			shown[s] = true
		}
	}
	var parts []string
	for _, l := range statusLooks() {
		word := l.word
		if l.status == contract.Pass {
			word = "holds"
		}
		if shown[l.status] {
			parts = append(parts, t.look(l.status).symbol+" "+word)
		}
	}
	if shown[""] {
		parts = append(parts, t.cell("").symbol+" not checked")
	}
	t.b.WriteString("\n" + wrap(strings.Join(parts, "  "), "  ", t.Width))
}

// Cut shortens a line to a width in terminal cells; zero cuts nothing.
func Cut(line string, width int) string { return cutTo(line, width, false) }

// cutTo shortens a line to a width in terminal cells; zero or less cuts nothing.
func cutTo(line string, width int, ascii bool) string {
	mark := "…"
	if ascii {
		mark = "..."
	}
	if width <= 0 || text.StringWidth(line) <= width {
		return line
	}
	return text.Trim(line, width-text.StringWidth(mark)) + mark
}

func widest(cells []string) int {
	width := 0
	for _, c := range cells {
		width = max(width, text.StringWidth(c))
	}
	return width
}

func failedCell(counts map[contract.Status]int) string {
	if known := counts[contract.Known]; known > 0 {
		return fmt.Sprintf("%d +%d", counts[contract.Fail], known)
	}
	return fmt.Sprint(counts[contract.Fail])
}
