package chapters

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// missTime is how long a reluctant store takes to say that a session is missing.
const missTime = 250 * time.Millisecond

// A reluctant store looks again and again before it says that a session is missing, and takes no time for anything else. It refuses ids that
// no file can have as its name.
type reluctant struct {
	mu       sync.Mutex
	sessions map[string]*spec.Session
	misses   int
}

func (s *reluctant) Get(_ context.Context, id string) (*spec.Session, error) {
	s.mu.Lock()
	session := s.sessions[id]
	if session == nil {
		s.misses++
	}
	s.mu.Unlock()
	if session == nil {
		time.Sleep(missTime)
		return nil, nil
	}
	return session.Clone(), nil
}

func (s *reluctant) Set(_ context.Context, id string, session *spec.Session) error {
	if len(id) > 255 || id == "" || id[len(id)-1] == '.' || slices.Contains([]byte(id), '/') {
		return errors.New("no file can have that name")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[id] = session.Clone()
	return nil
}

func (s *reluctant) Destroy(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, id)
	return nil
}

// The checks ask for many missing sessions at once. A store that takes its time for each is waited for a few times, one after the other.
func TestMisses(t *testing.T) {
	for r, most := range map[*contract.Requirement]int{
		contract.GetMissing:            1,
		contract.GetOwnSession:         1,
		contract.DestroyGone:           2,
		contract.IDsLookAlikes:         2,
		contract.IDsLongApart:          2,
		contract.IDsBookkeeping:        2,
		contract.IDsPrototypeNames:     2,
		contract.InstancesSeeDestroys:  1,
		contract.InstancesSeparate:     1,
		contract.ConcurrencyStaleReads: 8,
	} {
		t.Run(r.ID, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &reluctant{sessions: map[string]*spec.Session{}}
				open := func(context.Context) (spec.Store, error) { return store, nil }
				foreign := func(context.Context) (spec.Store, error) {
					return &reluctant{sessions: map[string]*spec.Session{}}, nil
				}
				suite := engine.New(subject.Subject{Name: "a store", Open: open, OpenForeign: foreign, Shared: true},
					engine.Settings{Seed: 1, CallTimeout: 10 * time.Second}, nil)
				at := slices.IndexFunc(Checks(), func(c engine.Check) bool { return c.Requirement == r })
				// As in a run, the store is known when the check comes: the first calls of a run come one after the other.
				suite.NewC(t.Context(), contract.GetAfterSet, store, 0).Judge(func(t *engine.C) {
					id := t.ID()
					t.Set(id, t.Session())
					for range 9 {
						t.Get(id)
					}
				})
				start := time.Now()
				v := suite.NewC(t.Context(), r, store, 0).Judge(Checks()[at].Body)
				row := int(time.Since(start) / missTime)
				if v.Status != contract.Pass || row > most {
					t.Errorf("%s %s%s: %d of %d misses in a row, want %d at most", v.Status, v.Reason, v.Message, row, store.misses, most)
				}
				t.Logf("%d of %d misses in a row", row, store.misses)
			})
		})
	}
}
