package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// An Absent is a store without a result, and why there is none.
type Absent struct{ Name, Homepage, Why string }

// MarkdownHead writes a table in Markdown with a line for each result, what fails least at the front.
func MarkdownHead(w io.Writer, results []*Result) error {
	m := newMatrix(results)
	m.head()
	_, err := io.WriteString(w, m.b.String())
	return err
}

// MarkdownMatrix writes the table of MarkdownHead and, below it, where the stores fail: a table of stores and chapters, and each requirement that
// does not hold everywhere, what differs first. At the end stand the stores without a result.
func MarkdownMatrix(w io.Writer, results []*Result, absent []Absent) error {
	m := newMatrix(results)
	m.head()
	m.versions()
	m.byChapter()
	m.details()
	m.absent(absent)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// A matrix is results in the order of the table.
type matrix struct {
	results []*Result
	b       strings.Builder
}

func newMatrix(results []*Result) *matrix { return &matrix{results: Ranked(results)} }

// Ranked returns the results with what fails least at the front, and what broke at the end.
func Ranked(results []*Result) []*Result {
	ranked := slices.Clone(results)
	slices.SortStableFunc(ranked, func(a, b *Result) int {
		return cmp.Or(
			cmp.Compare(a.rank(), b.rank()),
			cmp.Compare(a.level(contract.Must).Violated, b.level(contract.Must).Violated),
			cmp.Compare(a.level(contract.Should).Violated, b.level(contract.Should).Violated),
			cmp.Compare(a.ID(), b.ID()),
		)
	})
	return ranked
}

// rank is the place of a verdict: what is broken stands at the end.
func (r *Result) rank() int {
	return slices.Index([]Verdict{Conformant, Inconclusive, Nonconformant, Broken}, r.Verdict)
}

// level counts the outcomes of a level, as far as the run came.
func (r *Result) level(l contract.Level) Tally {
	return r.Tally(func(q *Requirement) bool { return q.Level == l && q.Reached() })
}

// row writes a line of a table. The cells are Markdown.
func (m *matrix) row(cells ...string) { m.b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }

// heads writes the first two lines of a table. Columns of numbers, from the given one on, are aligned to the right.
func (m *matrix) heads(numbers int, names ...string) {
	m.row(names...)
	rules := make([]string, len(names))
	for i := range names {
		rules[i] = "---"
		if i >= numbers {
			rules[i] = "--:"
		}
	}
	m.row(rules...)
}

func (m *matrix) head() {
	m.heads(4, "store", "version", "backend", "verdict", "Must failed", "Should failed", "seconds", "date")
	for _, r := range m.results {
		version, backend, homepage := r.Target.Version, "", ""
		if r.Store != nil {
			version, backend, homepage = r.Store.Version, r.Store.Backend, r.Store.Homepage
			if r.Store.Server != nil && r.Store.Server.Emulator {
				backend += " (emulator)"
			}
		}
		m.row(
			r.markdownName(homepage), Markdown(version), Markdown(backend), r.outcomeWord(), r.level(contract.Must).words(), r.level(contract.Should).words(),
			fmt.Sprintf("%.1f", r.Seconds), r.Started.UTC().Format(time.DateOnly),
		)
	}
}

// markdownName is the name of what was checked, without the version.
func (r *Result) markdownName(homepage string) string {
	if r.Store == nil {
		return markdownLink(r.Target.Name, homepage)
	}
	name := markdownLink(r.Store.Package, homepage)
	if options := strings.TrimSpace(r.Store.optionText()); options != "" {
		name += " " + MarkdownCode(options)
	}
	return name
}

// words is a tally for a table with room.
func (t Tally) words() string {
	switch {
	case t.Asked() == 0:
		return ""
	case t.Unsure > 0:
		return fmt.Sprintf("%d of %d, %d unsure", t.Violated, t.Asked(), t.Unsure)
	}
	return fmt.Sprintf("%d of %d", t.Violated, t.Asked())
}

// versions writes what the results are of.
func (m *matrix) versions() {
	fmt.Fprintf(&m.b, "\nResults: %d, contract %s, profile %s, storecheck %s.\n", len(m.results),
		Markdown(each(m.results, func(r *Result) string { return r.Contract })), Markdown(each(m.results, (*Result).ProfileName)), Markdown(each(m.results, func(r *Result) string { return r.Storecheck })))
}

// each lists the values of the results, each once.
func each(results []*Result, of func(*Result) string) string {
	var all []string
	for _, r := range results {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

// byChapter writes how many of the requirements of each chapter fail in each store.
func (m *matrix) byChapter() {
	m.b.WriteString("\n## By chapter\n\n")
	heads, holds := []string{"store"}, []string{}
	var shown []string
	for _, name := range chapters(m.results) {
		if slices.ContainsFunc(m.results, func(r *Result) bool { t := r.chapter(name); return t.Violated+t.Unsure > 0 }) {
			heads, shown = append(heads, MarkdownCode(name)), append(shown, name)
		} else {
			holds = append(holds, MarkdownCode(name))
		}
	}
	if shown != nil {
		m.heads(1, heads...)
		for _, r := range m.results {
			cells := []string{MarkdownCode(r.ID())}
			for _, name := range shown {
				cells = append(cells, r.chapter(name).cell("✓", "·"))
			}
			m.row(cells...)
		}
		m.b.WriteString("\n" + chapterLegend("✓", "·") + ".\n")
	}
	if len(holds) > 0 {
		m.b.WriteString("\nEverything holds, as far as it was asked, in " + strings.Join(holds, ", ") + ".\n")
	}
}

// absent lists the stores without a result.
func (m *matrix) absent(stores []Absent) {
	if len(stores) == 0 {
		return
	}
	m.b.WriteString("\n## Without a result\n\n")
	m.heads(2, "store", "why")
	for _, a := range stores {
		m.row(markdownLink(a.Name, a.Homepage), Markdown(a.Why))
	}
}
