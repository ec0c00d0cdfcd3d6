package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCallLogShowsTheFirstAndTheLast(t *testing.T) {
	for _, n := range []int{0, 1, shownFirst + shownLast, shownFirst + shownLast + 1, keptCalls, 5 * keptCalls} {
		var l callLog
		for i := range n {
			l.add(fmt.Sprintf("call %d", i))
		}
		lines := l.lines()
		shown, more := 0, 0
		for _, line := range lines {
			if strings.HasPrefix(line, "call ") {
				shown++
			} else if _, err := fmt.Sscanf(line, "… %d more calls …", &more); err != nil {
				t.Errorf("%d calls: the line %q", n, line)
			}
		}
		if shown+more != n {
			t.Errorf("%d calls: %d are shown and %d counted", n, shown, more)
		}
		if n > 0 && (lines[0] != "call 0" || lines[len(lines)-1] != fmt.Sprintf("call %d", n-1)) {
			t.Errorf("%d calls: from %q to %q", n, lines[0], lines[len(lines)-1])
		}
	}
}

func TestCallLogAboutOneID(t *testing.T) {
	var l callLog
	for i := range 3 * keptCalls {
		l.add(fmt.Sprintf("get(id%d)", i%2))
	}
	l.about("id1")
	for _, line := range l.lines() {
		if strings.Contains(line, "id0") {
			t.Errorf("shows %q", line)
		}
	}
	if len(l.lines()) != shownFirst+1+shownLast {
		t.Errorf("shows %d lines", len(l.lines()))
	}
}

// TestCallLogShowsWhatMet: the order of lines says nothing about calls that were in flight together.
func TestCallLogShowsWhatMet(t *testing.T) {
	begun := time.Now()
	for _, c := range []struct {
		name  string
		at    time.Duration // of the second call; the first takes 2 ms
		about string
		want  string
	}{
		{"together", time.Millisecond, "", "set(a) → ok  [0.000 to 2.000 ms]; one line; get(b) → missing  [1.000 to 1.500 ms]"},
		{"one after the other", 2 * time.Millisecond, "", "set(a) → ok  [2 ms]; one line; get(b) → missing  [0.5 ms]"},
		{"of one id", time.Millisecond, "(b)", "get(b) → missing  [0.5 ms]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l callLog
			first := l.begin("set(a)")
			l.add("one line")
			second := l.begin("get(b)")
			first.begun, second.begun = begun, begun.Add(c.at)
			second.End("missing", time.Millisecond/2)
			first.End("", 2*time.Millisecond)
			l.about(c.about)
			if got := strings.Join(l.lines(), "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Of what is left out of many calls, those are shown all the same that the failure names.
func TestCallLogShowsWhatTheFailureNames(t *testing.T) {
	const id, rare, often = "theIDofAllTheCalls", "the-mark-of-the-one-set", "the-mark-of-every-other"
	for _, c := range []struct {
		failure string
		want    []string // between the first and the last
	}{
		{"", []string{"… 84 more calls …"}},
		{"wanted    a session that no call names: aMarkOfNobodyAtAll", []string{"… 84 more calls …"}},
		{"wanted    the data of " + id + ` {"writer":"` + rare + `"}`, []string{"… 46 more calls …", "set(" + id + ", " + rare + ")", "… 37 more calls …"}},
		{"got       " + often, []string{"… 84 more calls …"}},
		{"got       neither " + often + " nor " + rare, []string{"… 46 more calls …", "set(" + id + ", " + rare + ")", "… 37 more calls …"}},
		{"got       the-fifth-of-all-calls", []string{"the-fifth-of-all-calls " + id, "… 83 more calls …"}},
		{"got       the-sixth-of-all-calls", []string{"… 1 more call …", "the-sixth-of-all-calls " + id, "… 82 more calls …"}},
	} {
		var l callLog
		for i := range 100 {
			line := "get(" + id + ")"
			switch {
			case i == 4:
				line = "the-fifth-of-all-calls " + id
			case i == 5:
				line = "the-sixth-of-all-calls " + id
			case i == 50:
				line = "set(" + id + ", " + rare + ")"
			case i%2 == 0:
				line = "set(" + id + ", " + often + ")"
			}
			l.add(line)
		}
		l.judged(c.failure)
		lines := l.lines()
		if got := lines[shownFirst : len(lines)-shownLast]; !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.failure, got, c.want)
		}
	}
}
