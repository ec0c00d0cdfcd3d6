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
	leastBar          = 7
	// leastName has room for the title of a section.
	leastName = 20
)

// columns are the titles and the widths of the numbers.
var columns = []struct {
	title string
	width int
}{{"calls/s", 9}, {"±", 6}, {"ratio", 9}, {"p50", 8}, {"p99", 8}, {"cpu", 8}}

// Pretty writes tables for a person: one for each size and number of callers, with a block for each operation, and a bar for each figure.
func Pretty(w io.Writer, r *Result, s report.Style) error {
	p := newTable(r, s)
	p.head()
	for _, size := range r.Plan.Sizes {
		for _, callers := range r.Plan.Callers {
			p.section(size, callers)
		}
	}
	p.remarks()
	all := p.b.String()
	if s.ASCII {
		all = strings.NewReplacer("·", "|", "±", "+", "×", "x", "µ", "u", "…", ".").Replace(all)
	}
	_, err := io.WriteString(w, all)
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
		numbers += c.width
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

// wrapped writes a sentence in lines that fit, behind a text and under each other.
func (p *table) wrapped(behind, sentence string) {
	const least = 20
	indent := text.StringWidth(behind)
	for l := range strings.SplitSeq(text.WrapSoft(sentence, max(cmp.Or(p.Width, usualWidth)-indent, least)), "\n") {
		p.line("%s%s", behind, strings.TrimSpace(l))
		behind = strings.Repeat(" ", indent)
	}
}

func (p *table) head() {
	m, plan := p.Machine, p.Plan
	p.sentence(fmt.Sprintf("storecheck %s · %s/%s, %s · %s · seed %d", p.Storecheck, m.OS, m.Arch, plural(m.CPUs, "processor"), plural(plan.Rounds, "round"), p.Seed))
	p.sentence(fmt.Sprintf("%d sessions; %.3g s for each figure in each round, after %.3g s that do not count", plan.Sessions, plan.Seconds, plan.WarmUp))
	for _, t := range p.Targets {
		p.wrapped("  ", report.OneLine(strings.Join(t.about(), " · ")))
		for _, trouble := range []string{t.Problem, t.Broken} {
			for l := range strings.Lines(trouble) {
				p.wrapped("    ", "! "+report.OneLine(l))
			}
		}
		for _, n := range t.Notes {
			p.wrapped("    ", "note: "+report.OneLine(n))
		}
	}
}

func (p *table) sentence(s string) { p.wrapped("", s) }

// about says what is measured, and how.
func (t Target) about() []string {
	about := []string{t.Spec}
	if !strings.HasSuffix(t.Spec, t.Name) {
		about = append(about, t.Name)
	}
	about[len(about)-1] += " " + t.Version
	for _, more := range append([]string{t.Runtime}, t.remarks()...) {
		if more != "" {
			about = append(about, more)
		}
	}
	return about
}

// remarks say how the figures of the target are to be read.
func (t Target) remarks() (all []string) {
	if t.Shortcuts != "" {
		all = append(all, t.Shortcuts)
	}
	if t.OverBridge {
		all = append(all, "called over the bridge, since its program does not measure")
	}
	if !t.Touch && t.Broken == "" {
		all = append(all, "no touch, so its mix sets each time")
	}
	return all
}

func (p *table) section(size, callers int) {
	var titles []string
	for _, c := range columns {
		titles = append(titles, c.title)
	}
	title := fmt.Sprintf("%d B, %s", size, plural(callers, "caller"))
	p.line("")
	p.line("%s%s", pad(p.bold(title), text.StringWidth(title), p.name+2), cells(titles...))
	for _, o := range p.Plan.Operations {
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
		p.wrapped(name+"  ", "no figure: "+report.OneLine(f.Problem))
		return
	}
	p.line("%s%s  %s", name, cells(f.cells()...), p.barOf(f.CallsPerSecond/fastest))
}

// cells are the numbers of a row, in the order of the columns.
func (f Figure) cells() []string {
	calls, spread, ratio, p99 := rate(f.CallsPerSecond), "-", "", "-"
	if f.few() {
		calls = "~" + calls
	}
	if len(f.Rounds) > 1 {
		spread = percent(f.Spread)
	}
	if f.Ratio > 0 {
		ratio = ratioOf(f.Ratio)
	}
	if f.Latency.P99 > 0 {
		p99 = latency(f.Latency.P99)
	}
	cpu := "-"
	if f.CPU > 0 {
		cpu = latency(f.CPU)
	}
	return []string{calls, spread, ratio, latency(f.Latency.P50), p99, cpu}
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
		p.sentence("STOPPED: " + report.OneLine(p.Stopped))
	}
	for _, sentence := range p.Meaning() {
		p.sentence(sentence)
	}
}

// Meaning says in sentences what the figures mean and do not mean.
func (r *Result) Meaning() []string {
	all := []string{
		fmt.Sprintf("Closed loop: each caller makes its next call when the last one is answered, so p50 and p99 are not what requests that arrive at their own rate would wait. "+
			"Numbers are medians of %s; ± is half of the way from the slowest to the fastest; the ratio is to %s.", plural(r.Plan.Rounds, "round"), report.OneLine(r.Targets[0].Spec)),
		fmt.Sprintf("~ marks a number of fewer than %d calls in a round: more --seconds make it a number to rely on.", fewCalls),
		"cpu is the processor time of a call in the process of the store, all threads and garbage collection with it, and without its server.",
		"Each store is called inside its own process, and each answer is checked. The figures are of this machine, and of each store with its runtime and its server, all on one machine.",
	}
	if l := r.Machine.Load; len(l) == 2 {
		sentence := fmt.Sprintf("Load of the machine: %.1f before, %.1f after, with %s.", l[0], l[1], plural(r.Machine.CPUs, "processor"))
		if l[0] > 0.5*float64(r.Machine.CPUs) {
			sentence += " Other programs were running: calls/s and p99 are rough, and cpu is what to compare."
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
		b.WriteString(strings.Repeat(" ", max(columns[i].width-text.StringWidth(v), 1)) + v)
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

// percent is a part in at most five cells.
func percent(part float64) string {
	if part > 9.99 {
		return ">999%"
	}
	return fmt.Sprintf("%.0f%%", 100*part)
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
