package property

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/storecheck/storecheck/spec/model"
)

// A history is the calls on one id that say something about what is stored there.
type history struct {
	writings []call // sets and destroys
	gets     []call // that were answered
	touches  []call
	sources  []call // gets that are judged no more, whose answers the touches were given
}

// history gathers the calls on an id. What a get that failed has seen nobody knows.
func (r *round) history(id string) *history {
	h := &history{}
	for _, c := range append([]*client{r.first, r.last}, r.clients...) {
		for _, p := range c.calls {
			switch {
			case p.id != id:
			case p.do == model.Set || p.do == model.Destroy:
				h.writings = append(h.writings, p)
			case p.do == model.Touch:
				h.touches = append(h.touches, p)
			case p.err == nil:
				h.gets = append(h.gets, p)
			}
		}
	}
	for i := range h.gets {
		g := &h.gets[i]
		g.meetsNoWriting = !slices.ContainsFunc(h.writings, func(w call) bool {
			return w.begun <= g.ended && (w.mayComeLater || g.begun <= w.ended)
		})
	}
	slices.SortStableFunc(h.gets, byBegin)
	return h
}

func byBegin(a, b call) int { return int(a.begun - b.begun) }

// judged are the calls that there must be an order of.
func (h *history) judged() []call { return slices.Concat(h.writings, h.touches, h.gets) }

// all are the calls in the order in which they began.
func (h *history) all() []call {
	all := slices.Concat(h.judged(), h.sources)
	slices.SortStableFunc(all, byBegin)
	return all
}

// same reports whether two are one call: a client makes one after the other.
func (c call) same(d call) bool { return c.client == d.client && c.begun == d.begun }

// source returns the get whose answer a touch was given, if it was one: a client touches with what it has last set or found.
func (h *history) source(touch call) (get call, ok bool) {
	for _, c := range h.all() {
		if c.client != touch.client || c.begun >= touch.begun {
			continue
		}
		if c.do == model.Set || c.do == model.Get && c.writer != "" {
			get, ok = c, c.do == model.Get
		}
	}
	return get, ok
}

// patience is how long a history may take to be judged. Most take a thousandth of it.
const patience = 2 * time.Second

// judge looks for an order of sets and destroys that all gets agree with which met none of them, and for each other get for one that it
// agrees with: the contract does not promise more.
func (h *history) judge() porcupine.CheckResult {
	verdict := h.explain(h.quiet()...)
	for _, g := range h.gets {
		if verdict == porcupine.Ok && !g.meetsNoWriting {
			verdict = h.explain(g)
		}
	}
	return verdict
}

func (h *history) quiet() []call {
	return slices.DeleteFunc(slices.Clone(h.gets), func(g call) bool { return !g.meetsNoWriting })
}

// explain looks for an order of sets and destroys that these gets agree with.
func (h *history) explain(gets ...call) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(register, operations(slices.Concat(h.writings, gets)), patience)
}

// least returns as little of a history that has no order as it takes, and the get that cannot be explained.
func (h *history) least() (*history, call) {
	quiet := h.quiet()
	for n := range quiet {
		if h.explain(quiet[:n+1]...) == porcupine.Illegal {
			culprit := quiet[n]
			before := quiet[:n]
			for i := 0; i < len(before); {
				fewer := slices.Delete(slices.Clone(before), i, i+1)
				if h.explain(append(slices.Clone(fewer), culprit)...) == porcupine.Illegal {
					before = fewer
				} else {
					i++
				}
			}
			return h.until(culprit, before...), culprit
		}
	}
	for _, g := range h.gets {
		if h.explain(g) == porcupine.Illegal {
			return h.until(g), g
		}
	}
	return h, h.gets[len(h.gets)-1]
}

// until leaves out what began when a get was over, and all other gets but those that tell where the session of a touch is from.
func (h *history) until(g call, others ...call) *history {
	early := func(calls []call) []call {
		return slices.DeleteFunc(slices.Clone(calls), func(c call) bool { return c.begun > g.ended })
	}
	least := &history{writings: early(h.writings), touches: early(h.touches), gets: append(slices.Clone(others), g)}
	for _, touch := range least.touches {
		if get, ok := h.source(touch); ok && !slices.ContainsFunc(least.all(), get.same) {
			least.sources = append(least.sources, get)
		}
	}
	return least
}

// wanted says what the last get might have answered.
func (h *history) wanted(g call) string {
	before := h.gets[:len(h.gets)-1]
	writers := []string{""}
	for _, w := range h.writings {
		if w.do == model.Set {
			writers = append(writers, w.writer)
		}
	}
	var allowed []string
	for _, writer := range writers {
		g.writer, g.neither = writer, ""
		if h.explain(append(slices.Clone(before), g)...) == porcupine.Ok {
			allowed = append(allowed, g.found())
		}
	}
	return strings.Join(allowed, ", or ")
}

// draw writes the picture of a history.
func (h *history) draw(path string) error {
	_, info := porcupine.CheckOperationsVerbose(register, operations(h.judged()), patience)
	return porcupine.VisualizePath(register, info, path)
}

// operations are the calls for porcupine. One that may have its effect later has no end.
func operations(calls []call) []porcupine.Operation {
	all := make([]porcupine.Operation, len(calls))
	for i, c := range calls {
		all[i] = porcupine.Operation{ClientId: c.client, Input: c, Call: int64(c.begun), Return: int64(c.ended)}
		if c.mayComeLater {
			all[i].Return = math.MaxInt64
		}
	}
	return all
}

// register is what is stored under one id: the writer of a session, or nothing. A session does not end here, because all of them live for an
// hour.
var register = (&porcupine.NondeterministicModel{
	Init: func() []any { return []any{""} },
	Step: func(state, input, _ any) []any {
		c := input.(call)
		switch {
		case c.do == model.Touch:
			return []any{state}
		case c.do == model.Get && c.writer != state:
			return nil
		case c.do == model.Get:
			return []any{state}
		case c.mayComeLater && c.writer != state:
			return []any{state, c.writer}
		}
		return []any{c.writer} // which a destroy does not have
	},
	DescribeOperation: func(input, _ any) string { return input.(call).String() },
	DescribeState: func(state any) string {
		if state == "" {
			return "no session"
		}
		return "the session " + state.(string)
	},
}).ToModel()
