package soak

import (
	"fmt"
	"io"
	"strings"
)

// A line is one figure over the year.
type line struct {
	name   string
	unit   string
	of     func(Sample) *float64
	values []float64
}

// lines returns the figures that every sample has.
func lines(samples []Sample) (shown []line) {
	for _, l := range []line{
		{name: "living", unit: "sessions", of: func(s Sample) *float64 { return new(float64(s.Living)) }},
		{name: "length", unit: "sessions", of: func(s Sample) *float64 { return s.Length }},
		{name: "files", unit: "files", of: func(s Sample) *float64 { return s.Files }},
		{name: "bytes", unit: "KiB", of: func(s Sample) *float64 { return part(s.Bytes, 1<<10) }},
		{name: "memory", unit: "MiB", of: func(s Sample) *float64 { return part(s.Memory, 1<<20) }},
		{name: "get", unit: "ms", of: func(s Sample) *float64 { return new(s.CallMs) }},
	} {
		missing := false
		for n, s := range samples {
			v := l.of(s)
			switch {
			case v != nil:
				l.values = append(l.values, *v)
			case n == 0: // nothing is there before the first visitor
				l.values = append(l.values, 0)
			default:
				missing = true
			}
		}
		if !missing && len(samples) > 0 {
			shown = append(shown, l)
		}
	}
	return shown
}

func part(v *float64, unit float64) *float64 {
	if v == nil {
		return nil
	}
	return new(*v / unit)
}

func (l line) most() (most float64) {
	for _, v := range l.values {
		most = max(most, v)
	}
	return most
}

// last is a figure in the middle of the time and one at its end.
func (l line) last() (middle, end float64) {
	return l.values[len(l.values)/2], l.values[len(l.values)-1]
}

var blocks = []rune("▁▂▃▄▅▆▇█")

// Chart writes a chart for a terminal: a row for each figure, from zero to its greatest value.
func Chart(w io.Writer, samples []Sample) error {
	var b strings.Builder
	for _, l := range lines(samples) {
		most := l.most()
		fmt.Fprintf(&b, "  %-7s ", l.name)
		for _, v := range l.values {
			k := 0
			if most > 0 {
				k = min(len(blocks)-1, int(v/most*float64(len(blocks))))
			}
			b.WriteRune(blocks[k])
		}
		middle, end := l.last()
		fmt.Fprintf(&b, "  %s %s after half of the time, %s at the end\n", short(middle), l.unit, short(end))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 1:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// SVG writes the chart as a picture: a panel for each figure.
func SVG(w io.Writer, title string, samples []Sample) error {
	const width, panel, left, inner = 720, 90, 110, 560
	all := lines(samples)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13"><title>%s</title>`,
		width, 40+panel*len(all), escape(title))
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="#fff"/><text x="12" y="24" font-weight="bold">%s</text>`, escape(title))
	for n, l := range all {
		top, most := 40+panel*n, l.most()
		if most == 0 {
			most = 1
		}
		fmt.Fprintf(&b, `<text x="12" y="%d">%s</text><text x="12" y="%d" fill="#666">%s %s</text>`, top+24, l.name, top+42, short(l.most()), l.unit)
		fmt.Fprintf(&b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#ccc"/><polyline fill="none" stroke="#1668a8" stroke-width="2" points="`,
			left, top+70, left+inner, top+70)
		for k, v := range l.values {
			x := float64(left) + float64(inner)*float64(k)/float64(max(1, len(l.values)-1))
			fmt.Fprintf(&b, "%.1f,%.1f ", x, float64(top)+70-60*v/most)
		}
		b.WriteString(`"/>`)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
