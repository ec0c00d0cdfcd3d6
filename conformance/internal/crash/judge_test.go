package crash

import (
	"errors"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The sessions that may be found after a kill follow from the calls that were acknowledged, that failed, and that were in flight.
func TestCrashJudge(t *testing.T) {
	set := func(writer string, begun, ended time.Duration, err error) *writing {
		return &writing{do: "set", id: "a", writer: writer, begun: begun, ended: ended, err: err}
	}
	destroy := func(begun, ended time.Duration, err error) *writing {
		return &writing{do: "destroy", id: "a", begun: begun, ended: ended, err: err}
	}
	failed := errors.New("the disk is full")
	for _, c := range []struct {
		name     string
		writings []*writing
		may      []string
		violated map[string]*contract.Requirement
	}{
		{
			"nothing was called", nil,
			[]string{""},
			map[string]*contract.Requirement{},
		},
		{
			"one after the other",
			[]*writing{set("w1", 1, 2, nil), set("w2", 3, 4, nil)},
			[]string{"w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged, "w1": contract.DurabilityCrashAcknowledged, "torn": contract.DurabilityCrashWhole},
		},
		{
			"together",
			[]*writing{set("w1", 1, 3, nil), set("w2", 2, 4, nil)},
			[]string{"w1", "w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"in flight",
			[]*writing{set("w1", 1, 2, nil), set("w2", 3, 4, engine.ErrInterrupted)},
			[]string{"w1", "w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"a destroy in flight",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, engine.ErrInterrupted)},
			[]string{"w1", ""},
			map[string]*contract.Requirement{"torn": contract.DurabilityCrashWhole},
		},
		{
			"a first set in flight",
			[]*writing{set("w1", 1, 2, engine.ErrInterrupted)},
			[]string{"w1", ""},
			map[string]*contract.Requirement{"torn": contract.DurabilityCrashWhole},
		},
		{
			"destroyed",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, nil)},
			[]string{""},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashNoRevival},
		},
		{
			"destroyed while others set",
			[]*writing{set("w1", 1, 6, nil), destroy(3, 4, nil), set("w2", 2, 9, engine.ErrInterrupted)},
			[]string{"w1", "w2", ""},
			map[string]*contract.Requirement{},
		},
		{
			"destroyed and set again",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, nil), set("w2", 5, 6, nil)},
			[]string{"w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged, "w1": contract.DurabilityCrashNoRevival},
		},
		{
			"a set that failed may come later than one that did not",
			[]*writing{set("w1", 1, 2, failed), set("w2", 3, 4, nil)},
			[]string{"w1", "w2"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"a touch changes nothing",
			[]*writing{set("w1", 1, 2, nil), {do: "touch", id: "a", begun: 3, ended: 4}},
			[]string{"w1"},
			map[string]*contract.Requirement{"": contract.DurabilityCrashAcknowledged},
		},
		{
			"another id",
			[]*writing{{do: "set", id: "b", writer: "w1", begun: 1, ended: 2}},
			[]string{""},
			map[string]*contract.Requirement{"w1": contract.DurabilityCrashWhole},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &round{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, nil, 0), writings: c.writings, sessions: map[string]*spec.Session{}}
			for _, w := range c.writings {
				if w.writer != "" {
					r.sessions[w.writer] = sessionOf(t, w.writer, "whole")
				}
			}
			found := func(writer string) *spec.Session {
				switch writer {
				case "":
					return nil
				case "torn":
					return sessionOf(t, c.writings[0].writer, "part")
				}
				return sessionOf(t, writer, "whole")
			}
			for _, writer := range c.may {
				if violated, saw := r.judge("a", found(writer), nil); violated != nil {
					t.Errorf("%q is accused by %s: %s", writer, violated.ID, saw)
				}
			}
			for writer, want := range c.violated {
				if got, _ := r.judge("a", found(writer), nil); got != want {
					t.Errorf("%q is accused by %v, not %s", writer, got, want.ID)
				}
			}
			if got, _ := r.judge("a", nil, failed); got != contract.DurabilityCrashWhole {
				t.Errorf("an error is accused by %v", got)
			}
		})
	}
}

func sessionOf(t *testing.T, writer, text string) *spec.Session {
	t.Helper()
	s := spec.NewSession(spec.NewCookie())
	if err := errors.Join(s.Set("writer", writer), s.Set("text", text)); err != nil {
		t.Fatal(err)
	}
	return s
}
