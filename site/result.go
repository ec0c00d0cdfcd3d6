package site

import (
	"fmt"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// storePage is a store in one run.
type storePage struct {
	frame
	*store
	History []*store
	Address string
	// Linked is true where the pages of the requirements are beside this one.
	Linked bool
	// Open is true where the failures are unfolded.
	Open bool
	// Gone is true where the newest run has no result of the store.
	Gone bool
	// Prefix begins the ids of the page's elements, where several results share a page.
	Prefix string
}

func (s *site) storePage(f frame, st *store) *storePage {
	f.Title = st.Name + " " + st.Version
	f.About = fmt.Sprintf("%s %s: %s.", st.Name, st.Version, badgeText(st))
	return &storePage{frame: f, store: st, History: s.historyOf(st), Address: s.Address, Linked: true, Gone: !f.Pinned && st.Run != s.runs[0]}
}

// Run is that of the page; the store has the same.
func (p *storePage) Run() *namedRun { return p.frame.Run }

// Badge is the text of the badge.
func (p *storePage) Badge() string { return badgeText(p.store) }

// BadgeWidth is its width in pixels.
func (p *storePage) BadgeWidth() int { return newBadge(p.store).Width }

// A group is a chapter of one store.
type group struct {
	cell
	Name string
	Rows []*report.Requirement
	page *storePage
}

// Groups are the requirements by chapter.
func (p *storePage) Groups() []group {
	var all []group
	for i, c := range p.frame.Run.Chapters {
		g := group{cell: p.Cells[i], Name: c.Name, page: p}
		for _, q := range c.Requirements {
			if row := p.Of(q.ID); row != nil {
				g.Rows = append(g.Rows, row)
			}
		}
		if len(g.Rows) > 0 { // or the chapter is newer than the result
			all = append(all, g)
		}
	}
	return all
}

// Asked is how many stores were asked.
func (p *requirementPage) Asked() int { return len(p.Fails) + len(p.Unsure) + len(p.Holds) }

// Meaning says what the level means.
func (p *requirementPage) Meaning() string {
	switch p.requirement.Level {
	case contract.Must:
		return "a store that violates it is not conformant"
	case contract.Should:
		return "a violation hurts users, but the contract allows it"
	case contract.May:
	}
	return "the store may decide; what it does is recorded and never judged"
}
