package engine

import (
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/storecheck/storecheck/spec/probe"
)

// A meeting is how an attempt of a check met the end of the store's process, or of its time.
type meeting struct {
	death  error // the diagnosis; nil if it did not
	inCall bool  // one of its calls was not answered
	// overdue: it took too long, because the store is slow.
	overdue bool
}

// mostDeaths bounds how often a store is opened again because its process ended: each time costs some seconds, half a minute where it hangs.
const mostDeaths = 10

// deaths are the ends of the process of a store, and of processes beside it.
type deaths struct {
	mu    sync.Mutex
	count int
	first error // why it ended the first time
	// explained: a check was found that ends the process whenever it runs.
	explained bool
}

// note remembers an end.
func (d *deaths) note(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.first == nil {
		d.first = err
	}
}

// explain remembers that a check ends the process whenever it runs: its verdict tells of that.
func (d *deaths) explain() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.explained = true
}

// lost counts an instance that was lost, and reports whether it was the last that is replaced.
func (d *deaths) lost() (last bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	d.explained = d.explained || d.count == mostDeaths
	return d.count == mostDeaths
}

// unexplained returns an error when the process ended and no verdict tells of it.
func (d *deaths) unexplained() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.first == nil || d.explained {
		return nil
	}
	return fmt.Errorf("the store's process ended during the run, and not again when each of the checks that met it was repeated alone: %w", d.first)
}

// meetDeath remembers that the store's process is gone, or has to be.
func (t *C) meetDeath(err error, inCall bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.met.death == nil {
		t.met.death = err
	}
	t.met.inCall = t.met.inCall || inCall && !errors.Is(err, probe.ErrGone)
}

// lose forgets the shared instance of an attempt whose process is gone, unless another was opened since. The next attempt opens another. What
// the attempt has stored there is removed at the end of the run, because a backend may keep it.
func (s *Suite) lose(t *C, opening int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.kept, t.stored)
	s.condition.deaths.note(t.met.death)
	if s.shared == nil || s.openings != opening {
		return
	}
	s.shared = nil
	if s.condition.deaths.lost() {
		s.openErr = fmt.Errorf("its process ended %d times: %w", mostDeaths, t.met.death)
	}
}

// meetDeathOf is meetDeath for an error that may be about something else.
func (t *C) meetDeathOf(err error) {
	if errors.Is(err, probe.ErrDied) {
		t.meetDeath(err, false)
	}
}

// deathMet returns why the store's process is gone, or has to be; nil when it lives.
func (t *C) deathMet() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.met.death
}
