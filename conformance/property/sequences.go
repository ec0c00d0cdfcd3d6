package property

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/model"
)

// SequencesFile is the file of a sequence that failed, in the folder for what is found.
const SequencesFile = "property-sequences.json"

func sequences(t *engine.C, o Options) {
	start := time.Now()
	w := newWorld(t, o.Depth)
	if !w.learn() {
		t.Skip("a plain session does not come back from a single set: see get/after-set")
	}
	for _, s := range o.Replay {
		w.replay(s)
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

// replay runs a sequence that failed before, as it is.
func (w *world) replay(s Sequence) {
	p := w.play()
	defer p.end()
	for _, step := range s.Steps {
		p.run(step)
	}
}

// search tries random sequences until one fails, and makes it as short and as simple as it can. What the check did since start counts, but
// leaves half of the time.
func (w *world) search(b budget, start time.Time) {
	parameters := gopter.DefaultTestParametersWithSeed(int64(w.t.Rand.Uint64() >> 1))
	parameters.MinSuccessfulTests = b.sequences
	parameters.MinSize, parameters.MaxSize = b.steps/3, b.steps
	w.deadline = start.Add(b.search)
	if half := time.Now().Add(b.search / 2); half.After(w.deadline) {
		w.deadline = half
	}
	property := commands.Prop(&commands.ProtoCommands{
		NewSystemUnderTestFunc: func(commands.State) commands.SystemUnderTest {
			if w.failure != nil && !w.shrinking {
				w.shrinking = true
				w.deadline = time.Now().Add(b.shrinking)
			}
			return w.play()
		},
		DestroySystemUnderTestFunc: func(sut commands.SystemUnderTest) { sut.(*play).end() },
		InitialStateGen:            w.moods(),
		GenCommandFunc:             w.generate,
	})
	result := gopter.Prop(func(p *gopter.GenParameters) *gopter.PropResult {
		if w.over() || w.failure != nil {
			return &gopter.PropResult{Status: gopter.PropProof} // which ends the search
		}
		return property(p)
	}).Check(parameters)
	w.rethrow()
	if result.Status == gopter.TestError {
		panic(result.Error)
	}
	if w.failure != nil {
		w.shrinking = true
		w.deadline = time.Now().Add(b.shrinking)
		w.polish()
	}
	w.deadline = time.Time{}
}

// polish tries what takes a change of several steps at once, and keeps each that fails all the same.
func (w *world) polish() {
	for _, change := range []func([]Step) []Step{w.renamed, direct, onFirst, numbered, w.lasting} {
		p := w.play()
		for _, s := range change(w.failure.steps) {
			p.run(s)
		}
		p.end()
	}
}

// renamed gives the simplest ids, in the order of their first use.
func (w *world) renamed(steps []Step) []Step {
	var used []string
	return each(steps, func(s *Step) {
		if s.ID == "" {
			return
		}
		if !slices.Contains(used, s.ID) {
			used = append(used, s.ID)
		}
		s.ID = w.ids[slices.Index(used, s.ID)]
	})
}

// direct gets the one id that there is instead of looking at all.
func direct(steps []Step) []Step {
	id := ""
	return each(steps, func(s *Step) {
		if id = cmp.Or(id, s.ID); s.Do == Look && id != "" {
			s.Do, s.ID = model.Get, id
		}
	})
}

// onFirst makes all calls on one instance.
func onFirst(steps []Step) []Step { return each(steps, func(s *Step) { s.On = 0 }) }

// numbered marks the sessions in their order.
func numbered(steps []Step) []Step {
	n := 0
	return each(steps, func(s *Step) {
		if data, err := object(s.Data); err == nil && len(s.Data) > 0 {
			n++
			if data.Set(mark, n) == nil {
				s.Data = dataOf(data)
			}
		}
	})
}

// lasting gives all sessions the same life.
func (w *world) lasting(steps []Step) []Step {
	return each(steps, func(s *Step) {
		if len(s.Data) > 0 {
			s.For = w.lives[0]
		}
	})
}

func each(steps []Step, change func(*Step)) []Step {
	changed := slices.Clone(steps)
	for i := range changed {
		change(&changed[i])
	}
	return changed
}

// report ends the check where a sequence has failed. The last one that did is the smallest.
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
