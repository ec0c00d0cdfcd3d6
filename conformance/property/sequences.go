package property

import (
	"os"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// SequencesFile is the file of a sequence that failed, in the folder Options.Artifacts.
const SequencesFile = "property-sequences.json"

func checkSequences(t *engine.C, o Options) {
	start := time.Now()
	w := newWorld(t, o.Depth)
	if !w.learn() {
		t.Skip("a plain session does not come back from a single set: see get/after-set")
	}
	for _, s := range o.Replay {
		w.fails(s.Steps)
		w.report(o)
	}
	b := o.budget()
	w.search(b, start)
	w.report(o)
	w.waiting(b.waiting, 3*b.shrinking)
	w.report(o)
	if len(w.leftOut) > 0 {
		t.Observe("left out, as the store gets it wrong by itself: %s", strings.Join(w.leftOut, "; "))
	}
}

// search tries random sequences until one fails, and shrinks it. The time of the check since start counts, but at least half of the time for
// the search is left.
func (w *world) search(b budget, start time.Time) {
	w.deadline = start.Add(b.search)
	if half := time.Now().Add(b.search / 2); half.After(w.deadline) {
		w.deadline = half
	}
	r := w.random()
	shortest := b.steps / 3
	for n := 0; n < b.sequences && !w.over() && w.failure == nil; n++ {
		w.fails(w.generate(r, w.mood(r), shortest+n*(b.steps-shortest)/b.sequences))
	}
	w.rethrow()
	if w.failure != nil {
		w.shrink(b.shrinking)
	}
	w.deadline = time.Time{}
}

// fails runs a sequence on new ids, and reports whether an answer was wrong. The failure of the world is then the sequence up to that answer.
func (w *world) fails(steps []Step) bool {
	p := w.play()
	defer p.end()
	for _, s := range steps {
		p.run(s)
	}
	return !p.right
}

// report fails the check if a sequence has failed. The last sequence that failed is the smallest.
func (w *world) report(o Options) {
	w.rethrow()
	f := w.failure
	if f == nil {
		return
	}
	s := Sequence{Store: w.t.Subject().Name, Wanted: f.wanted, Got: f.got, Steps: f.steps}
	note := o.save(SequencesFile, func(path string) error {
		text, err := s.text()
		if err != nil {
			return err
		}
		return os.WriteFile(path, text, 0o644)
	}, "the steps are in FILE; --replay FILE runs them first")
	w.t.ShowCalls(f.calls...)
	w.t.Fail("wanted    %s\ngot       %s%s", f.wanted, f.got, note)
}
