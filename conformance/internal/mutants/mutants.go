package mutants

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var (
	errClosed = errors.New("the store is closed")
	errDown   = errors.New("the backend does not answer")
)

// unreadable is the text of a damaged record.
const unreadable = `{"cookie":`

// A Mutant is a store with one fault.
type Mutant struct {
	// Name says what the store does wrong.
	Name string
	// Breaks are the requirements that the fault violates. The first one is there to catch it. Others may fail only if MayBreak has them.
	Breaks []*contract.Requirement
	// MayBreak are requirements that the fault violates too. Their checks do not always meet it.
	MayBreak []*contract.Requirement
	// From names real stores that have or had the fault.
	From string
	// long says that the fault shows in a long outage. Only depth thorough has time for one.
	long bool
	// killed opens the store, in a directory, in the process that is killed. Only mutants of the chapter durability have it.
	killed func(dir string) (spec.Store, error)
	// fault plants the fault in a correct instance.
	fault func(f *faulty, b *backend)
	// subject changes what is claimed of the store.
	subject func(s *conformance.Subject, r *rig)
}

// A rig holds the parts of a subject of this package.
type rig struct {
	clock   *clock
	backend *backend
	foreign *backend
}

// Subject returns the mutant as a subject of the suite. Only the suite moves its clock.
func (m Mutant) Subject() conformance.Subject {
	return newSubject(m.Name, m.fault, m.subject)
}

func newSubject(name string, fault func(*faulty, *backend), change func(*conformance.Subject, *rig)) conformance.Subject {
	c := newClock()
	r := &rig{clock: c, backend: newBackend(c), foreign: newBackend(c)}
	open := func(b *backend) func(context.Context) (spec.Store, error) {
		return func(context.Context) (spec.Store, error) {
			f := b.open()
			if fault != nil {
				fault(f, b)
			}
			return f, nil
		}
	}
	s := conformance.Subject{
		Name: name, Open: open(r.backend), Durable: true, Shared: true, Disposable: true,
		Granularity: time.Millisecond, Clock: c, OpenForeign: open(r.foreign),
		Corrupt: func(_ context.Context, id string) error {
			old, _ := r.backend.peek(id)
			old.text = unreadable
			r.backend.write(id, old)
			return nil
		},
		Races: func() (reports []string, err error) {
			if r.backend.raced.Load() {
				reports = append(reports, "WARNING: DATA RACE")
			}
			return reports, nil
		},
		Break: func(_ context.Context, instance spec.Store) error {
			instance.(*faulty).enter = func(context.Context) error { return errDown }
			return nil
		},
	}
	if change != nil {
		change(&s, r)
	}
	return s
}

// All returns every mutant of the chapters, in the order of the catalogue.
func All() []Mutant {
	var all []Mutant
	for _, chapter := range [][]Mutant{
		getMutants,
		setMutants,
		destroyMutants,
		touchMutants,
		shortLifeMutants,
		lifeLengthMutants,
		laterLifeMutants,
		calendarMutants,
		machineMutants,
		enumerationMutants,
		enumerationClearMutants,
		manyMutants,
		littleMutants,
		earlyMutants,
		givenMutants,
		listedMutants,
		reopenManyMutants,
		stringsMutants,
		unicodeIDsMutants,
		fidelityMutants,
		isolationMutants,
		idsMutants,
		instancesMutants,
		sealedMutants,
		reopenMutants,
		skippedMutants,
		freshMutants,
		namesMutants,
		zonesMutants,
		concurrencyMutants,
		durabilityMutants,
		middlewareMutants,
		resourcesMutants,
		faultsMutants,
		refusalMutants,
		failuresMutants,
		goMutants,
		propertyMutants,
		wholeMutants,
	} {
		all = append(all, chapter...)
	}
	return all
}
