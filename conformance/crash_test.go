package conformance

import (
	"errors"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// What may be found after a kill follows from what was acknowledged, what failed and what was in flight.
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
		violated map[string]*spec.Requirement
	}{
		{
			"nothing was called", nil,
			[]string{""},
			map[string]*spec.Requirement{},
		},
		{
			"one after the other",
			[]*writing{set("w1", 1, 2, nil), set("w2", 3, 4, nil)},
			[]string{"w2"},
			map[string]*spec.Requirement{"": spec.DurabilityCrashAcknowledged, "w1": spec.DurabilityCrashAcknowledged, "torn": spec.DurabilityCrashWhole},
		},
		{
			"together",
			[]*writing{set("w1", 1, 3, nil), set("w2", 2, 4, nil)},
			[]string{"w1", "w2"},
			map[string]*spec.Requirement{"": spec.DurabilityCrashAcknowledged},
		},
		{
			"in flight",
			[]*writing{set("w1", 1, 2, nil), set("w2", 3, 4, errKilled)},
			[]string{"w1", "w2"},
			map[string]*spec.Requirement{"": spec.DurabilityCrashAcknowledged},
		},
		{
			"a destroy in flight",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, errKilled)},
			[]string{"w1", ""},
			map[string]*spec.Requirement{"torn": spec.DurabilityCrashWhole},
		},
		{
			"a first set in flight",
			[]*writing{set("w1", 1, 2, errKilled)},
			[]string{"w1", ""},
			map[string]*spec.Requirement{"torn": spec.DurabilityCrashWhole},
		},
		{
			"destroyed",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, nil)},
			[]string{""},
			map[string]*spec.Requirement{"w1": spec.DurabilityCrashNoRevival},
		},
		{
			"destroyed while others set",
			[]*writing{set("w1", 1, 6, nil), destroy(3, 4, nil), set("w2", 2, 9, errKilled)},
			[]string{"w1", "w2", ""},
			map[string]*spec.Requirement{},
		},
		{
			"destroyed and set again",
			[]*writing{set("w1", 1, 2, nil), destroy(3, 4, nil), set("w2", 5, 6, nil)},
			[]string{"w2"},
			map[string]*spec.Requirement{"": spec.DurabilityCrashAcknowledged, "w1": spec.DurabilityCrashNoRevival},
		},
		{
			"a set that failed may come later than one that did not",
			[]*writing{set("w1", 1, 2, failed), set("w2", 3, 4, nil)},
			[]string{"w1", "w2"},
			map[string]*spec.Requirement{"": spec.DurabilityCrashAcknowledged},
		},
		{
			"a touch changes nothing",
			[]*writing{set("w1", 1, 2, nil), {do: "touch", id: "a", begun: 3, ended: 4}},
			[]string{"w1"},
			map[string]*spec.Requirement{"": spec.DurabilityCrashAcknowledged},
		},
		{
			"another id",
			[]*writing{{do: "set", id: "b", writer: "w1", begun: 1, ended: 2}},
			[]string{""},
			map[string]*spec.Requirement{"w1": spec.DurabilityCrashWhole},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &crashRound{t: &C{suite: &suite{}}, writings: c.writings, sessions: map[string]*spec.Session{}}
			for _, w := range c.writings {
				if w.writer != "" {
					r.sessions[w.writer] = crashSession(t, w.writer, "whole")
				}
			}
			found := func(writer string) *spec.Session {
				switch writer {
				case "":
					return nil
				case "torn":
					return crashSession(t, c.writings[0].writer, "part")
				}
				return crashSession(t, writer, "whole")
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
			if got, _ := r.judge("a", nil, failed); got != spec.DurabilityCrashWhole {
				t.Errorf("an error is accused by %v", got)
			}
		})
	}
}

func crashSession(t *testing.T, writer, text string) *spec.Session {
	t.Helper()
	s := spec.NewSession(spec.NewCookie())
	if err := errors.Join(s.Set("writer", writer), s.Set("text", text)); err != nil {
		t.Fatal(err)
	}
	return s
}
