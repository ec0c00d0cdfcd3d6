package crash

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// forgetful is a store that takes a while to say that a session is missing.
type forgetful struct {
	onDisk
	takes time.Duration
}

func (s *forgetful) Get(ctx context.Context, id string) (*spec.Session, error) {
	got, err := s.onDisk.Get(ctx, id)
	if got == nil {
		time.Sleep(s.takes)
	}
	return got, err
}

func (s *forgetful) Touch(context.Context, string, *spec.Session) error { return nil }

// Sessions that a set and a touch have prolonged are looked for together. Each kind is judged by its session without a kill.
func TestLookForProlonged(t *testing.T) {
	const miss = 250 * time.Millisecond
	for _, c := range []struct {
		name string
		kept []string // the kinds whose session without a kill is there
		want bool
	}{
		{"lost by a kill", []string{"set", "touch"}, true},
		{"a touch is lost in any case", []string{"set"}, true},
		{"lost in any case", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &forgetful{onDisk: onDisk{disk: &sync.Map{}}, takes: miss}
				open := func(context.Context) (subject.Process, error) { return store, nil }
				suite := suiteOf(subject.Subject{OpenProcess: open})
				suite.NewC(t.Context(), contract.GetAfterSet, store, 0).Judge(func(t *engine.C) { // a store that is known, as in a run
					id := t.ID()
					t.Set(id, t.Session())
					for range 9 {
						t.Get(id)
					}
				})
				r := crasherOf(t, suite)
				r.t.SetCapabilities(spec.CapabilitiesOf(store))
				for _, by := range []string{"set", "touch"} {
					for _, id := range []string{by + " without a kill", by + " before a kill"} {
						session := r.t.Session("by", by)
						r.prolonged[by] = append(r.prolonged[by], &prolongedSession{id: id, session: session, expires: time.Now()})
					}
				}
				for _, by := range c.kept {
					store.disk.Store(by+" without a kill", r.t.Session("by", by))
				}
				r.beside = 4
				time.Sleep(time.Minute)
				start := time.Now()
				r.lookForProlonged()
				if took := time.Since(start); took != miss {
					t.Errorf("it took %v, and one miss takes %v", took, miss)
				}
				if _, found := r.seen.found[contract.DurabilityCrashAcknowledged]; found != c.want || r.beside != 0 {
					t.Errorf("found: %t, and %d sessions may be left", found, r.beside)
				}
			})
		})
	}
}
