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

// Options say how much is tried, and what becomes of what is found. The zero value tries what suits a test that is run on every change.
type Options struct {
	// Depth is how much is tried. For a store in the suite's own process, whose clock can be moved, quick takes a tenth of a second, normal
	// less than one, and thorough some ten. A slow store, and a busy machine, take up to one second, six, and a minute and a half, for fewer
	// calls. A store in real time takes two or three seconds more, except for quick, in which no time passes; and making a failure small
	// takes some seconds. What is no depth, such as the zero value, means normal.
	Depth subject.Depth
	// Unhurried gives a slow store, or a busy machine, ten times as long before fewer calls have to do. It is for whoever must find the same
	// each time.
	Unhurried bool
	// Replay is run before anything else: sequences that failed before.
	Replay []Sequence
	// Artifacts is a folder for the failing sequence and the picture of the failing history. It is made when there is something to write,
	// and files of an earlier run are replaced. Empty means that nothing is written.
	Artifacts string
}

// Checks returns the checks of the chapter property.
func Checks(o Options) []engine.Check {
	if _, ok := budgets[o.Depth]; !ok {
		o.Depth = subject.Normal
	}
	return []engine.Check{
		{Requirement: contract.PropertySequences, Body: func(t *engine.C) { sequences(t, o) }, When: engine.Late, Reopens: true},
		{Requirement: contract.PropertyLinearizable, Body: func(t *engine.C) { linearizable(t, o) }},
	}
}

// A budget bounds a check by what it tries and by the time that it takes.
type budget struct {
	sequences  int
	steps      int           // of a sequence at most; the first ones are shorter
	search     time.Duration // for sequences
	waiting    int           // sequences in which real time passes, at once
	shrinking  time.Duration // of a sequence that failed
	rounds     int           // of calls in flight together
	concurrent time.Duration // for them
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

// save writes a file into the folder for what was found and returns a sentence about it for the failure, empty without a folder.
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
