package report

import (
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// mostBeside is how many results have a column each in the details: a page is not wider.
const mostBeside = 8

// details writes each requirement that does not hold everywhere, chapter by chapter, what differs first.
func (m *matrix) details() {
	kind, chapter := contrastKind(-1), ""
	for _, c := range contrasts(m.results) {
		if c.kind != kind {
			kind, chapter = c.kind, ""
			title := kind.title()
			m.b.WriteString("\n## " + strings.ToUpper(title[:1]) + title[1:] + "\n")
		}
		if c.Chapter != chapter {
			chapter = c.Chapter
			fmt.Fprintf(&m.b, "\n### %s\n\n", MarkdownCode(chapter))
			m.detailHeads()
		}
		m.detail(&c)
	}
}

func (m *matrix) detailHeads() {
	if len(m.results) > mostBeside {
		m.heads(4, "requirement", "level", "failed", "by")
		return
	}
	heads := []string{"requirement", "level"}
	for _, r := range m.results {
		heads = append(heads, MarkdownCode(r.ID()))
	}
	m.heads(len(heads), heads...)
}

func (m *matrix) detail(c *contrast) {
	requirement := MarkdownCode(c.ID) + ": " + Markdown(c.Title)
	if len(m.results) > mostBeside {
		m.row(requirement, c.Level.String(), fmt.Sprintf("%d of %d", c.tally.Violated, c.tally.Asked()), m.failing(c))
		return
	}
	cells := []string{requirement, c.Level.String()}
	for _, s := range c.statuses {
		cells = append(cells, statusCell(s))
	}
	m.row(cells...)
}

// statusCell shows a status as a symbol and a word, where it is not plain.
func statusCell(s contract.Status) string {
	if s == "" {
		return "·"
	}
	l := Style{}.look(s)
	return Markdown(strings.TrimSpace(l.symbol + " " + l.word))
}

// failing names the stores in which a requirement fails, or those in which it holds where these are fewer; then
// those that are unsure, and those whose known failure is out of date.
func (m *matrix) failing(c *contrast) string {
	failed, held, more := c.with(Violated), c.with(Holds), ""
	if unsure := c.with(Unsure); unsure != nil {
		more += "; unsure: " + m.names(unsure)
	}
	if fixed := c.fixed(); fixed != nil {
		more += "; fixed: " + m.names(fixed)
	}
	switch {
	case more != "" || len(failed) <= 2*max(1, len(held)):
		return strings.TrimPrefix(m.names(failed)+more, "; ")
	case len(held) == 0:
		return "all that were asked"
	}
	return "all that were asked but " + m.names(held)
}

// names lists results.
func (m *matrix) names(indices []int) string {
	var all []string
	for _, i := range indices {
		all = append(all, MarkdownCode(m.results[i].ID()))
	}
	return strings.Join(all, ", ")
}
