package property

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// shrink makes the failure smaller until nothing smaller fails, or until time is up. Each try is smaller than the failure, so shrinking comes
// to an end.
func (w *world) shrink(most time.Duration) {
	w.deadline = time.Now().Add(most)
	for slices.ContainsFunc(w.smaller(w.failure.steps), w.fails) {
	}
	w.deadline = time.Now().Add(most)
	w.polish()
}

// smaller returns the sequences to try instead of one, the shortest first.
func (w *world) smaller(steps []Step) [][]Step {
	all := fewerSteps(steps)
	for i, s := range steps {
		for _, simple := range s.simpler(w.ids, w.lives[0]) {
			other := slices.Clone(steps)
			other[i] = simple
			all = append(all, other)
		}
	}
	return all
}

// fewerSteps returns a sequence without some of its steps, the shortest first.
func fewerSteps(steps []Step) [][]Step {
	var all [][]Step
	for n := len(steps) / 2; n > 0; n /= 2 {
		for from := 0; from < len(steps); from += n {
			all = append(all, slices.Delete(slices.Clone(steps), from, min(from+n, len(steps))))
		}
	}
	return all
}

// polish tries changes of several steps at once, and keeps those after which the sequence still fails.
func (w *world) polish() {
	for _, change := range []func([]Step) []Step{w.renamed, getInsteadOfLook, onOneInstance, numberMarks, w.lasting} {
		w.fails(change(w.failure.steps))
	}
}

// renamed uses the simplest ids, in the order of their first use.
func (w *world) renamed(steps []Step) []Step {
	var used []string
	return changeSteps(steps, func(s *Step) {
		if s.ID == "" {
			return
		}
		if !slices.Contains(used, s.ID) {
			used = append(used, s.ID)
		}
		s.ID = w.ids[slices.Index(used, s.ID)]
	})
}

// getInsteadOfLook replaces each look by a get of the first id.
func getInsteadOfLook(steps []Step) []Step {
	id := ""
	return changeSteps(steps, func(s *Step) {
		if id = cmp.Or(id, s.ID); s.Do == Look && id != "" {
			s.Do, s.ID = model.Get, id
		}
	})
}

// onOneInstance makes all calls on one instance.
func onOneInstance(steps []Step) []Step { return changeSteps(steps, func(s *Step) { s.On = 0 }) }

// numberMarks marks the sessions by their order.
func numberMarks(steps []Step) []Step {
	n := 0
	return changeSteps(steps, func(s *Step) {
		if data, err := parseObject(s.Data); err == nil && len(s.Data) > 0 {
			n++
			if data.Set(markMember, n) == nil {
				s.Data = dataOf(data)
			}
		}
	})
}

// lasting gives all sessions the same life.
func (w *world) lasting(steps []Step) []Step {
	return changeSteps(steps, func(s *Step) {
		if len(s.Data) > 0 {
			s.For = w.lives[0]
		}
	})
}

func changeSteps(steps []Step, change func(*Step)) []Step {
	changed := slices.Clone(steps)
	for i := range changed {
		change(&changed[i])
	}
	return changed
}

// simpler returns the steps to try instead of one, the simplest first. Each is simpler than the step, so shrinking comes to an end.
func (s Step) simpler(ids []string, life string) []Step {
	var steps []Step
	try := func(change func(*Step)) {
		c := s
		change(&c)
		steps = append(steps, c)
	}
	if s.Do == Look {
		for _, id := range ids {
			try(func(c *Step) { c.Do, c.ID = model.Get, id })
		}
	}
	if s.On > 0 {
		try(func(c *Step) { c.On = 0 })
	}
	if s.ID != "" {
		for _, id := range ids[:max(0, slices.Index(ids, s.ID))] {
			try(func(c *Step) { c.ID = id })
		}
	}
	if s.Do == model.Set || s.Do == model.Touch {
		if s.For != life {
			try(func(c *Step) { c.For = life })
		}
		if len(s.Cookie) > 0 {
			try(func(c *Step) { c.Cookie = nil })
		}
		for _, data := range simplerData(s.Data) {
			try(func(c *Step) { c.Data = data })
		}
	}
	return steps
}

// simplerData returns the object with its mark alone, and then the object without each of its other members.
func simplerData(data json.RawMessage) []json.RawMessage {
	members, err := parseObject(data)
	if err != nil || members.Len() < 2 {
		return nil
	}
	least := spec.NewSession(spec.Cookie{})
	if raw, ok := members.Raw(markMember); ok {
		_ = least.SetRaw(markMember, raw)
	}
	all := []*spec.Session{least}
	for _, name := range members.Names() {
		if name != markMember && members.Len() > 2 {
			fewer := members.Clone()
			fewer.Delete(name)
			all = append(all, fewer)
		}
	}
	var texts []json.RawMessage
	for _, s := range all {
		texts = append(texts, dataOf(s))
	}
	return texts
}
