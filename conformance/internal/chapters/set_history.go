package chapters

import (
	"fmt"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// A historyFailure is the calls of a history up to the first wrong answer.
type historyFailure struct {
	calls []string
	text  string
}

// A historyStep is a call or a wait. It names ids and data by number, so that it can be made again on other ids.
type historyStep struct {
	kind model.Kind
	wait time.Duration // instead of a call, when not zero
	id   int
	data int           // of the session to set or touch with
	life time.Duration // of the cookie
}

// A history has so many steps on so many ids.
const (
	historySteps = 25
	historyIDs   = 3
)

func setHistory(t *engine.C) {
	start := time.Now()
	for n := range 30 {
		if took := time.Since(start); n >= 6 && took > 200*time.Millisecond || n >= 2 && took > 2*time.Second {
			break
		}
		steps := newHistory(t)
		if found := playHistory(t, steps); found != nil {
			found = smallerHistory(t, steps, found)
			t.ShowCalls(found.calls...)
			t.Fail("%s", found.text)
		}
	}
}

// newHistory returns random steps on a few ids. Most are on the id of the step before, so that they have to do with each other.
func newHistory(t *engine.C) []historyStep {
	var steps []historyStep
	id := t.Rand.IntN(historyIDs)
	loaded := map[int]int{} // the data that a request got or set last, for touches that come late
	data := 0
	for len(steps) < historySteps {
		if t.Rand.IntN(4) == 0 {
			id = t.Rand.IntN(historyIDs)
		}
		if t.Injected() && t.Rand.IntN(10) == 0 {
			steps = append(steps, historyStep{wait: historyLife(t) / 2})
		}
		stale, some := loaded[id]
		s := historyStep{id: id, data: stale, life: historyLife(t)}
		switch n := t.Rand.IntN(20); {
		case !some || n < 7:
			data++
			s.kind, s.data, loaded[id] = model.Set, data, data
		case n < 11:
			s.kind = model.Get
		case n < 17 && t.Capabilities().Touch:
			s.kind = model.Touch
		default:
			s.kind = model.Destroy
		}
		steps = append(steps, s)
	}
	for id := range historyIDs {
		steps = append(steps, historyStep{kind: model.Get, id: id})
	}
	return steps
}

// historyLife returns a life that ends soon on a clock that the suite moves, and otherwise one that does not end in the run.
func historyLife(t *engine.C) time.Duration {
	if t.Injected() {
		return shortestLife(t) * time.Duration(1+t.Rand.IntN(4))
	}
	return time.Hour + time.Duration(t.Rand.IntN(3600))*time.Second
}

// session returns the session of a step. Two different data differ in all values, and some in their members.
func (s historyStep) session(t *engine.C) *spec.Session {
	session := t.SessionFor(s.life, "n", s.data)
	if s.data%2 == 0 {
		_ = session.Set("user", fmt.Sprintf("user %d", s.data))
	}
	return session
}

// playHistory makes the steps on fresh ids, judges each answer by the sequential model, and returns the first wrong one.
func playHistory(t *engine.C, steps []historyStep) *historyFailure {
	t.ShowCalls()
	rules, states := t.Rules(), model.Empty()
	var ids [historyIDs]string
	for i := range ids {
		ids[i] = t.ID()
	}
	for _, s := range steps {
		if s.wait > 0 {
			t.Until(t.Now().Add(s.wait))
			continue
		}
		op := model.Op{Kind: s.kind, ID: ids[s.id]}
		var answer model.Answer
		window := model.Window{From: t.Now()}
		switch s.kind {
		case model.Set:
			op.Session = s.session(t)
			answer.Err = t.TrySet(op.ID, op.Session)
		case model.Touch:
			op.Session = s.session(t)
			answer.Err = t.TryTouch(op.ID, op.Session)
		case model.Get:
			answer.Session, answer.Err = t.TryFind(op.ID)
		case model.Destroy:
			answer.Err = t.TryDestroy(op.ID)
		default:
			t.Broken(fmt.Errorf("a history has no %s", s.kind))
		}
		window.To = t.Now()
		after := states.Step(rules, op, answer, window)
		if len(after) == 0 {
			return &historyFailure{t.Calls(), fmt.Sprintf("wanted    %s\ngot       %s", states.Wanted(rules, op, window), model.Got(op, answer))}
		}
		states = after
	}
	return nil
}

// smallerHistory leaves out the steps that the fault does not need, one after the other from the end, until time is up.
func smallerHistory(t *engine.C, steps []historyStep, found *historyFailure) *historyFailure {
	end := time.Now().Add(3 * time.Second)
	for i := len(steps) - 1; i >= 0 && time.Now().Before(end); i-- {
		without := slices.Delete(slices.Clone(steps), i, i+1)
		if again := playHistory(t, without); again != nil {
			steps, found = without, again
		}
	}
	return found
}
