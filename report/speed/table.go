package speed

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/report"
)

const (
	// usualWidth is that of a report that goes to no terminal.
	usualWidth = 80
	// mostName and mostBar bound the columns with the names and the bars.
	mostName, mostBar = 40, 40
	leastBar          = 8
	// leastName has room for the title of a section.
	leastName = 20
)

// columns are the widths of the numbers: calls a second, spread, ratio, p50, p99.
var columns = []int{9, 6, 8, 10, 10}

// Pretty writes tables for a person: one for each size and number of callers, with a block for each operation, and a bar for each figure.
func Pretty(w io.Writer, r *Result, s report.Style) error {
	p := newTable(r, s)
	p.head()
	for i, size := range r.Plan.Sizes {
		for _, callers := range r.Plan.Callers {
			p.section(size, callers, i == 0)
		}
	}
	p.remarks()
	_, err := io.WriteString(w, p.b.String())
	return err
}

type table struct {
	*Result
	report.Style
	b         strings.Builder
	name, bar int // widths
}

func newTable(r *Result, s report.Style) *table {
	p := &table{Result: r, Style: s}
	width := cmp.Or(s.Width, usualWidth)
	numbers := 0
	for _, c := range columns {
		numbers += c
	}
	longest := 0
	for _, t := range r.Targets {
		longest = max(longest, text.StringWidth(report.OneLine(t.Spec)))
	}
	p.name = max(min(longest, mostName, width-numbers-leastBar-4), leastName)
	p.bar = max(min(mostBar, width-numbers-p.name-4), 0)
	return p
}

func (p *table) line(format string, args ...any) {
	p.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// wrapped writes a sentence in lines that fit.
func (p *table) wrapped(indent, sentence string) {
	width := cmp.Or(p.Width, usualWidth) - len(indent)
	for l := range strings.Lines(text.WrapSoft(sentence, max(width, 1))) {
		p.line("%s%s", indent, strings.TrimSpace(l))
	}
}

func (p *table) head() {
	m, plan := p.Machine, p.Plan
	p.wrapped("", fmt.Sprintf("storecheck %s · %s/%s, %s · %s · seed %d", p.Storecheck, m.OS, m.Arch, plural(m.CPUs, "processor"), plural(plan.Rounds, "round"), p.Seed))
	p.wrapped("", fmt.Sprintf("%d sessions; %.3g s for each figure in each round, after %.3g s that do not count", plan.Sessions, plan.Seconds, plan.WarmUp))
	for _, t := range p.Targets {
		about := strings.TrimSpace(t.Name + " " + t.Version)
		for _, more := range []string{t.Runtime, t.Shortcuts} {
			if more != "" {
				about += " · " + more
			}
		}
		if t.OverBridge {
			about += " · called over the bridge: its program cannot measure"
		}
		p.wrapped("  ", report.OneLine(t.Spec+": "+about))
		if t.Broken != "" {
			p.wrapped("    ", "BROKE: "+report.OneLine(t.Broken))
		}
		for _, n := range t.Notes {
			p.wrapped("    ", "note: "+report.OneLine(n))
		}
	}
}

func (p *table) section(size, callers int, withNone bool) {
	title := fmt.Sprintf("%d B, %s", size, plural(callers, "caller"))
	p.line("")
	p.line("%s%s", pad(p.bold(title), text.StringWidth(title), p.name+2), cells("calls/s", "±", "ratio", "p50", "p99"))
	for _, o := range p.Plan.Operations {
		if o == bench.None && !withNone {
			continue
		}
		name := string(o)
		if o == bench.None {
			name = "no store at all: what the driver takes for the mix"
		}
		p.line("%s", name)
		fastest := 0.0
		figures := p.figuresOf(Step{o, size, callers})
		for _, f := range figures {
			fastest = max(fastest, f.CallsPerSecond)
		}
		for _, f := range figures {
			p.figure(f, fastest)
		}
		for _, t := range p.Targets {
			if o == bench.Touch && t.lacksTouch() {
				p.line("%s  has no touch: its mix sets each time", p.nameOf(t.Spec))
			}
		}
	}
}

// nameOf is the first cell of a row.
func (p *table) nameOf(target string) string {
	name := text.Snip(report.OneLine(target), p.name, "…")
	return "  " + pad(name, text.StringWidth(name), p.name)
}

func (p *table) figure(f Figure, fastest float64) {
	name := p.nameOf(f.Target)
	if f.Problem != "" {
		p.wrapped("", name+"  no figure: "+report.OneLine(f.Problem))
		return
	}
	ratio, p99 := "", "-"
	if f.Ratio > 0 {
		ratio = ratioOf(f.Ratio)
	}
	if f.Latency.P99 > 0 {
		p99 = latency(f.Latency.P99)
	}
	p.line("%s%s  %s", name, cells(rate(f.CallsPerSecond), fmt.Sprintf("%.0f%%", 100*f.Spread), ratio, latency(f.Latency.P50), p99), p.barOf(f.CallsPerSecond/fastest))
}

// barOf is a bar for a part of the fastest. The smallest part is seen.
func (p *table) barOf(part float64) string {
	full, rest := "█", []string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}
	if p.ASCII {
		full, rest = "#", []string{"", "", "", "", "#", "#", "#", "#"}
	}
	eighths := max(int(math.Round(part*float64(p.bar)*8)), 1)
	return strings.Repeat(full, eighths/8) + rest[eighths%8]
}

func (p *table) bold(s string) string {
	if !p.Color {
		return s
	}
	return text.Bold.Sprint(s)
}

// remarks say what the figures mean.
func (p *table) remarks() {
	p.line("")
	if p.Stopped != "" {
		p.wrapped("", "STOPPED: "+report.OneLine(p.Stopped))
	}
	for _, sentence := range p.Meaning() {
		p.wrapped("", sentence)
	}
}

// Meaning says in sentences what the figures mean and do not mean.
func (r *Result) Meaning() []string {
	all := []string{
		fmt.Sprintf("Closed loop: each caller makes its next call when the last one is answered, so p50 and p99 are not what requests that arrive at their own rate would wait. "+
			"Numbers are medians of %s; ± is half of the way from the slowest to the fastest; the ratio is to %s.", plural(r.Plan.Rounds, "round"), report.OneLine(r.Targets[0].Spec)),
		"Each store is called inside its own process, and each answer is checked. The figures are of this machine, and of each store with its runtime and its server, all on one machine.",
	}
	if l := r.Machine.Load; len(l) == 2 {
		sentence := fmt.Sprintf("Load of the machine: %.1f before, %.1f after, with %s.", l[0], l[1], plural(r.Machine.CPUs, "processor"))
		if l[0] > 0.5*float64(r.Machine.CPUs) {
			sentence += " Other programs were running: these figures are rough."
		}
		all = append(all, sentence)
	}
	if fs := r.Machine.FileSystem; fs != "" {
		all = append(all, "Files of stores lay on "+fs+", in the folder for temporary ones unless a target names another.")
	}
	return all
}

func cells(values ...string) string {
	var b strings.Builder
	for i, v := range values {
		b.WriteString(strings.Repeat(" ", max(columns[i]-text.StringWidth(v), 1)) + v)
	}
	return b.String()
}

// pad pads a text, which has a width of its own, with spaces.
func pad(s string, has, width int) string { return s + strings.Repeat(" ", max(width-has, 0)) }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ratioOf is a ratio as a person says it.
func ratioOf(r float64) string {
	if r < 0.1 {
		return "1/" + significant(1/r, 2)
	}
	return significant(r, 2) + "×"
}

// rate is a number of calls a second in at most seven cells.
func rate(perSecond float64) string {
	switch {
	case perSecond >= 1e6:
		return significant(perSecond/1e6, 3) + " M"
	case perSecond >= 1e4:
		return significant(perSecond/1e3, 3) + " k"
	}
	return significant(perSecond, 3)
}

// latency is a number of milliseconds with its unit.
func latency(ms float64) string {
	switch {
	case ms >= 1000:
		return significant(ms/1000, 2) + " s"
	case ms >= 1:
		return significant(ms, 2) + " ms"
	case ms >= 0.001:
		return significant(ms*1000, 2) + " µs"
	}
	return significant(ms*1e6, 2) + " ns"
}

// significant writes a number with some digits, and never with an exponent.
func significant(v float64, digits int) string {
	if v <= 0 {
		return "0"
	}
	decimals := digits - 1 - int(math.Floor(math.Log10(v)))
	if decimals < 0 {
		unit := math.Pow(10, float64(-decimals))
		return fmt.Sprintf("%.0f", math.Round(v/unit)*unit)
	}
	return fmt.Sprintf("%.*f", decimals, v)
}
