package site

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/storecheck/storecheck/report"
)

// A chart is horizontal bars, drawn when the site is made. A table beside it has the same numbers.
type chart struct {
	Label, Caption string
	Columns        []string
	Keys           []key // what the colours mean, where there are several
	Bars           []bar
}

// A key is a colour and its meaning.
type key struct{ Class, Text string }

// A bar is a store.
type bar struct {
	Name  string
	Parts []part
	Value string   // what stands behind the bar
	Cells []string // the same in the table
}

// A part is a stretch of a bar.
type part struct {
	Class    string
	X, Width int
}

// fullWidth is that of the longest bar. The page stretches the drawings to the width that it has.
const fullWidth = 400

// add adds the bar of a store, of stretches that are each a share of the full width.
func (c *chart) add(name string, value string, cells []string, shares []float64, classes []string) {
	b := bar{Name: name, Value: value, Cells: cells}
	x := 0
	for i, share := range shares {
		width := int(math.Round(share * fullWidth))
		if share > 0 {
			width = max(width, 2) // a little is not nothing
		}
		if width > 0 {
			b.Parts = append(b.Parts, part{classes[i], x, width})
		}
		x += width
	}
	c.Bars = append(c.Bars, b)
}

func conformanceChart(run *namedRun) chart {
	c := chart{
		Label:   "The share of the Musts that hold, fail or have no clear answer, by store",
		Caption: "The Musts that could be asked of each store.",
		Columns: []string{"hold", "no clear answer", "fail", "asked"},
		Keys:    []key{{"p", "hold"}, {"u", "no clear answer"}, {"f", "fail"}},
	}
	for _, s := range run.Stores {
		m := s.Must
		share := func(n int) float64 { return float64(n) / float64(max(1, m.Asked())) }
		c.add(s.Name+" "+s.Version, fmt.Sprintf("%d of %d", m.Held, m.Asked()),
			[]string{fmt.Sprint(m.Held), fmt.Sprint(m.Unsure), fmt.Sprint(m.Violated), fmt.Sprint(m.Asked())},
			[]float64{share(m.Held), share(m.Unsure), share(m.Violated)}, []string{"p", "u", "f"})
	}
	return c
}

// A promise is how exactly sessions end, as stores claim it, and who keeps it.
type promise struct {
	Within      string
	Keep, Break []*store // whose chapter expiry has no failed Must, or one
	ms          int
}

// promisesOf are the claims of the stores of a run, the most exact first.
func promisesOf(run *namedRun) []*promise {
	var all []*promise
	for _, s := range run.Stores {
		if s.Store == nil || s.Result.Verdict == report.Broken {
			continue
		}
		ms := s.Store.GranularityMs
		i := slices.IndexFunc(all, func(p *promise) bool { return p.ms == ms })
		if i < 0 {
			i = len(all)
			all = append(all, &promise{Within: within(ms), ms: ms})
		}
		if slices.ContainsFunc(s.Cells, func(c cell) bool { return c.Chapter == "expiry" && c.Must.Violated > 0 }) {
			all[i].Break = append(all[i].Break, s)
		} else {
			all[i].Keep = append(all[i].Keep, s)
		}
	}
	slices.SortFunc(all, func(a, b *promise) int { return a.ms - b.ms })
	return all
}

// within writes milliseconds in the largest unit that needs no fraction.
func within(ms int) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if d := time.Duration(ms) * time.Millisecond; d >= unit.length && d%unit.length == 0 {
			return fmt.Sprintf("%d %s", d/unit.length, unit.name)
		}
	}
	return fmt.Sprintf("%d ms", ms)
}
