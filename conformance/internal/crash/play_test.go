package crash

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// Before a kill all calls are of the kind that the round ends with. The kill comes although some of them have nothing to do.
func TestEndings(t *testing.T) {
	for _, last := range []string{"set", "destroy", ""} {
		if !slices.Contains(roundEndings, last) {
			t.Errorf("no round ends with %q", last)
		}
	}
	for n := range 4 * len(roundEndings) {
		synctest.Test(t, func(t *testing.T) {
			store := &quick{sessions: map[string]*spec.Session{}}
			c := &crasher{t: suiteOf(subject.Subject{}).NewC(t.Context(), contract.DurabilityCrashWhole, store, n), rounds: n}
			r := c.beginRound()
			if want := roundEndings[(n+1)%len(roundEndings)]; r.last != want {
				t.Errorf("round %d ends with %q, want %q", n+1, r.last, want)
			}
			store.killed = func() {
				if !r.near.Load() {
					t.Error("the kill was not near")
				}
			}
			process := c.t.Adopt("process", store)
			r.playUntilKilled(process)
			if r.killed > 50*time.Millisecond {
				t.Errorf("the kill came after %v", r.killed)
			}
			again := c.t.Adopt("again", store)
			var stored *spec.Session
			kinds := map[string]bool{}
			before := len(r.writings)
			for range 50 {
				_ = r.call(again, 0, c.t.Rand, &stored)
			}
			for _, w := range r.writings[before:] {
				kinds[w.do] = true
			}
			if r.last == "" && len(kinds) < 2 || r.last != "" && (len(kinds) > 1 || !kinds[r.last]) {
				t.Errorf("the end of a round that ends with %q: %v", r.last, kinds)
			}
		})
	}
}

// quick is a store that takes a moment for each call. A destroy of a missing session is answered with an error.
type quick struct {
	spec.Store
	mu       sync.Mutex
	sessions map[string]*spec.Session
	killed   func()
}

var errNothing = errors.New("there is no such session")

func (s *quick) Get(_ context.Context, id string) (*spec.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[id], nil
}

func (s *quick) Set(_ context.Context, id string, session *spec.Session) error {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[id] = session
	return nil
}

func (s *quick) Destroy(_ context.Context, id string) error {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[id] == nil {
		return errNothing
	}
	delete(s.sessions, id)
	return nil
}

func (s *quick) Close() error { return nil }

func (s *quick) Kill() error {
	s.killed()
	return nil
}
