package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// Summary compares several results, in the given order: a line for each target, and a line for each requirement that does not hold everywhere.
// A cell such as "2 +1" has two unexpected violations and an expected one.
func Summary(w io.Writer, results []*Result, s Style) error {
	t := &comparison{results: results, Style: s}
	t.targets()
	t.requirements()
	_, err := io.WriteString(w, t.b.String())
	return err
}

// A comparison is written for one width.
type comparison struct {
	results []*Result
	Style
	b strings.Builder
}

// The widths of the columns of numbers, and the least of the columns of text.
const (
	numberWidth = 9
	leastText   = 16
)

// targets writes a line for each target. Its number heads its column below.
func (t *comparison) targets() {
	heads := []string{"must fail", "should", "unsure", "skipped", "seconds"}
	names, verdicts := []string{"target"}, []string{"verdict"}
	for _, r := range t.results {
		names = append(names, oneLine(r.Target.String()))
		verdicts = append(verdicts, r.outcomeWord())
	}
	verdictWidth := widest(verdicts)
	nameWidth := widest(names)
	if t.Width > 0 {
		nameWidth = min(nameWidth, max(leastText, t.Width-4-verdictWidth-2-len(heads)*(numberWidth+1)))
	}
	t.line("    ", names[0], nameWidth, verdicts[0], verdictWidth, heads)
	for i, r := range t.results {
		must, should := r.Counts[contract.Must], r.Counts[contract.Should]
		t.line(fmt.Sprintf("%3d ", i+1), names[i+1], nameWidth, verdicts[i+1], verdictWidth, []string{
			failedCell(must), failedCell(should), fmt.Sprint(r.total(contract.Inconclusive) + r.total(contract.Flaky) + r.total(contract.Broken)),
			fmt.Sprint(r.total(contract.Skip)), fmt.Sprintf("%.1f", r.Seconds),
		})
	}
}

func (t *comparison) line(number, name string, nameWidth int, verdict string, verdictWidth int, cells []string) {
	fmt.Fprintf(&t.b, "%s%s  %s", number, text.Pad(t.cut(name, nameWidth), nameWidth, ' '), text.Pad(verdict, verdictWidth, ' '))
	for _, c := range cells {
		fmt.Fprintf(&t.b, " %*s", numberWidth, c)
	}
	t.b.WriteString("\n")
}

// outcomeWord is the verdict, or that the run was stopped.
func (r *Result) outcomeWord() string {
	if r.stopped() {
		return "stopped"
	}
	return string(r.Verdict)
}

// differences returns the requirements that neither hold nor are skipped for every target. What may follow from another failure is no difference.
func (t *comparison) differences() []Requirement {
	var rows []Requirement
	order := map[string]int{}
	for _, r := range t.results {
		var folded []string
		if r.Diagnosis != nil {
			for _, g := range r.Diagnosis.Groups {
				folded = append(folded, g.Folded...)
			}
		}
		for i, q := range r.Requirements {
			order[q.ID] = i
			held := q.Status == contract.Pass || q.Status == contract.Skip || q.Reason == notReached || slices.Contains(folded, q.ID)
			if !held && !slices.ContainsFunc(rows, func(row Requirement) bool { return row.ID == q.ID }) {
				rows = append(rows, q)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b Requirement) int { return order[a.ID] - order[b.ID] })
	return rows
}

// requirements writes a line for each difference.
func (t *comparison) requirements() {
	column := 4
	if t.Width > 0 && leastText+2+column*len(t.results) > t.Width {
		column = 3
	}
	rows := t.differences()
	if len(rows) == 0 {
		return
	}
	titles := make([]string, len(rows))
	for i, q := range rows {
		titles[i] = fmt.Sprintf("%s (%s): %s", oneLine(q.ID), q.Level, oneLine(q.Title))
	}
	width := widest(titles)
	if t.Width > 0 {
		width = min(width, max(leastText, t.Width-2-column*len(t.results)))
	}
	fmt.Fprintf(&t.b, "\n  %s", text.Pad(t.cut("what does not hold everywhere", width), width, ' '))
	for i := range t.results {
		fmt.Fprintf(&t.b, "%*d", column, i+1)
	}
	t.b.WriteString("\n")
	shown := map[contract.Status]bool{}
	for i, q := range rows {
		fmt.Fprintf(&t.b, "  %s", text.Pad(t.cut(titles[i], width), width, ' '))
		for _, r := range t.results {
			l := t.cell(r, q.ID)
			shown[l.status] = true
			fmt.Fprintf(&t.b, "%*s%s", column-text.StringWidth(l.symbol), "", (&printer{Style: t.Style}).paint(l.color, l.symbol))
		}
		t.b.WriteString("\n")
	}
	t.legend(shown)
}

// cell shows the status of a requirement. The status is empty where a target was not checked for it.
func (t *comparison) cell(r *Result, id string) statusLook {
	p := printer{Result: r, Style: t.Style}
	q := p.row(id)
	if q.Status != "" && q.Reason != notReached {
		return p.look(q.Status)
	}
	if t.ASCII {
		return statusLook{symbol: ".", color: sgrDim}
	}
	return statusLook{symbol: "·", color: sgrDim}
}

// legend says what the symbols mean.
func (t *comparison) legend(shown map[contract.Status]bool) {
	p := printer{Style: t.Style}
	var parts []string
	for _, l := range statusLooks() {
		word := l.word
		if l.status == contract.Pass {
			word = "holds"
		}
		if shown[l.status] {
			parts = append(parts, p.look(l.status).symbol+" "+word)
		}
	}
	if none := t.cell(&Result{}, ""); shown[none.status] {
		parts = append(parts, none.symbol+" not checked")
	}
	t.b.WriteString("\n" + wrap(strings.Join(parts, "  "), "  ", t.Width))
}

func (t *comparison) cut(line string, width int) string { return cutTo(line, width, t.ASCII) }

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
