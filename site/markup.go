package site

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A markup is HTML of which a site has a hundred thousand pieces: cells and items of lists. A template takes most of the time of a site for them.
type markup struct{ strings.Builder }

// raw writes HTML of our own.
func (m *markup) raw(parts ...string) {
	for _, p := range parts {
		m.WriteString(p)
	}
}

// text writes a text of whatever origin.
func (m *markup) text(s string) { template.HTMLEscape(m, []byte(report.Clean(s))) }

func (m *markup) html() template.HTML { return template.HTML(m.String()) } //nolint:gosec // every text in it was escaped

func (m *markup) status(s contract.Status, level contract.Level) {
	l := lookAt(s, level)
	m.raw(`<span class="status `, l.Class, `">`, l.Symbol, " ", l.Word, "</span>")
}

// linkTo writes the link to a store. Base is the way to the root of the run. A slug is safe in an address, and in HTML.
func (m *markup) linkTo(base string, st *store) {
	m.raw(`<a href="`, base, "store/", st.Slug, `/index.html">`)
	m.text(st.Name)
	m.raw("</a> ")
	m.text(st.Version)
}

// Chapters are the cells of a store on the front page. What fails leads to the first failure of the chapter on the page of the store. Where the cell is another one if
// only Musts count, it has that too, and the style shows one of both.
func (p *matrixPage) Chapters(st *store) template.HTML {
	var m markup
	for i, c := range st.Cells {
		if !p.Run.Chapters[i].Asked {
			continue
		}
		class := c.Class()
		m.raw(`<td class="cell `, class, `" data-chapter="`)
		m.text(c.Chapter)
		if c.Class() == "p" {
			m.raw(`" title="`)
			m.text(c.Chapter)
			m.raw(": ", c.Tally())
		}
		m.raw(`">`)
		linked := class == "f" || class == "w" || class == "u"
		if linked {
			m.raw(`<a href="`, p.Base, "store/", st.Slug, "/index.html#", st.landing(c.Chapter), `" title="`)
			m.text(c.Chapter)
			m.raw(": ", c.Tally(), `">`)
		}
		must, should := c.Must.Violated, c.Should.Violated
		if must > 0 {
			m.raw(strconv.Itoa(must))
		}
		if should > 0 {
			m.raw(`<span class="s">+`, strconv.Itoa(should), "</span>")
		}
		if only := c.musts(); must == 0 && only.Class() != class {
			if should == 0 {
				m.raw(`<span class="s">`, c.symbol(), "</span>")
			}
			m.raw(`<span class="m `, only.Class(), `">`, only.symbol(), "</span>")
		} else if must+should == 0 {
			m.raw(c.symbol())
		}
		if linked {
			m.raw("</a>")
		}
		m.raw("</td>")
	}
	return m.html()
}

// Heads are the heads of the columns of stores, which each chapter has.
func (p *matrixPage) Heads() template.HTML {
	var m markup
	for _, st := range p.Run.Stores {
		m.raw(`<th scope="col" class="turned" data-slug="`, st.Slug, `"><a href="`, p.Base, "store/", st.Slug, `/index.html">`)
		m.text(st.Name + " " + st.Version)
		m.raw("</a></th>")
	}
	return m.html()
}

// Row is the cells of a requirement on the front page, one for each store.
func (p *matrixPage) Row(q *requirement) template.HTML {
	var m markup
	id := template.HTMLEscapeString(anchor(q.ID))
	for _, st := range p.Run.Stores {
		level := q.Level
		if row := st.Of(q.ID); row != nil {
			level = row.Level // a profile may have another one
		}
		l := lookAt(st.Status(q.ID), level)
		m.raw("<td class=", l.Class, ">")
		if st.shows(q.ID) {
			m.raw(`<a href="`, p.Base, "store/", st.Slug, "/index.html#", id, `">`, l.Symbol, "</a>")
		} else {
			m.raw(l.Symbol)
		}
	}
	return m.html()
}

// Links are links to stores, with commas between.
func (p *matrixPage) Links(stores []*store) template.HTML {
	var m markup
	for i, st := range stores {
		if i > 0 {
			m.raw(", ")
		}
		m.linkTo(p.Base, st)
	}
	return m.html()
}

// List are links to the stores of verdicts.
func (p *requirementPage) List(of []verdict) template.HTML {
	var m markup
	for _, v := range of {
		m.raw("<li>")
		m.linkTo(p.Base, v.Store)
		m.raw("</li>\n")
	}
	return m.html()
}
