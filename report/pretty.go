package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// A statusLook says how to show a status.
type statusLook struct {
	status contract.Status
	symbol string
	ascii  string
	color  Color
	word   string // behind the count in the line of a chapter
	title  string // of the section
}

// statusLooks are in the order of the line of a chapter.
func statusLooks() []statusLook {
	return []statusLook{
		{status: contract.Pass, symbol: "✓", ascii: "+", color: Green},
		{status: contract.Fail, symbol: "✗", ascii: "x", color: Red, word: "failed", title: "Failed"},
		{status: contract.Broken, symbol: "!", ascii: "!", color: Magenta, word: "in error", title: "Ended in an error: this says nothing about the store"},
		{status: contract.Fixed, symbol: "↑", ascii: "^", color: Red, word: "fixed", title: "Known failures that are out of date"},
		{status: contract.Flaky, symbol: "≈", ascii: "~", color: Yellow, word: "flaky", title: "Flaky: held in some attempts and not in others"},
		{status: contract.Inconclusive, symbol: "?", ascii: "?", color: Yellow, word: "inconclusive", title: "Inconclusive"},
		{status: contract.Known, symbol: "•", ascii: "*", color: Dim, word: "known", title: "Known failures"},
		{status: contract.Skip, symbol: "–", ascii: "-", color: Dim, word: "skipped", title: "Skipped"},
	}
}

// look returns how to show a status.
func (s Style) look(status contract.Status) statusLook {
	for _, l := range statusLooks() {
		if l.status == status {
			if s.ASCII {
				l.symbol = l.ascii
			}
			return l
		}
	}
	return statusLook{status: status, symbol: "?"}
}

// Pretty writes the report of one target for a person: a first screen with the verdict, what may lie behind the failures, and what failed; then
// the details, and the verdict once more, where a long report ends on a terminal.
func Pretty(w io.Writer, r *Result, s Style) error {
	p := newPrinter(r, s)
	p.screen()
	if !p.nothingReached() {
		p.details()
		p.verdict()
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

type printer struct {
	*Result
	Style
	diagnosis *Diagnosis // nil where nothing failed
	brokenCut bool       // the first screen has only the beginning of how the target broke
	b         strings.Builder
}

func newPrinter(r *Result, s Style) *printer {
	p := &printer{Result: r, Style: s, diagnosis: r.Diagnosis}
	if p.diagnosis == nil {
		p.diagnosis = r.Diagnose(nil)
	}
	return p
}

// details writes all that a result has, apart from what the first screen has said.
func (p *printer) details() {
	p.chapters()
	if p.brokenCut {
		p.section(Magenta, "The target or the harness broke")
		p.b.WriteString(wrap(clean(strings.TrimSpace(p.Broken.Kind+"\n"+p.Broken.Message)), "  ", p.Width))
	}
	if factory := p.Target.factory(); factory != "" {
		p.section(Bold, "The commands below need")
		p.b.WriteString("  " + factory + "\n")
	}
	for level := contract.Must; level <= contract.May; level++ {
		title := "Failed: " + level.String()
		if level > p.Level {
			title += " (does not count)"
		}
		p.failed(title, level)
	}
	p.byReason(contract.Broken, true)
	p.blocks(p.look(contract.Fixed).title, contract.Fixed)
	p.blocks(p.look(contract.Flaky).title, contract.Flaky)
	p.observations()
	p.lines(contract.Inconclusive)
	p.lines(contract.Known)
	p.byReason(contract.Skip, p.Verbose)
	if len(p.Notes) > 0 {
		p.section(Bold, "Noticed")
		for _, note := range p.Notes {
			p.b.WriteString(wrap(clean(strings.TrimSpace(note)), "  ", p.Width))
		}
	}
}

func (p *printer) section(color Color, title string) {
	fmt.Fprintf(&p.b, "\n%s\n", p.Paint(color, title))
}

// nothingReached reports whether the run broke before its first check.
func (p *printer) nothingReached() bool {
	return p.Broken != nil && !slices.ContainsFunc(p.Requirements, func(q Requirement) bool { return q.Reason != notReached })
}

// chapters writes one line for each chapter, in the order of the plan.
func (p *printer) chapters() {
	p.b.WriteString("\n")
	var names []string
	counts := map[string]map[contract.Status]int{}
	widest := 0
	for _, q := range p.Requirements {
		if counts[q.Chapter] == nil {
			counts[q.Chapter] = map[contract.Status]int{}
			names = append(names, q.Chapter)
			widest = max(widest, text.StringWidth(oneLine(q.Chapter)))
		}
		counts[q.Chapter][q.Status]++
	}
	for _, name := range names {
		fmt.Fprintf(&p.b, "  %s", text.Pad(oneLine(name), widest, ' '))
		for _, l := range statusLooks() {
			n := counts[name][l.status]
			if n == 0 && l.status != contract.Pass {
				continue
			}
			cell := strings.TrimSpace(fmt.Sprintf("%s %d %s", p.look(l.status).symbol, n, l.word))
			if n == 0 {
				l.color = Dim
			}
			p.b.WriteString("  " + p.Paint(l.color, cell))
		}
		p.b.WriteString("\n")
	}
}

// failed writes the failures of a level in full, what to look at first at the front. What follows from a failure is named under it.
func (p *printer) failed(title string, level contract.Level) {
	if p.diagnosis == nil {
		return
	}
	first := true
	for _, g := range p.diagnosis.Groups {
		if p.row(g.Requirement).Level == level {
			p.block(&first, title, p.row(g.Requirement), "")
			p.follows(g)
		}
	}
}

// blocks writes every requirement with a status in full.
func (p *printer) blocks(title string, status contract.Status) {
	first := true
	for i := range p.Requirements {
		if q := &p.Requirements[i]; q.Status == status {
			p.block(&first, title, q, " ("+q.Level.String()+")")
		}
	}
}

// block writes a requirement in full.
func (p *printer) block(first *bool, section string, q *Requirement, mark string) {
	l := p.look(q.Status)
	if *first {
		p.section(l.color, section)
	} else {
		p.b.WriteString("\n")
	}
	*first = false
	title, message := q.heading()
	p.painted(l.color, wrap(l.symbol+" "+title+mark, "  ", p.Width))
	if q.Reason != "" {
		p.b.WriteString(wrap(oneLine(q.Reason), "    ", p.Width))
	}
	p.b.WriteString(wrap(message, "    ", p.Width))
	fmt.Fprintf(&p.b, "    %s storecheck explain %s\n", p.Paint(Dim, "explain:"), oneLine(q.ID))
	command := strings.TrimLeft(wrapCommand(p.again(q), "             ", p.Width), " ")
	fmt.Fprintf(&p.b, "    %s   %s", p.Paint(Dim, "again:"), command)
}

// follows writes what follows from a failure, in full if the user wants it, and which planted fault is like it.
func (p *printer) follows(g Group) {
	if l := g.Like; l != nil {
		p.b.WriteString(wrap("like:    "+oneLine(l.Fault)+" ("+l.evidence()+")", "    ", p.Width))
	}
	switch {
	case len(g.Folded) == 0:
	case p.Verbose:
		first := false
		for _, id := range g.Folded {
			p.block(&first, "", p.row(id), " ("+p.row(id).Level.String()+"), which may follow from "+g.Requirement)
		}
	default:
		p.b.WriteString(wrap("follow:  "+failures(len(g.Folded))+", perhaps from this one (-v shows each): "+oneLine(strings.Join(g.Folded, ", ")), "    ", p.Width))
	}
}

// painted writes lines in a colour.
func (p *printer) painted(color Color, lines string) {
	for line := range strings.Lines(lines) {
		p.b.WriteString(p.Paint(color, strings.TrimSuffix(line, "\n")) + "\n")
	}
}

// heading returns the heading of a block and the rest of the message. A message may bring a heading: the line that begins with the id.
func (q *Requirement) heading() (title, message string) {
	message = strings.Trim(clean(q.Message), "\n")
	if strings.HasPrefix(message, clean(q.ID)) {
		_, message, _ = strings.Cut(message, "\n")
	}
	title = oneLine(q.Title)
	if q.Status == contract.Fail {
		title = q.breach()
	}
	return oneLine(q.ID) + ": " + title, strings.TrimLeft(message, "\n")
}

func (p *printer) observations() {
	first := true
	for _, q := range p.Requirements {
		if q.Observed == "" {
			continue
		}
		if first {
			p.section(Bold, "Observed: left to the store")
		}
		first = false
		p.b.WriteString(wrap(oneLine(q.ID+": "+q.Observed), "  ", p.Width))
	}
}

// lines writes each requirement with a status on one line, with the reason.
func (p *printer) lines(status contract.Status) {
	l, first := p.look(status), true
	for _, q := range p.Requirements {
		if q.Status != status {
			continue
		}
		if first {
			p.section(l.color, l.title)
		}
		first = false
		p.b.WriteString(wrap(oneLine(fmt.Sprintf("%s (%s): %s", q.ID, q.Level, q.Reason)), "  ", p.Width))
	}
}

// byReason writes each reason of a status once, with the number of its requirements. A whole chapter may be skipped for one reason, and a dead
// target leaves the rest of the plan for one reason.
func (p *printer) byReason(status contract.Status, withIDs bool) {
	var reasons []string
	ids := map[string][]string{}
	for _, q := range p.Requirements {
		if q.Status != status {
			continue
		}
		reason := strings.TrimSpace(q.Reason + "\n" + q.Message)
		if ids[reason] == nil {
			reasons = append(reasons, reason)
		}
		ids[reason] = append(ids[reason], oneLine(q.ID))
	}
	if len(reasons) > 0 {
		l := p.look(status)
		p.section(l.color, l.title)
	}
	for _, reason := range reasons {
		number := fmt.Sprintf("%d: ", len(ids[reason]))
		under := "\n" + strings.Repeat(" ", len(number))
		p.b.WriteString(wrap(number+strings.ReplaceAll(clean(reason), "\n", under), "  ", p.Width))
		if withIDs && reason != notReached {
			p.b.WriteString(wrap(strings.Join(ids[reason], " "), "    ", p.Width))
		}
	}
}

// verdict writes the verdict where a long report ends.
func (p *printer) verdict() {
	line := p.outcome()
	if !strings.Contains(line, "STOPPED") {
		line = fmt.Sprintf("%s %d checked in %.1f s.", line, p.reached(), p.Seconds)
	}
	p.b.WriteString("\n")
	p.painted(p.verdictColor(), wrap(line, "", p.Width))
}

func (p *printer) verdictColor() Color {
	return map[Verdict]Color{Conformant: Green, Nonconformant: Red, Inconclusive: Yellow, Broken: Magenta}[p.Verdict]
}
