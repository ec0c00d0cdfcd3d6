package cli

import (
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// Without a terminal the board says what takes time, and how far each target is.
func TestProgressText(t *testing.T) {
	b := newProgressBoard(io.Discard, []string{"npm:a", "memory", "file", "npm:b", "npm:c"}, 200, "checked")
	defer b.wait()
	b.lines[0].doing("installing a")
	b.lines[1].doing("")
	b.lines[1].count(contract.Verdict{Status: contract.Fail})
	b.lines[1].count(contract.Verdict{Status: contract.Pass})
	b.lines[2].done()
	want := "npm:a: installing a; memory: 2 of 200 checked, 1 failed; npm:b: waiting; 1 more targets; 1 done"
	if got := b.text(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A line comes with each pause, and none after the board is stopped.
func TestProgressLines(t *testing.T) {
	var w lockedBuilder
	b := newProgressBoard(io.Discard, []string{"memory"}, 200, "checked")
	defer b.wait()
	stop := writeLines(&w, time.Millisecond, b.text)
	for strings.Count(w.String(), "\n") < 2 {
		time.Sleep(time.Millisecond)
	}
	stop()
	before := w.String()
	if line := regexp.MustCompile(`^storecheck: after \d+s: memory: waiting\n`); !line.MatchString(before) {
		t.Errorf("got %q, want lines as %s", before, line)
	}
	time.Sleep(5 * time.Millisecond)
	if after := w.String(); after != before {
		t.Errorf("a line came after the end: %q", after[len(before):])
	}
}

type lockedBuilder struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuilder) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuilder) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
