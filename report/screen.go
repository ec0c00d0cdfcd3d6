package report

import (
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// screenLines is the height of the smallest terminal that people use. The first screen of a report fits it.
const screenLines = 24

// screen writes what a reader needs first: the verdict, the cause, what failed, and what was not asked. Lists end where the screen does; the
// details have all of it.
func (p *printer) screen() {
	s := &sheet{printer: p}
	s.add(Bold, s.plain(p.header()))
	s.lines = append(s.lines, "")
	s.add(p.verdictColor(), p.outcome())
	s.trouble()
	s.cause()
	last := append(s.commands(), s.last()...)
	s.failures(screenLines - 1 - len(s.lines) - len(last))
	for _, l := range append(s.lines, last...) {
		p.b.WriteString(l + "\n")
	}
}

// firstScreen is the first screen of a report, as text.
func firstScreen(r *Result) string {
	p := newPrinter(r, Style{Width: 100})
	p.screen()
	return p.b.String()
}

// outcome is the verdict and why, in one sentence.
func (p *printer) outcome() string {
	outcome := strings.ToUpper(string(p.Verdict)) + ": " + p.why()
	failed, logOut := p.uncounted()
	switch {
	case p.stopped():
		outcome = "STOPPED: " + p.soFar()
	case len(logOut) > 0: // such a store is never just conformant
		outcome = strings.ToUpper(string(p.Verdict)) + ", but users may find themselves logged out: " + strings.Join(logOut, ", ") + " failed"
	case failed > 0:
		outcome += fmt.Sprintf("; beside, %d failed and does not count", failed)
	}
	return fmt.Sprintf("%s. Exit status %d.", outcome, p.Exit())
}

// uncounted returns how many requirements failed although the run ends well, and which of them log users out.
func (p *printer) uncounted() (failed int, logOut []string) {
	if p.Exit() != ExitOK {
		return 0, nil
	}
	for _, q := range p.Requirements {
		if q.Status == contract.Fail {
			failed++
			if q.LogsOut {
				logOut = append(logOut, fmt.Sprintf("%s (%s)", oneLine(q.ID), q.Level))
			}
		}
	}
	return failed, logOut
}

// A sheet is lines that fit the width of a terminal.
type sheet struct {
	*printer
	lines []string
}

// add adds a text, in as many lines as it takes.
func (s *sheet) add(color Color, line string) {
	for _, l := range fit(line, s.Width) {
		if color != "" {
			l = s.Paint(color, l)
		}
		s.lines = append(s.lines, l)
	}
}

// plain puts a text on one line, with the characters that the terminal has.
func (p *printer) plain(line string) string {
	line = oneLine(line)
	if p.ASCII {
		line = strings.NewReplacer(" · ", ", ", "…", "...").Replace(line)
	}
	return line
}

// trouble adds how the target or the harness broke.
func (s *sheet) trouble() {
	if s.Broken == nil || s.stopped() {
		return
	}
	const most = 12 // lines, of a program that died with a long story
	lines := fit(clean(strings.TrimSpace(s.Broken.Kind+"\n"+s.Broken.Message)), s.Width-2)
	s.brokenCut = len(lines) > most
	if s.brokenCut {
		lines = lines[:most]
	}
	for _, l := range lines {
		s.lines = append(s.lines, "  "+l)
	}
}

// cause adds what may lie behind the failures.
func (s *sheet) cause() {
	d := s.diagnosis
	if d == nil || s.Broken != nil && !s.stopped() || d.Evidence == "" && (s.counted(d.Groups) < 2 || s.Verdict == Conformant) {
		return // the failure itself says as much
	}
	s.add(Bold, "Cause: "+s.plain(d.Cause))
	evidence := s.plain(d.Evidence)
	const most = 2 // lines, because many stores may have had a fault
	if lines := fit("  "+evidence, s.Width); len(lines) > most {
		evidence, _, _ = strings.Cut(evidence, ";")
	}
	if evidence != "" {
		s.add("", "  "+evidence)
	}
}

// counted is how many groups are headed by a failure that counts.
func (p *printer) counted(groups []Group) int {
	n := 0
	for _, g := range groups {
		if p.counts(p.row(g.Requirement)) {
			n++
		}
	}
	return n
}

// failures adds the failures, one line each, level by level. Room is how many lines they may take.
func (s *sheet) failures(room int) {
	if s.diagnosis == nil {
		return
	}
	byLevel := map[contract.Level][]Group{}
	levels := 0
	for _, g := range s.diagnosis.Groups {
		level := s.row(g.Requirement).Level
		if byLevel[level] == nil {
			levels++
		}
		byLevel[level] = append(byLevel[level], g)
	}
	for level := contract.Must; level <= contract.May; level++ {
		groups := byLevel[level]
		if len(groups) == 0 {
			continue
		}
		levels--
		share := room - 4*levels // a title, a blank line and two failures for each of the other levels
		before := len(s.lines)
		s.groups(level, groups, share)
		room -= len(s.lines) - before
	}
}

// groups adds the failures of one level.
func (s *sheet) groups(level contract.Level, groups []Group, room int) {
	l := s.look(contract.Fail)
	title := "Failed, worst first (" + level.String() + ")"
	if level > s.Level {
		title = "Failed too (" + level.String() + "), which does not count without --level " + level.String()
		l.color = Yellow
	}
	s.lines = append(s.lines, "")
	s.add(l.color, title)
	shown := len(groups)
	if room -= 2; shown > room {
		shown = max(1, room-1)
	}
	for _, g := range groups[:shown] {
		q := s.row(g.Requirement)
		logsOut := ""
		if q.LogsOut {
			logsOut = " logs users out:"
		}
		line := fmt.Sprintf("  %s %s%s:%s %s", l.symbol, oneLine(q.ID), s.folded(g), logsOut, q.breach())
		s.lines = append(s.lines, s.cut(line))
	}
	if n := len(groups) - shown; n > 0 {
		s.lines = append(s.lines, fmt.Sprintf("  and %d more below", n))
	}
}

// folded counts what is folded under a failure, so that the numbers of a level add up to what the verdict says.
func (s *sheet) folded(g Group) string {
	same, others := 0, 0
	for _, id := range g.Folded {
		if s.row(id).Level == s.row(g.Requirement).Level {
			same++
		} else {
			others++
		}
	}
	switch {
	case others == 0 && same == 0:
		return ""
	case others == 0:
		return fmt.Sprintf(" (+%d)", same)
	case same == 0:
		return fmt.Sprintf(" (+%d of another level)", others)
	}
	return fmt.Sprintf(" (+%d, and %d of another level)", same, others)
}

// commands returns what to type next for the failure to look at first.
func (s *sheet) commands() []string {
	if s.diagnosis == nil {
		return nil
	}
	q := s.row(s.diagnosis.Groups[0].Requirement)
	lines := []string{"", "Why:   storecheck explain " + oneLine(q.ID)}
	if s.Target.factory() != "" {
		return lines // the command is short only where the factory stands before it
	}
	again := strings.TrimRight(wrapCommand(s.again(q), "       ", s.Width), "\n")
	return append(lines, strings.Split("Again: "+strings.TrimLeft(again, " "), "\n")...)
}

// last returns the lines about what was not checked, and where to read on.
func (s *sheet) last() []string {
	withFlag, rest := s.unasked()
	var lines []string
	for _, u := range withFlag {
		for _, l := range fit(fmt.Sprintf("Not asked: %d %s", len(u.Requirements), u.because), s.Width) {
			lines = append(lines, s.Paint(Yellow, l))
		}
	}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("%d do not apply, or could not be judged: the reasons stand below", rest))
	}
	if s.LeftOut > 0 {
		lines = append(lines, fmt.Sprintf("%d left out by flags such as --only", s.LeftOut))
	}
	if lines != nil {
		lines = append([]string{""}, lines...)
	}
	return lines
}

// cut shortens a line to the width.
func (s *sheet) cut(line string) string { return cutTo(line, s.Width, s.ASCII) }

// row is a requirement of the result by its id.
func (p *printer) row(id string) *Requirement {
	for i := range p.Requirements {
		if p.Requirements[i].ID == id {
			return &p.Requirements[i]
		}
	}
	return &Requirement{ID: id}
}
