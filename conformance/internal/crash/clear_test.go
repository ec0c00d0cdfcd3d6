package crash

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A cleared session must not come back with another process. Trouble with clear leaves the other requirements alone.
func TestKillAfterClear(t *testing.T) {
	for _, c := range []struct {
		name      string
		clear     func(*onDisk) error
		kills     int
		found     bool
		uncleared string
	}{
		{"clears the disk", func(s *onDisk) error { s.disk.Clear(); return nil }, 2, false, ""},
		{"clears the memory", func(s *onDisk) error { s.cleared = true; return nil }, 1, true, ""},
		{"clears nothing", func(*onDisk) error { return nil }, 0, false, "leaves sessions"},
		{"fails", func(*onDisk) error { return errNothing }, 0, false, errNothing.Error()},
		{"ends its process", func(*onDisk) error { return probe.ErrDied }, 0, false, probe.ErrDied.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				disk := &sync.Map{}
				open := func(context.Context) (subject.Process, error) {
					return &onDisk{disk: disk, clear: c.clear}, nil
				}
				s := suiteOf(subject.Subject{OpenProcess: open, Disposable: true})
				r := crasherOf(t, s)
				if alive := r.killAfterClear(); alive == (c.uncleared == probe.ErrDied.Error()) {
					t.Errorf("there is a process: %t", alive)
				}
				_, found := r.seen.found[contract.DurabilityCrashCleared]
				if r.seen.kills != c.kills || found != c.found || !strings.Contains(r.seen.uncleared, c.uncleared) || c.uncleared == "" && r.seen.uncleared != "" {
					t.Errorf("%d kills, found: %t, %q", r.seen.kills, found, r.seen.uncleared)
				}
			})
		})
	}
	t.Run("others' sessions", func(t *testing.T) {
		disk := &sync.Map{}
		open := func(context.Context) (subject.Process, error) {
			return &onDisk{disk: disk, clear: func(*onDisk) error { t.Error("it is cleared"); return nil }}, nil
		}
		crasherOf(t, suiteOf(subject.Subject{OpenProcess: open})).killAfterClear()
	})
	t.Run("what cannot be read", func(t *testing.T) {
		disk, opened := &sync.Map{}, 0
		open := func(context.Context) (subject.Process, error) {
			opened++
			s := &onDisk{disk: disk, unreadable: opened > 1}
			s.clear = func(s *onDisk) error { s.cleared = true; return nil }
			return s, nil
		}
		s := suiteOf(subject.Subject{OpenProcess: open, Disposable: true})
		r := crasherOf(t, s)
		r.killAfterClear()
		if _, found := r.seen.found[contract.DurabilityCrashCleared]; found || !strings.Contains(r.seen.uncleared, errNothing.Error()) {
			t.Errorf("found: %t, %q", found, r.seen.uncleared)
		}
	})
	t.Run("what may still arrive", func(t *testing.T) {
		disk := &sync.Map{}
		disk.Store("a", sessionOf(t, "w1", ""))
		disk.Store("b", sessionOf(t, "w2", ""))
		open := func(context.Context) (subject.Process, error) { return &onDisk{disk: disk}, nil }
		s := suiteOf(subject.Subject{OpenProcess: open})
		r := crasherOf(t, s)
		r.listing.found["a"], r.listing.found["b"] = "1-w1", "1-w2"
		r.retire(&round{t: r.t, writings: []*writing{{do: "set", id: "b", writer: "w2"}, {do: "set", id: "b", writer: "w3", err: errNothing}}})
		if ids := r.toClear(); !slices.Contains(ids, "a") || slices.Contains(ids, "b") {
			t.Errorf("it is looked for %q", ids)
		}
	})
}

// onDisk is a store in a process that can be killed. The disk stays.
type onDisk struct {
	spec.Store
	disk    *sync.Map
	clear   func(*onDisk) error
	cleared bool
	// unreadable: a get is answered with an error, except for the sessions that this process has set.
	unreadable bool
	own        sync.Map
}

func (s *onDisk) Get(_ context.Context, id string) (*spec.Session, error) {
	if _, own := s.own.Load(id); s.unreadable && !own {
		return nil, errNothing
	}
	session, ok := s.disk.Load(id)
	if !ok || s.cleared {
		return nil, nil
	}
	return session.(*spec.Session), nil
}

func (s *onDisk) Set(_ context.Context, id string, session *spec.Session) error {
	s.disk.Store(id, session)
	s.own.Store(id, true)
	return nil
}

func (s *onDisk) Destroy(_ context.Context, id string) error {
	s.disk.Delete(id)
	return nil
}

func (s *onDisk) Clear(context.Context) error { return s.clear(s) }

func (s *onDisk) Close() error { return nil }

func (s *onDisk) Kill() error { return nil }
