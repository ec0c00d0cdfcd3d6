package conformance

import (
	"errors"
	"fmt"
	"maps"

	"github.com/storecheck/storecheck/spec/probe"
)

// A meeting is how an attempt of a check met the end of the store's process.
type meeting struct {
	death  error // the diagnosis; nil if it did not
	inCall bool  // a call of its was not answered
}

// mostDeaths bounds how often a store is opened again because its process ended: each time costs some seconds, half a minute where it hangs.
const mostDeaths = 10

// metDeath remembers that the store's process is gone, or has to be.
func (t *C) metDeath(err error, inCall bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.met.death == nil {
		t.met.death = err
	}
	t.met.inCall = t.met.inCall || inCall && !errors.Is(err, probe.ErrGone)
}

// lose forgets the shared instance of an attempt whose process is gone. The next attempt opens another. What the attempt has stored there
// is removed at the end of the run, because a backend may keep it.
func (s *suite) lose(t *C) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.bequeathed, t.stored)
	if s.death == nil {
		s.death = t.met.death
	}
	if s.main != t.store {
		return
	}
	s.main = nil
	if s.deaths++; s.deaths == mostDeaths {
		s.mainErr = fmt.Errorf("its process ended %d times: %w", s.deaths, t.met.death)
		s.explained = true
	}
}

// unexplained returns an error when the process ended and no check has been found that does it again: no verdict tells of that.
func (s *suite) unexplained() error {
	if s.death == nil || s.explained {
		return nil
	}
	return fmt.Errorf("the store's process ended during the run, and not again when each of the checks that met it was repeated alone: %w", s.death)
}
