package conformance

import (
	"fmt"
	"sync"
	"time"
)

// A callLog is the calls of one attempt, in the order in which they began. It keeps the first and the last of many.
type callLog struct {
	mu      sync.Mutex
	first   []*callEntry
	last    []*callEntry // a ring once it is full
	dropped int
}

const keptCalls = 15

type callEntry struct {
	log  *callLog
	text string
}

func (l *callLog) add(text string) { l.begin(text) }

func (l *callLog) begin(text string) *callEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &callEntry{l, text}
	switch {
	case len(l.first) < keptCalls:
		l.first = append(l.first, e)
	case len(l.last) < keptCalls:
		l.last = append(l.last, e)
	default:
		copy(l.last, l.last[1:])
		l.last[keptCalls-1] = e
		l.dropped++
	}
	return e
}

// reset forgets the calls so far, which a check that begins anew does not need any more.
func (l *callLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first, l.last, l.dropped = nil, nil, 0
}

func (e *callEntry) end(answer string, took time.Duration) {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	if answer == "" {
		answer = "ok"
	}
	e.text += fmt.Sprintf(" → %s  [%s]", answer, milliseconds(took))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
}

func (l *callLog) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []string
	for _, e := range l.first {
		lines = append(lines, e.text)
	}
	if l.dropped > 0 {
		lines = append(lines, fmt.Sprintf("… %d more calls …", l.dropped))
	}
	for _, e := range l.last {
		lines = append(lines, e.text)
	}
	return lines
}
