package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/storecheck/storecheck/spec/contract"
)

// A Style is the look of a report for a person. The caller chooses it by the terminal and NO_COLOR. The zero value suits a file.
type Style struct {
	Width   int  // the width of the terminal in cells; zero wraps nothing
	Color   bool // ANSI colours
	ASCII   bool // only ASCII outside texts of the store, for TERM=dumb
	Verbose bool // list the ids of skipped requirements
}

// The SGR codes of colours and weights.
const (
	sgrBold    = "1"
	sgrDim     = "2"
	sgrRed     = "31"
	sgrGreen   = "32"
	sgrYellow  = "33"
	sgrMagenta = "35"
)

// A statusLook says how to show a status.
type statusLook struct {
	status contract.Status
	symbol string
	ascii  string
	color  string
	word   string // behind the count in the line of a chapter
	title  string // of the section
}

// statusLooks are in the order of the line of a chapter.
func statusLooks() []statusLook {
	return []statusLook{
		{status: contract.Pass, symbol: "✓", ascii: "+", color: sgrGreen},
		{status: contract.Fail, symbol: "✗", ascii: "x", color: sgrRed, word: "failed", title: "Failed"},
		{status: contract.Broken, symbol: "!", ascii: "!", color: sgrMagenta, word: "in error", title: "Ended in an error: this says nothing about the store"},
		{status: contract.Fixed, symbol: "↑", ascii: "^", color: sgrRed, word: "fixed", title: "Known failures that are out of date"},
		{status: contract.Flaky, symbol: "≈", ascii: "~", color: sgrYellow, word: "flaky", title: "Flaky: held in some attempts and not in others"},
		{status: contract.Inconclusive, symbol: "?", ascii: "?", color: sgrYellow, word: "inconclusive", title: "Inconclusive"},
		{status: contract.Known, symbol: "•", ascii: "*", color: sgrDim, word: "known", title: "Known failures"},
		{status: contract.Skip, symbol: "–", ascii: "-", color: sgrDim, word: "skipped", title: "Skipped"},
	}
}

// Pretty writes the report of one target for a person.
func Pretty(w io.Writer, r *Result, s Style) error {
	p := &printer{Result: r, Style: s}
	p.head()
	p.warning()
	if !p.nothingReached() {
		p.chapters()
	}
	if r.Broken != nil {
		p.section(sgrMagenta, "The target or the harness broke")
		p.b.WriteString(wrap(clean(strings.TrimSpace(r.Broken.Kind+"\n"+r.Broken.Message)), "  ", s.Width))
	}
	for level := contract.Must; level <= contract.May; level++ {
		title := "Failed: " + level.String()
		if level > r.Level {
			title += " (does not count)"
		}
		p.blocks(title, contract.Fail, level)
	}
	p.byReason(contract.Broken, true)
	p.blocks(p.look(contract.Fixed).title, contract.Fixed, 0)
	p.blocks(p.look(contract.Flaky).title, contract.Flaky, 0)
	p.observations()
	p.lines(contract.Inconclusive)
	p.lines(contract.Known)
	p.byReason(contract.Skip, s.Verbose)
	if len(r.Notes) > 0 {
		p.section(sgrBold, "Noticed")
		for _, note := range r.Notes {
			p.b.WriteString(wrap(oneLine(note), "  ", s.Width))
		}
	}
	p.verdict()
	_, err := io.WriteString(w, p.b.String())
	return err
}

type printer struct {
	*Result
	Style
	b strings.Builder
}

func (p *printer) paint(color, s string) string {
	if !p.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

func (p *printer) look(status contract.Status) statusLook {
	for _, l := range statusLooks() {
		if l.status == status {
			if p.ASCII {
				l.symbol = l.ascii
			}
			return l
		}
	}
	return statusLook{status: status, symbol: "?"}
}

func (p *printer) section(color, title string) {
	fmt.Fprintf(&p.b, "\n%s\n", p.paint(color, title))
}

func (p *printer) head() {
	header := p.header()
	if p.ASCII {
		header = strings.ReplaceAll(header, " · ", ", ")
	}
	p.b.WriteString(p.paint(sgrBold, strings.TrimSuffix(wrap(header, "", p.Width), "\n")) + "\n")
}

// warning says at once that a store logs users out although it is conformant: whoever reads on may stop at the verdict.
func (p *printer) warning() {
	var ids []string
	for _, q := range p.Requirements {
		if p.Verdict == Conformant && q.LogsOut && q.Status == contract.Fail {
			ids = append(ids, oneLine(q.ID)+" ("+q.Level.String()+")")
		}
	}
	if ids != nil {
		line := "Conformant, but users may find themselves logged out: " + strings.Join(ids, ", ") + " failed."
		p.b.WriteString("\n" + p.paint(sgrRed, strings.TrimSuffix(wrap(line, "", p.Width), "\n")) + "\n")
	}
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
				l.color = sgrDim
			}
			p.b.WriteString("  " + p.paint(l.color, cell))
		}
		p.b.WriteString("\n")
	}
}

// blocks writes every requirement with a status in full. Level zero means every level.
func (p *printer) blocks(title string, status contract.Status, level contract.Level) {
	l, first := p.look(status), true
	for i := range p.Requirements {
		q := &p.Requirements[i]
		if q.Status != status || level != 0 && q.Level != level {
			continue
		}
		if first {
			p.section(l.color, title)
		} else {
			p.b.WriteString("\n")
		}
		first = false
		title, message := q.heading()
		if level == 0 {
			title += " (" + q.Level.String() + ")"
		}
		p.b.WriteString("  " + p.paint(l.color, l.symbol+" "+title) + "\n")
		if q.Reason != "" {
			p.b.WriteString(wrap(oneLine(q.Reason), "    ", p.Width))
		}
		p.b.WriteString(wrap(message, "    ", p.Width))
		// Commands are never wrapped, so that a user can copy them.
		fmt.Fprintf(&p.b, "    %s storecheck explain %s\n", p.paint(sgrDim, "explain:"), oneLine(q.ID))
		fmt.Fprintf(&p.b, "    %s   %s\n", p.paint(sgrDim, "again:"), p.again(q))
	}
}

// heading returns the heading of a block and the rest of the message. A message may bring its own heading: the line that begins with the id.
func (q *Requirement) heading() (title, message string) {
	message = strings.Trim(clean(q.Message), "\n")
	title = oneLine(q.ID) + "  " + oneLine(q.Title)
	if strings.HasPrefix(message, clean(q.ID)) {
		title, message, _ = strings.Cut(message, "\n")
	}
	return title, strings.TrimLeft(message, "\n")
}

// again is the command that checks one requirement again with the same values.
func (r *Result) again(q *Requirement) string {
	command := cmp.Or(q.Again, r.Target.Command)
	if command == "" {
		command = "storecheck run " + ShellQuote(cmp.Or(r.Target.Spec, r.Target.Name)) + " --seed " + strconv.FormatInt(r.Seed, 10)
	}
	if q.Again == "" {
		command += " --only " + ShellQuote(q.ID)
	}
	return strings.ReplaceAll(clean(command), "\n", " ") // not oneLine: a quoted word may hold several spaces
}

// ShellQuote quotes a word for a shell if the word needs it. A character that is not safe to print on one line is escaped as bash, zsh and
// POSIX of 2024 read it.
func ShellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./_-", r)
	}
	switch {
	case s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0:
		return s
	case clean(s) == s && !strings.Contains(s, "\n"):
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\'' || r == '\\':
			b.WriteString(`\` + s[:size])
		case clean(s[:size]) == s[:size]:
			b.WriteString(s[:size])
		default:
			for _, c := range []byte(s[:size]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		}
		s = s[size:]
	}
	return "$'" + b.String() + "'"
}

func (p *printer) observations() {
	first := true
	for _, q := range p.Requirements {
		if q.Observed == "" {
			continue
		}
		if first {
			p.section(sgrBold, "Observed: left to the store")
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
		p.b.WriteString(wrap(fmt.Sprintf("%d: %s", len(ids[reason]), clean(reason)), "  ", p.Width))
		if withIDs && reason != notReached {
			p.b.WriteString(wrap(strings.Join(ids[reason], " "), "    ", p.Width))
		}
	}
}

func (p *printer) verdict() {
	color := map[Verdict]string{Conformant: sgrGreen, Nonconformant: sgrRed, Inconclusive: sgrYellow, Broken: sgrMagenta}[p.Verdict]
	line := fmt.Sprintf("%s: %s. %d checked in %.1f s, exit status %d.",
		strings.ToUpper(string(p.Verdict)), p.Why(), len(p.Requirements)-p.total(contract.Skip), p.Seconds, p.Exit())
	p.b.WriteString("\n" + p.paint(color, strings.TrimSuffix(wrap(line, "", p.Width), "\n")) + "\n")
}
