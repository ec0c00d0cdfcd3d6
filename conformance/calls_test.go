package conformance

import (
	"fmt"
	"strings"
	"testing"
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
