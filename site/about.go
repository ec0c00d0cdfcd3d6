package site

import (
	"fmt"

	"github.com/storecheck/storecheck/spec/contract"
)

// listPage is all requirements of a run.
type listPage struct {
	frame
	Rows []chapterList
}

// A chapterList is a chapter, and how each of its requirements stands.
type chapterList struct {
	chapter
	Lines []line
}

// A line is a requirement, and how many stores violate it of those that were asked.
type line struct {
	*requirement
	Fails, Asked int
}

// Judged is false of what is only recorded.
func (l line) Judged() bool { return l.Level != contract.May }

func (s *site) listPage(f frame, run *namedRun) *listPage {
	f.Title = "Every requirement"
	f.About = fmt.Sprintf("The %d requirements that storecheck puts to session stores.", len(run.rules()))
	p := &listPage{frame: f}
	for _, c := range run.Chapters {
		list := chapterList{chapter: c}
		for _, q := range c.Requirements {
			l := line{requirement: q}
			for _, st := range run.Stores {
				if row := st.Of(q.ID); row != nil && lookAt(row.Status, row.Level).Class != "n" {
					l.Asked++
				}
				if st.Fails(q.ID) {
					l.Fails++
				}
			}
			list.Lines = append(list.Lines, l)
		}
		p.Rows = append(p.Rows, list)
	}
	return p
}

// rules are the requirements of the run as data, without their texts.
func (r *namedRun) rules() []ruleData {
	var all []ruleData
	for _, c := range r.Chapters {
		for _, q := range c.Requirements {
			rule := ruleOf(q)
			rule.Text, rule.Why, rule.Source = "", "", ""
			all = append(all, rule)
		}
	}
	return all
}

func (s *site) listData(run *namedRun) any {
	return struct {
		Schema       int        `json:"schema"`
		Run          string     `json:"run"`
		Requirements []ruleData `json:"requirements"`
	}{Schema, run.Name, run.rules()}
}

// aboutPage says how to read the site.
type aboutPage struct {
	frame
	Counts  map[contract.Level]int
	Faults  int
	Dangers []danger
	has     map[string]bool // by id, the requirements of the newest run
}

// Has reports whether a requirement has a page.
func (p *aboutPage) Has(id string) bool { return p.has[id] }

// Count is how many requirements a level has, by its name.
func (p *aboutPage) Count(level string) int {
	var l contract.Level
	if l.UnmarshalText([]byte(level)) != nil {
		return 0
	}
	return p.Counts[l]
}

// Total is how many requirements there are.
func (p *aboutPage) Total() int { return p.Count("must") + p.Count("should") + p.Count("may") }

func (s *site) aboutFiles() []file {
	const place = "about/"
	return []file{{place + "index.html", func() ([]byte, error) {
		p := &aboutPage{
			frame:  frame{Root: "../", Base: "../", Title: "How to read this", Place: place, About: "What the words and signs of this site mean, and how to check a store yourself."},
			Counts: map[contract.Level]int{}, Faults: len(s.Faults), Dangers: allDangers(), has: map[string]bool{},
		}
		for _, rule := range s.runs[0].rules() {
			p.Counts[rule.Level]++
			p.has[rule.ID] = true
		}
		return s.render("about", p)
	}}}
}
