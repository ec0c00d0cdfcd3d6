package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

// A callLog is the calls of one attempt, in the order in which they began. It shows the first and the last of many, and those between that
// the failure names.
type callLog struct {
	mu      sync.Mutex
	entries []*Call
	dropped int    // between the first ones and the rest
	subject string // what the lines shown must contain
	failure string // the text of the failure, once there is one
	full    bool   // all calls are kept
}

// How many calls are kept, and how many of them are shown at most: the first ones, the last, and those between that the failure names.
const (
	keptCalls  = 400
	shownFirst = 4
	shownLast  = 12
	shownNamed = 8
)

// A Call is a line of the log.
type Call struct {
	log   *callLog
	text  string
	begun time.Time
	took  time.Duration
	ended bool // always false for lines that Log adds: they are not calls
}

func (l *callLog) add(text string) { l.begin(text) }

func (l *callLog) begin(text string) *Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &Call{log: l, text: text, begun: time.Now()}
	if len(l.entries) >= keptCalls && !l.full {
		l.entries = slices.Delete(l.entries, shownFirst, keptCalls/2)
		l.dropped += keptCalls/2 - shownFirst
	}
	l.entries = append(l.entries, e)
	return e
}

// reset forgets the calls so far, which a check that begins anew does not need any more.
func (l *callLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.dropped = nil, 0
}

// about shows the calls on one id only; all of them again with "".
func (l *callLog) about(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.subject = id
}

// judged lets the calls that the text of a failure names be among those shown.
func (l *callLog) judged(failure string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failure = failure
}

// End completes the line of a call with its answer; none is ok.
func (e *Call) End(answer string, took time.Duration) {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	if answer == "" {
		answer = "ok"
	}
	e.text += " → " + answer
	e.took, e.ended = took, true
}

// lines returns the calls as a failure shows them: of many the first ones and the last.
func (l *callLog) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.linesAbout(l.subject)
}

// linesAbout returns the calls that contain a text as a failure shows them. The caller holds the lock.
func (l *callLog) linesAbout(subject string) []string {
	lines := l.kept(subject)
	if len(lines) <= shownFirst+shownLast+1 {
		return lines
	}
	middle, shown := lines[shownFirst:len(lines)-shownLast], slices.Clone(lines[:shownFirst])
	more := 0
	if subject == "" {
		more = l.dropped
	}
	named := l.named(middle)
	for i, line := range middle {
		if !named[i] {
			more++
			continue
		}
		shown = append(appendMore(shown, more), line)
		more = 0
	}
	return append(appendMore(shown, more), lines[len(lines)-shownLast:]...)
}

func appendMore(lines []string, more int) []string {
	switch more {
	case 0:
		return lines
	case 1:
		return append(lines, "… 1 more call …")
	}
	return append(lines, fmt.Sprintf("… %d more calls …", more))
}

// mark matches ids and what sessions are told apart by.
var mark = regexp.MustCompile(`[A-Za-z0-9_-]{16,}`)

// named returns which lines hold an id or a mark that the failure names too. One that many of them hold, as where all calls are on one id,
// says nothing.
func (l *callLog) named(lines []string) map[int]bool {
	named := map[int]bool{}
	for _, m := range mark.FindAllString(l.failure, -1) {
		var holding []int
		for i, line := range lines {
			if strings.Contains(line, m) {
				holding = append(holding, i)
			}
		}
		if len(named)+len(holding) <= shownNamed {
			for _, i := range holding {
				named[i] = true
			}
		}
	}
	return named
}

// all returns all calls that are kept.
func (l *callLog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept(l.subject)
}

// kept returns the calls that are kept and contain a text, with the time that each took. Where some were in flight together, which the order
// of the lines does not show, it is when each began and ended. The caller holds the lock.
func (l *callLog) kept(subject string) []string {
	var shown []*Call
	for _, e := range l.entries {
		if strings.Contains(e.text, subject) {
			shown = append(shown, e)
		}
	}
	var lines []string
	met := together(shown)
	for _, e := range shown {
		line := e.text
		switch {
		case e.ended && met:
			at := e.begun.Sub(shown[0].begun)
			line += fmt.Sprintf("  [%.3f to %.3f ms]", at.Seconds()*1e3, (at+e.took).Seconds()*1e3)
		case e.ended:
			line += fmt.Sprintf("  [%s]", phrase.Milliseconds(e.took))
		}
		lines = append(lines, line)
	}
	return lines
}

// together reports whether two of the calls, which are in the order in which they began, were in flight at the same time.
func together(calls []*Call) bool {
	var end time.Time // of those so far
	for _, e := range calls {
		if !e.ended {
			continue
		}
		if e.begun.Before(end) {
			return true
		}
		end = e.begun.Add(e.took)
	}
	return false
}

// Calls returns the calls so far as a failure shows them: the first and the last of many.
func (t *C) Calls() []string { return t.log.lines() }

// CallsAbout returns the calls so far whose lines contain a text, as Calls does.
func (t *C) CallsAbout(text string) []string {
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	return t.log.linesAbout(text)
}

// KeepCalls keeps all calls from now on, and not only the first and the last of many, for a check that makes many at the same time and
// shows some of them.
func (t *C) KeepCalls() {
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	t.log.full = true
}

// ShowCalls replaces the calls that a failure shows; without any it forgets those so far. A check uses it that tries many things and shows
// one of them.
func (t *C) ShowCalls(lines ...string) {
	t.log.reset()
	for _, line := range lines {
		t.log.add(line)
	}
}

// ShowCallsAbout lets a failure show the calls on one id only; on all of them again with "".
func (t *C) ShowCallsAbout(id string) { t.log.about(id) }

// Log adds a line to the calls shown with a failure.
func (t *C) Log(format string, args ...any) { t.log.add(fmt.Sprintf(format, args...)) }

// BeginCall adds the line of a call that begins now.
func (t *C) BeginCall(text string) *Call { return t.log.begin(text) }
