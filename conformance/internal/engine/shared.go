package engine

import "sync"

// A Shared is an observation that several checks of a run judge, each under its own aspect. It is made once a run, because it takes time,
// and once more for each retry: what a busy machine has spoiled is seen anew. Its zero value is ready; its address is its identity.
type Shared[T any] struct {
	_ byte // two variables of a type without size may have one address
}

// observations are those of one suite.
type observations struct {
	mu   sync.Mutex
	made map[observationKey]*observation
}

type observationKey struct {
	of any // a *Shared
	try
}

type observation struct {
	mu    sync.Mutex // held while it is made
	made  bool
	value any
	ended any   // what the making ended its check with, by a panic
	death error // of the process, that the making has met
}

// Observe returns the observation of this run, and makes it first. What ends the check that makes it, ends those as well that ask later. The
// end of the shared store's process does not, because each check meets that by itself; the end of a process of the check's own does.
func (s *Shared[T]) Observe(t *C, observe func() T) T {
	o := t.suite.observations.of(observationKey{s, t.try})
	leave := t.passing().enter(-1) // whoever makes it may wait for a moment
	o.mu.Lock()
	leave()
	defer o.mu.Unlock()
	if !o.made {
		o.make(t, func() any { return observe() })
	}
	if o.death != nil {
		t.meetDeath(o.death, true)
	}
	if o.ended != nil {
		panic(o.ended)
	}
	return o.value.(T)
}

// make makes the observation. Only the end of the shared store's process is left to the caller.
func (o *observation) make(t *C, observe func() any) {
	defer func() {
		o.ended = recover()
		switch {
		case o.ended == nil:
		case t.check.OwnProcess:
			o.death = t.deathMet()
		case t.deathMet() != nil:
			o.made = false
			panic(o.ended)
		}
	}()
	o.made = true
	o.value = observe()
}

func (o *observations) of(key observationKey) *observation {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.made == nil {
		o.made = map[observationKey]*observation{}
	}
	if o.made[key] == nil {
		o.made[key] = &observation{}
	}
	return o.made[key]
}
