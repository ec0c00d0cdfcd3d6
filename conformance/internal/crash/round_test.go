package crash

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// An id that one process has left and another one changes is judged by the calls of both.
func TestCrashInherit(t *testing.T) {
	failed := errors.New("the disk is full")
	for _, c := range []struct {
		name     string
		writings []*writing // of client 2 in the first round
		found    string     // after the first kill
		second   *writing   // of the second round
		may      []string
		violated map[string]*contract.Requirement
	}{
		{
			"destroyed by the next process",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2}},
			"w1", &writing{do: "destroy", begun: 0, ended: 1},
			[]string{""},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashNoRevival},
		},
		{
			"set by the next process",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2}, {do: "destroy", begun: 3, ended: 4}},
			"", &writing{do: "set", writer: "w2", begun: 0, ended: 1},
			[]string{"w2"},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashNoRevival, "": contract.DurabilityCrashAcknowledged},
		},
		{
			"what was in flight may arrive late",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2, err: engine.ErrInterrupted}},
			"", &writing{do: "destroy", begun: 0, ended: 1},
			[]string{"w1", ""},
			map[string]*contract.Requirement{},
		},
		{
			"not changed",
			[]*writing{{do: "set", writer: "w1", begun: 1, ended: 2}, {do: "touch", begun: 3, ended: 4}},
			"w1", nil,
			[]string{"w1"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, second := inherited(t, c.writings, c.found)
			id := second.ids[2]
			if id != "a" || slices.Contains(first.ids, "a") || len(first.ids) != crashClients+sharedIDs-1 {
				t.Fatalf("the second round has %q, the first %q", second.ids, first.ids)
			}
			if left := second.earlier[id].left; (left == nil) != (c.found == "") || left != nil && left.String() != sessionOf(t, c.found, "whole").String() {
				t.Errorf("the first round has left %v", left)
			}
			if w := c.second; w != nil {
				w.id = id
				second.writings = append(second.writings, w)
				if w.writer != "" {
					second.sessions[w.writer] = sessionOf(t, w.writer, "whole")
				}
			}
			for _, writer := range c.may {
				var got *spec.Session
				if writer != "" {
					got = sessionOf(t, writer, "whole")
				}
				if violated, saw := second.judge(id, got, nil); violated != nil {
					t.Errorf("%q is accused by %s: %s", writer, violated.ID, saw)
				}
			}
			for writer, want := range c.violated {
				var got *spec.Session
				if writer != "" {
					got = sessionOf(t, writer, "whole")
				}
				if violated, _ := second.judge(id, got, nil); violated != want {
					t.Errorf("%q is accused by %v, not %s", writer, violated, want.ID)
				}
			}
		})
	}
	for name, w := range map[string]*writing{
		"a touch may arrive late":     {do: "touch", begun: 3, ended: 4, err: engine.ErrInterrupted},
		"a touch that failed as well": {do: "touch", begun: 3, ended: 4, err: failed},
	} {
		if _, second := inherited(t, []*writing{w}, ""); slices.Contains(second.ids, "a") {
			t.Errorf("%s, and another process uses the id", name)
		}
	}
	_, second := inherited(t, []*writing{{do: "set", writer: "w1", begun: 1, ended: 2, err: engine.ErrInterrupted}}, "")
	if cut := second.interruptedIDs(); len(cut) != 1 || cut[0].id != "a" {
		t.Errorf("a call on it was cut off before, and now it is %v", cut)
	}
	if _, second := inherited(t, nil, "unknown"); slices.Contains(second.ids, "a") {
		t.Error("nobody knows what the first process has left, and another one uses it")
	}
}

// No two rounds give a session the same name.
func TestCrashWriters(t *testing.T) {
	c := &crasher{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, nil, 0)}
	seen := map[string]bool{}
	var before *round
	for range 4 {
		r := c.beginRound()
		if before != nil {
			r.inherit(before)
		}
		r.start = time.Now()
		for n, id := range r.ids {
			w := &writing{do: "set", id: id}
			r.session(w, 1)
			if r.writings = append(r.writings, w); seen[w.writer] {
				t.Fatalf("session %d is %s again", n, w.writer)
			}
			seen[w.writer], r.found[id] = true, r.sessions[w.writer]
		}
		before = r
	}
}

// inherited returns two rounds. The second one has inherited the id a of the third client, with the given calls, from the first.
func inherited(t *testing.T, writings []*writing, found string) (first, second *round) {
	c := &crasher{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, nil, 0), rounds: 0}
	first = c.beginRound()
	first.start, first.ids[2] = time.Now(), "a"
	for _, w := range writings {
		w.id = "a"
		first.writings = append(first.writings, w)
		if w.writer != "" {
			first.sessions[w.writer] = sessionOf(t, w.writer, "whole")
		}
	}
	if found != "unknown" {
		first.found["a"] = first.sessions[found]
	}
	second = c.beginRound()
	second.inherit(first)
	second.start = time.Now()
	return first, second
}
