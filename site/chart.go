package site

import (
	"fmt"
	"math"

	"github.com/storecheck/storecheck/report"
)

// A chart is horizontal bars, drawn when the site is made. A table beside it has the same numbers.
type chart struct {
	Label, Caption string
	Columns        []string
	Bars           []bar
}

// A bar is a store.
type bar struct {
	Name  string
	Parts []part
	Value string   // what stands behind the bar
	Cells []string // the same in the table
	EndX  int
	TextY int
}

// A part is a stretch of a bar.
type part struct {
	Class       string
	X, Y, Width int
}

// The places in a chart, in pixels of a drawing that is 720 wide.
const (
	axis      = 290
	fullWidth = 330
	rowHeight = 20
)

// Axis is where the bars begin.
func (chart) Axis() int { return axis - 8 }

// Height is that of the drawing.
func (c chart) Height() int { return len(c.Bars)*rowHeight + 4 }

// add adds the bar of a store, of stretches that are each a share of the full width.
func (c *chart) add(name string, value string, cells []string, shares []float64, classes []string) {
	y := len(c.Bars)*rowHeight + 2
	b := bar{Name: shorten(name, 42), Value: value, Cells: cells, TextY: y + 12}
	x := axis
	for i, share := range shares {
		width := int(math.Round(share * fullWidth))
		if share > 0 {
			width = max(width, 2) // a little is not nothing
		}
		b.Parts = append(b.Parts, part{classes[i], x, y, width})
		x += width
	}
	b.EndX = x + 6
	c.Bars = append(c.Bars, b)
}

func conformanceChart(run *namedRun) chart {
	c := chart{
		Label:   "Musts that hold, fail or have no clear answer, by store",
		Caption: "The Musts that could be asked of each store: those that hold, those without a clear answer, those that fail.",
		Columns: []string{"hold", "no clear answer", "fail"},
	}
	most := 1
	for _, s := range run.Stores {
		most = max(most, s.Must.Asked())
	}
	for _, s := range run.Stores {
		m := s.Must
		share := func(n int) float64 { return float64(n) / float64(most) }
		c.add(s.Name+" "+s.Version, fmt.Sprintf("%d of %d", m.Held, m.Asked()), []string{fmt.Sprint(m.Held), fmt.Sprint(m.Unsure), fmt.Sprint(m.Violated)},
			[]float64{share(m.Held), share(m.Unsure), share(m.Violated)}, []string{"p", "u", "f"})
	}
	return c
}

func expiryChart(run *namedRun) chart {
	c := chart{
		Label:   "Claimed accuracy of expiry in milliseconds, by store",
		Caption: "The scale is logarithmic: a short bar ends sessions to the millisecond. Red: the chapter expiry found a failed Must.",
		Columns: []string{"claimed, ms", "Musts of the chapter expiry that fail"},
	}
	const longest = 60_000 // milliseconds that fill the width
	for _, s := range run.Stores {
		if s.Store == nil || s.Result.Verdict == report.Broken {
			continue
		}
		failed := 0
		for _, cell := range s.Cells {
			if cell.Chapter == "expiry" {
				failed = cell.Must.Violated
			}
		}
		class := "p"
		if failed > 0 {
			class = "f"
		}
		ms := float64(s.Store.GranularityMs)
		c.add(s.Name+" "+s.Version, fmt.Sprintf("%d ms", s.Store.GranularityMs), []string{fmt.Sprint(s.Store.GranularityMs), fmt.Sprint(failed)},
			[]float64{min(1, math.Log10(1+ms)/math.Log10(longest))}, []string{class})
	}
	return c
}

// shorten cuts a name that would run out of the drawing.
func shorten(name string, most int) string {
	runes := []rune(name)
	if len(runes) <= most {
		return name
	}
	return string(runes[:most-1]) + "…"
}
