package conformance

import (
	"fmt"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/model"
)

// A history is a random sequence of calls on a few ids, judged by the sequential model.
type history struct {
	t      *C
	rules  model.Rules
	states model.States
	ids    []string
	last   string                   // the id of the call before
	loaded map[string]*spec.Session // what a request got or set last, for touches that come late
	n      int
}

func setHistory(t *C) {
	const calls = 25
	start := time.Now()
	// As many as are for nothing, fewer of a store that takes its time.
	for n := range 30 {
		if took := time.Since(start); n >= 6 && took > 200*time.Millisecond || n >= 2 && took > 2*time.Second {
			break
		}
		t.calls.reset()
		h := history{t: t, rules: t.Rules(), states: model.Empty(), loaded: map[string]*spec.Session{}}
		for range 3 {
			h.ids = append(h.ids, t.ID())
		}
		for range calls {
			h.next()
		}
		for _, id := range h.ids {
			h.do(model.Op{Kind: model.Get, ID: id})
		}
	}
}

// next makes a call. Most are on the id of the one before, so that they come to bear on each other.
func (h *history) next() {
	t := h.t
	id := h.last
	if id == "" || t.Rand.IntN(4) == 0 {
		id = h.ids[t.Rand.IntN(len(h.ids))]
	}
	h.last = id
	if t.Injected() && t.Rand.IntN(10) == 0 {
		t.Until(t.Now().Add(h.life() / 2))
	}
	stale := h.loaded[id]
	switch n := t.Rand.IntN(20); {
	case stale == nil || n < 7:
		h.do(model.Op{Kind: model.Set, ID: id, Session: h.session()})
	case n < 11:
		h.do(model.Op{Kind: model.Get, ID: id})
	case n < 17 && t.capabilities.Touch:
		touched := stale.Clone()
		touched.Cookie = h.session().Cookie
		h.do(model.Op{Kind: model.Touch, ID: id, Session: touched})
	default:
		h.do(model.Op{Kind: model.Destroy, ID: id})
	}
}

// session returns a session that differs from all others in its data, and from some in its members.
func (h *history) session() *spec.Session {
	h.n++
	s := h.t.SessionFor(h.life(), "n", h.n)
	if h.n%2 == 0 {
		_ = s.Set("user", h.t.Tag())
	}
	return s
}

// life returns a life that no real time ends, or one that the suite's clock soon does.
func (h *history) life() time.Duration {
	if h.t.Injected() {
		return h.t.lifetime() * time.Duration(1+h.t.Rand.IntN(4))
	}
	return time.Hour + time.Duration(h.t.Rand.IntN(3600))*time.Second
}

// do makes a call and judges its answer.
func (h *history) do(op model.Op) {
	t := h.t
	var answer model.Answer
	window := model.Window{From: t.Now()}
	switch op.Kind {
	case model.Set:
		answer.Err = t.TrySet(op.ID, op.Session)
		h.loaded[op.ID] = op.Session
	case model.Get:
		answer.Session, answer.Err = t.TryFind(op.ID)
	case model.Destroy:
		answer.Err = t.TryDestroy(op.ID)
	case model.Touch:
		answer.Err = t.TryTouch(op.ID, op.Session)
	default:
		t.broken(fmt.Errorf("a history has no %s", op.Kind))
	}
	window.To = t.Now()
	after := h.states.Step(h.rules, op, answer, window)
	if len(after) == 0 {
		t.Fail("wanted    %s\ngot       %s", h.states.Wanted(h.rules, op, window), model.Got(op, answer))
	}
	h.states = after
}
