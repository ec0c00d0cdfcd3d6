package property

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/storecheck/storecheck/spec/model"
)

// A history is the calls on one id that matter for its judgement.
type history struct {
	writings []call // sets and destroys
	gets     []call // with an answer
	touches  []call
	sources  []call // gets that are not judged, whose answers were given to touches
}

// history gathers the calls on an id. Gets that failed say nothing.
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

// judged returns the calls that need an order.
func (h *history) judged() []call { return slices.Concat(h.writings, h.touches, h.gets) }

// all returns the calls in the order in which they began.
func (h *history) all() []call {
	all := slices.Concat(h.judged(), h.sources)
	slices.SortStableFunc(all, byBegin)
	return all
}

// same reports whether c and d are one call. A client makes one call after the other.
func (c call) same(d call) bool { return c.client == d.client && c.begun == d.begun }

// source returns the get whose answer was given to a touch. A client touches with the session that it has last set or found; ok is false if
// that was set.
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

// judgeTime is how long judging a history may take. Most take a thousandth of it.
const judgeTime = 2 * time.Second

// judge looks for an order of sets and destroys that explains all gets which met none of them. Each other get may have an order of its own:
// the contract does not promise more.
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

// explain looks for one order of sets and destroys that explains these gets.
func (h *history) explain(gets ...call) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(registerModel, porcupineCalls(slices.Concat(h.writings, gets)), judgeTime)
}

// least returns the smallest part of a history that has no order, and the get that cannot be explained.
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

// until leaves out calls that began after a get, and all gets but others and the sources of touches.
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
	_, info := porcupine.CheckOperationsVerbose(registerModel, porcupineCalls(h.judged()), judgeTime)
	return porcupine.VisualizePath(registerModel, info, path)
}

// porcupineCalls writes the calls for porcupine. A call that may have its effect later has no end.
func porcupineCalls(calls []call) []porcupine.Operation {
	all := make([]porcupine.Operation, len(calls))
	for i, c := range calls {
		all[i] = porcupine.Operation{ClientId: c.client, Input: c, Call: int64(c.begun), Return: int64(c.ended)}
		if c.mayComeLater {
			all[i].Return = math.MaxInt64
		}
	}
	return all
}

// registerModel says which gets an order of calls on one id allows. Its state is the writer of the stored session, or empty. Sessions do not
// expire here, because all of them live for an hour.
var registerModel = (&porcupine.NondeterministicModel{
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
		return []any{c.writer} // empty for a destroy
	},
	DescribeOperation: func(input, _ any) string { return input.(call).String() },
	DescribeState: func(state any) string {
		if state == "" {
			return "no session"
		}
		return "the session " + state.(string)
	},
}).ToModel()
