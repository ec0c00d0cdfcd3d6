package mutants

import (
	"context"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// An Unusual is a store that does something as few stores do, and right. A check that accuses it is wrong.
type Unusual struct {
	// Name says what the store does.
	Name string
	// Why says why that is right, or which real stores do so.
	Why string
	// Subject returns a new store. A subject without a clock lives in real time.
	Subject func() conformance.Subject
	// Fails are requirements, none of them a Must, that the store always violates by design.
	Fails []*contract.Requirement
	// Tried are expensive requirements that the store looks as if it violated. Others are tried with STORECHECK_THOROUGH only.
	Tried []*contract.Requirement
}

// tried lets expensive requirements be tried on an unusual store.
func (u Unusual) tried(requirements ...*contract.Requirement) Unusual {
	u.Tried = requirements
	return u
}

// AllUnusual returns every unusual store.
func AllUnusual() []Unusual {
	return slices.Concat(
		unusualAnswers(), unusualLacks(), unusualRefusals(), unusualTime(), unusualSlow(), unusualRecords(), unusualSweeps(), unusualConcurrency(),
		unusualOutages(), unusualMany(), unusualAlike(), unusualNames(), unusualZones(), unusualReopened(), unusualFresh(), unusualRefusing(),
		unusualFailures(), unusualAlone(),
	)
}

// unusual builds an entry. build changes the correct store and what is claimed of it.
func unusual(name, why string, build func(s *conformance.Subject, r *rig), fails ...*contract.Requirement) Unusual {
	subject := func() conformance.Subject { return newSubject(name, nil, build) }
	return Unusual{Name: name, Why: why, Subject: subject, Fails: fails}
}

// wrapInstances replaces each instance that the subject opens by what with returns. b is the backend of the instance.
func wrapInstances(s *conformance.Subject, r *rig, with func(f *faulty, b *backend) spec.Store) {
	change := func(open func(context.Context) (spec.Store, error), b *backend) func(context.Context) (spec.Store, error) {
		return func(ctx context.Context) (spec.Store, error) {
			store, err := open(ctx)
			if err != nil {
				return nil, err
			}
			return with(store.(*faulty), b), nil
		}
	}
	s.Open = change(s.Open, r.backend)
	s.OpenForeign = change(s.OpenForeign, r.foreign)
}

// changeInstances lets with change the methods of each instance.
func changeInstances(with func(f *faulty, b *backend)) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
			with(f, b)
			return f
		})
	}
}

// beforeEachCall makes every method call do first.
func beforeEachCall(f *faulty, do func(ctx context.Context) error) {
	enter := f.enter
	f.enter = func(ctx context.Context) error {
		if err := enter(ctx); err != nil {
			return err
		}
		if err := do(ctx); err != nil {
			return err
		}
		return enter(ctx)
	}
}

// checkID makes the store refuse ids for which ok returns an error.
func checkID(f *faulty, ok func(id string) error) {
	get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		if err := ok(id); err != nil {
			return nil, err
		}
		return get(ctx, id)
	}
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := ok(id); err != nil {
			return err
		}
		return set(ctx, id, s)
	}
	f.destroy = func(ctx context.Context, id string) error {
		if err := ok(id); err != nil {
			return err
		}
		return destroy(ctx, id)
	}
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		if err := ok(id); err != nil {
			return err
		}
		return touch(ctx, id, s)
	}
}

// storeUnder makes the store keep each session under another key than its id.
func storeUnder(f *faulty, key func(id string) string) {
	get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
	f.get = func(ctx context.Context, id string) (*spec.Session, error) { return get(ctx, key(id)) }
	f.set = func(ctx context.Context, id string, s *spec.Session) error { return set(ctx, key(id), s) }
	f.destroy = func(ctx context.Context, id string) error { return destroy(ctx, key(id)) }
	f.touch = func(ctx context.Context, id string, s *spec.Session) error { return touch(ctx, key(id), s) }
}

// checkSession makes set refuse sessions for which ok returns an error.
func checkSession(f *faulty, ok func(text string) error) {
	set := f.set
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		if err := ok(s.String()); err != nil {
			return err
		}
		return set(ctx, id, s)
	}
}

// inRealTime makes the store follow the real time. The suite cannot move its clock.
func inRealTime(s *conformance.Subject, r *rig) {
	s.Clock = nil
	follow := func(context.Context) error {
		r.clock.mu.Lock()
		defer r.clock.mu.Unlock()
		r.clock.now = time.Now()
		return nil
	}
	wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
		beforeEachCall(f, follow)
		return f
	})
}

// waitFor waits, or returns the error of the context.
func waitFor(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
