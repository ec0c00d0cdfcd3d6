package site

import (
	"html/template"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// requirement writes the id and the level of a requirement.
func (m *markup) requirement(p *storePage, q *report.Requirement) {
	m.idOf(p, q)
	m.raw(` <span class="level">`, q.Level.String(), "</span> ")
}

// idOf writes the id of a requirement, which leads to its page where there is one.
func (m *markup) idOf(p *storePage, q *report.Requirement) {
	if p.Linked {
		m.raw(`<a href="`, p.Base, "requirement/")
		m.text(q.ID)
		m.raw(`/index.html">`)
	}
	m.text(q.ID)
	if p.Linked {
		m.raw("</a>")
	}
}

// id writes the id of the place of a requirement on the page.
func (m *markup) id(p *storePage, q *report.Requirement) {
	m.raw(p.Prefix)
	m.text(anchor(q.ID))
}

// calls writes what was seen of a failure.
func (m *markup) calls(q *report.Requirement, open bool) {
	m.raw("<details")
	if open {
		m.raw(" open")
	}
	m.raw(`><summary>The calls, what was wanted and what was got</summary><pre tabindex="0">`)
	if q.Message != "" {
		m.text(q.Message)
	} else {
		m.text(q.Reason)
	}
	m.raw("</pre>\n")
}

// Failure is a requirement that does not hold. A nested one stands below its cause.
func (p *storePage) Failure(q *report.Requirement, nested bool) template.HTML {
	var m markup
	heading := "h3>"
	if nested {
		heading = "h4>"
	}
	m.raw(`<article class="failure `, q.Level.String(), `" id="`)
	m.id(p, q)
	m.raw(`"><`, heading)
	m.requirement(p, q)
	m.text(q.Title)
	m.raw("</", heading)
	m.calls(q, p.Open)
	if q.Again != "" {
		m.raw(`<p>Again:</p><pre tabindex="0">`)
		m.text(q.Again)
		m.raw("</pre>")
	}
	if i := slices.IndexFunc(p.Cells, func(c cell) bool { return c.Chapter == q.Chapter }); i >= 0 {
		m.raw(`<p class="whole">The whole chapter: <a href="#`, p.Prefix, "chapter-")
		m.text(q.Chapter)
		m.raw(`">`)
		m.text(q.Chapter)
		m.raw("</a>, ", p.Cells[i].Tally(), ".</p>")
	}
	m.raw("</details></article>\n")
	return m.html()
}

// Unclear are the requirements that have no clear verdict for one reason.
func (p *storePage) Unclear(u unsettled) template.HTML {
	var m markup
	for _, q := range u.Rows {
		m.raw(`<li id="`)
		m.id(p, q)
		m.raw(`">`)
		m.requirement(p, q)
		m.raw("</li>\n")
	}
	return m.html()
}

// Choices are what the store does where it may choose.
func (p *storePage) Choices() template.HTML {
	var m markup
	for _, q := range p.Recorded() {
		m.raw(`<div id="`)
		m.id(p, q)
		m.raw(`"><dt>`)
		m.text(q.Title)
		m.raw(` <span class="level">`)
		m.idOf(p, q)
		m.raw("</span></dt><dd>")
		m.text(q.Observed)
		m.raw("</dd></div>\n")
	}
	return m.html()
}

// List are the verdicts of a chapter, what fails first.
func (g group) List() template.HTML {
	var m markup
	failed := func(q *report.Requirement) int {
		if report.OutcomeOf(q.Status) == report.Violated {
			return 0
		}
		return 1
	}
	for _, q := range slices.SortedStableFunc(slices.Values(g.Rows), func(a, b *report.Requirement) int { return failed(a) - failed(b) }) {
		m.raw("<li>")
		m.status(q.Status, q.Level)
		m.raw(" ")
		m.requirement(g.page, q)
		m.raw(`<span class="title">`)
		m.text(q.Title)
		m.raw("</span>")
		if q.Reason != "" && q.Status != contract.Pass {
			m.raw(` <span class="reason">`)
			m.text(q.Reason)
			m.raw("</span>")
		}
		if report.OutcomeOf(q.Status) == report.Violated {
			m.raw(` <a href="#`)
			m.id(g.page, q)
			m.raw(`">what was seen</a>`)
		}
		m.raw("</li>\n")
	}
	return m.html()
}

// Heading names the store of a verdict, and leads to the place of the requirement on its page.
func (p *requirementPage) Heading(v verdict) template.HTML {
	var m markup
	m.raw(`<h3><a href="`, p.Base, "store/", v.Store.Slug, "/index.html#")
	m.text(anchor(p.ID))
	m.raw(`">`)
	m.text(v.Store.Name)
	m.raw(`</a> <span class="version">`)
	m.text(v.Store.Version)
	m.raw("</span></h3>\n")
	return m.html()
}

// Calls are what was seen of a failure.
func (v verdict) Calls() template.HTML {
	var m markup
	m.calls(v.Requirement, false)
	m.raw("</details>")
	return m.html()
}

// Warnings are what users of the store may meet.
func (p *storePage) Warnings() template.HTML {
	var m markup
	for _, w := range p.Dangers() {
		m.raw("<li><strong>", w.Says, ":</strong><ul>")
		for _, item := range w.Items {
			m.raw("<li>")
			m.text(strings.TrimSuffix(item.Says, "."))
			m.raw(" (")
			for i, q := range item.Of {
				if i > 0 {
					m.raw(", ")
				}
				m.raw(`<a href="#`)
				m.id(p, q)
				m.raw(`">`)
				m.text(q.ID)
				m.raw("</a>")
				if q.Level == contract.Should {
					m.raw(` <span class="level">should</span>`)
				}
			}
			m.raw(")</li>\n")
		}
		m.raw("</ul></li>\n")
	}
	return m.html()
}
