package property

import (
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/storecheck/storecheck/spec/model"
)

// A history is right if an order explains its last get.
func TestHistory(t *testing.T) {
	at := func(do model.Kind, writer string, begun, ended int) call {
		return call{do: do, writer: writer, begun: time.Duration(begun), ended: time.Duration(ended)}
	}
	failed := func(c call) call {
		c.mayComeLater = c.do != model.Touch
		return c
	}
	const set, get, destroy, touch = model.Set, model.Get, model.Destroy, model.Touch
	for _, test := range []struct {
		name  string
		calls []call
		right bool
	}{
		{"nothing was set", []call{at(get, "", 0, 1)}, true},
		{"what nobody has set", []call{at(set, "a", 0, 1), at(get, "?", 2, 3)}, false},
		{"the last set", []call{at(set, "a", 0, 1), at(set, "b", 2, 3), at(get, "b", 4, 5)}, true},
		{"an earlier set", []call{at(set, "a", 0, 1), at(set, "b", 2, 3), at(get, "a", 4, 5)}, false},
		{"after a destroy", []call{at(set, "a", 0, 1), at(destroy, "", 2, 3), at(get, "a", 4, 5)}, false},
		{"two sets in flight, the one", []call{at(set, "a", 0, 9), at(set, "b", 1, 8), at(get, "a", 10, 11), at(get, "a", 12, 13)}, true},
		{"two sets in flight, the other", []call{at(set, "a", 0, 9), at(set, "b", 1, 8), at(get, "b", 10, 11)}, true},
		{"two sets in flight, first the one and then the other", []call{at(set, "a", 0, 9), at(set, "b", 1, 8), at(get, "a", 10, 11), at(get, "b", 12, 13)}, false},
		{"a destroy and a set in flight, found", []call{at(set, "a", 0, 1), at(destroy, "", 2, 9), at(set, "b", 3, 8), at(get, "b", 10, 11)}, true},
		{"a destroy and a set in flight, missing", []call{at(set, "a", 0, 1), at(destroy, "", 2, 9), at(set, "b", 3, 8), at(get, "", 10, 11)}, true},
		{"a destroy and a set in flight, the old session", []call{at(set, "a", 0, 1), at(destroy, "", 2, 9), at(set, "b", 3, 8), at(get, "a", 10, 11)}, false},
		{"a get during a set, the old one", []call{at(set, "a", 0, 1), at(set, "b", 2, 9), at(get, "a", 3, 4)}, true},
		{"a get during a set, the new one", []call{at(set, "a", 0, 1), at(set, "b", 2, 9), at(get, "b", 3, 4)}, true},
		{"a get during a set, none", []call{at(set, "a", 0, 1), at(set, "b", 2, 9), at(get, "", 3, 4)}, false},
		{"gets during a set, the new and then the old one", []call{at(set, "a", 0, 1), at(set, "b", 2, 9), at(get, "b", 3, 4), at(get, "a", 5, 6)}, true},
		{"gets during a set and after it", []call{at(set, "a", 0, 1), at(set, "b", 2, 9), at(get, "b", 3, 4), at(get, "a", 10, 11)}, false},
		{"a failed set may be seen", []call{at(set, "a", 0, 1), failed(at(set, "b", 2, 3)), at(get, "b", 4, 5)}, true},
		{"a failed set may not be seen", []call{at(set, "a", 0, 1), failed(at(set, "b", 2, 3)), at(get, "a", 4, 5)}, true},
		{"a failed set may be seen later", []call{at(set, "a", 0, 1), failed(at(set, "b", 2, 3)), at(get, "a", 4, 5), at(get, "b", 6, 7)}, true},
		{"a failed destroy may be seen later", []call{at(set, "a", 0, 1), failed(at(destroy, "", 2, 3)), at(get, "a", 4, 5), at(get, "", 6, 7)}, true},
		{"a touch brings nothing back", []call{at(set, "a", 0, 1), at(destroy, "", 2, 3), at(touch, "", 2, 9), at(get, "a", 10, 11)}, false},
		{"a touch undoes no set", []call{at(set, "a", 0, 1), at(set, "b", 2, 3), at(touch, "", 2, 9), at(get, "a", 10, 11)}, false},
		{"a get during a touch", []call{at(set, "a", 0, 1), at(touch, "", 2, 9), at(get, "", 3, 4)}, false},
		{"a failed touch", []call{at(set, "a", 0, 1), failed(at(touch, "", 2, 3)), at(get, "a", 4, 5)}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &round{first: &client{calls: test.calls}, last: &client{}}
			verdict := r.history("").judge()
			if (verdict == porcupine.Ok) != test.right {
				t.Errorf("%s", verdict)
			}
			if test.right {
				return
			}
			h, culprit := r.history("").least()
			last := test.calls[len(test.calls)-1]
			if culprit.begun != last.begun || h.explain(h.gets...) != porcupine.Illegal {
				t.Errorf("the least is %v, with %v as the culprit", h.all(), culprit)
			}
		})
	}
}

// Of the gets that are not judged, only the sources of shown touches are shown.
func TestSourcesOfTouches(t *testing.T) {
	at := func(client int, do model.Kind, writer string, begun int) call {
		return call{client: client, do: do, writer: writer, begun: time.Duration(begun), ended: time.Duration(begun) + 1}
	}
	const set, get, destroy, touch = model.Set, model.Get, model.Destroy, model.Touch
	r := &round{first: &client{calls: []call{at(0, set, "a", 0)}}, last: &client{calls: []call{at(0, get, "a", 90)}}, clients: []*client{
		{calls: []call{at(1, get, "a", 10), at(1, get, "a", 12), at(1, touch, "", 20), at(1, touch, "", 30), at(1, get, "", 52), at(1, touch, "", 54)}},
		{calls: []call{at(2, get, "a", 11), at(2, set, "a", 13), at(2, touch, "", 21), at(2, destroy, "", 50)}}, // touches with its own set
		{calls: []call{at(3, get, "a", 15), at(3, get, "a", 91), at(3, touch, "", 95)}},                         // its touch is after the culprit
		{calls: []call{at(4, touch, "", 22)}}, // touches with a session that it has not seen
	}}
	h, culprit := r.history("").least()
	var shown []int
	for _, c := range h.all() {
		shown = append(shown, int(c.begun))
	}
	if want := []int{0, 12, 13, 20, 21, 22, 30, 50, 54, 90}; culprit.begun != 90 || !slices.Equal(shown, want) {
		t.Errorf("shows %v for the get at %d, want %v for 90", shown, culprit.begun, want)
	}
}
