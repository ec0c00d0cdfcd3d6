package property

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// Options say how much to try, and what to do with a failure. The zero value suits a test that runs on every change.
type Options struct {
	// Depth is how much to try. For a store in the suite's own process, with a clock that can be moved, quick takes a tenth of a second,
	// normal less than a second, and thorough some ten. A slow store, or a busy machine, makes fewer calls, and takes up to one second, six,
	// and a minute and a half. A store in real time takes two or three seconds more, but not with quick, where no time passes. Shrinking a
	// failure takes some seconds. The zero value, and any value that is no depth, means normal.
	Depth subject.Depth
	// Unhurried gives a slow store, or a busy machine, ten times as long before it makes fewer calls. Set it where each run must find the same.
	Unhurried bool
	// Replay are sequences that failed before. They run before anything else.
	Replay []Sequence
	// Artifacts is a folder for the failing sequence and the picture of the failing history. The folder is made when there is something to
	// write. Files of an earlier run are replaced. Empty means that nothing is written.
	Artifacts string
}

// Checks returns the checks of the chapter property.
func Checks(o Options) []engine.Check {
	if _, ok := budgets[o.Depth]; !ok {
		o.Depth = subject.Normal
	}
	return []engine.Check{
		{Requirement: contract.PropertySequences, Body: func(t *engine.C) { checkSequences(t, o) }, When: engine.Late, Reopens: true},
		{Requirement: contract.PropertyLinearizable, Body: func(t *engine.C) { checkLinearizable(t, o) }},
	}
}

// A budget bounds a check by the number of tries and by time.
type budget struct {
	sequences  int
	steps      int           // in a sequence at most; the first sequences are shorter
	search     time.Duration // time for sequences
	waiting    int           // sequences in which real time passes, all at once
	shrinking  time.Duration // time to shrink a sequence that failed
	rounds     int           // rounds of calls in flight together
	concurrent time.Duration // time for rounds
}

var budgets = map[subject.Depth]budget{
	subject.Quick:    {sequences: 80, steps: 16, search: time.Second / 2, shrinking: time.Second, rounds: 40, concurrent: time.Second / 2},
	subject.Normal:   {sequences: 600, steps: 24, search: 3 * time.Second, waiting: 40, shrinking: 3 * time.Second, rounds: 300, concurrent: 5 * time.Second / 2},
	subject.Thorough: {sequences: 10_000, steps: 40, search: time.Minute, waiting: 200, shrinking: 30 * time.Second, rounds: 10_000, concurrent: 30 * time.Second},
}

func (o Options) budget() budget {
	b := budgets[o.Depth]
	if o.Unhurried {
		b.search *= 10
		b.concurrent *= 10
	}
	return b
}

// save writes a file into the folder for artifacts, and returns a sentence about the file for the failure. Without a folder the sentence is
// empty.
func (o Options) save(name string, write func(path string) error, sentence string) string {
	if o.Artifacts == "" {
		return ""
	}
	path := filepath.Join(o.Artifacts, name)
	if err := errors.Join(os.MkdirAll(o.Artifacts, 0o755), write(path)); err != nil {
		return "\n" + path + " could not be written: " + err.Error()
	}
	return "\n" + strings.ReplaceAll(sentence, "FILE", path)
}
