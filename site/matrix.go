package site

import (
	"slices"

	"github.com/storecheck/storecheck/report"
)

// matrixPage is the front page.
type matrixPage struct {
	frame
	Conformance chart
	Promises    []*promise
	// Speed has no bars where nothing was measured.
	Speed      chart
	Absent     []Absent
	FaultCount int
}

func (s *site) matrixPage(f frame, run *namedRun) *matrixPage {
	f.Title = "Which session store keeps its word?"
	f.About = "Session stores of express-session, judged side by side by the same suite, on real servers."
	p := &matrixPage{frame: f, Conformance: conformanceChart(run), Promises: promisesOf(run), FaultCount: len(s.Faults)}
	if run == s.runs[0] {
		p.Absent = s.absents
		p.Speed = speedChart(s.Speed)
	}
	return p
}

// Have is how many stores have a verdict.
func (p *matrixPage) Have(verdict string) int {
	n := 0
	for _, s := range p.Run.Stores {
		if string(s.Result.Verdict) == verdict {
			n++
		}
	}
	return n
}

// Unasked are the chapters of which nothing was asked.
func (p *matrixPage) Unasked() []chapter {
	return slices.DeleteFunc(slices.Clone(p.Run.Chapters), func(c chapter) bool { return c.Asked })
}

// Verdicts are those that occur, the best first.
func (p *matrixPage) Verdicts() []string {
	var all []string
	for _, v := range []report.Verdict{report.Conformant, report.Inconclusive, report.Nonconformant, report.Broken} {
		if p.Have(string(v)) > 0 {
			all = append(all, string(v))
		}
	}
	return all
}

// Profiles are the names of those that occur.
func (p *matrixPage) Profiles() []string {
	return p.distinct(func(s *store) string { return s.ProfileName() })
}

// Kinds are the places of sessions that occur.
func (p *matrixPage) Kinds() []string { return p.distinct((*store).Kind) }

// Columns are the chapters of which something was asked.
func (p *matrixPage) Columns() []chapter {
	return slices.DeleteFunc(slices.Clone(p.Run.Chapters), func(c chapter) bool { return !c.Asked })
}

func (p *matrixPage) distinct(of func(*store) string) []string {
	var all []string
	for _, s := range p.Run.Stores {
		if v := of(s); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return all
}
