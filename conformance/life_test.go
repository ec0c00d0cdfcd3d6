package conformance_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A slow store takes its time for every call, and refuses to touch what is missing.
type slowStore struct {
	*memorystore.Store
	clock *clock
}

func (s *slowStore) Get(ctx context.Context, id string) (*spec.Session, error) {
	s.clock.Advance(300 * time.Millisecond)
	return s.Store.Get(ctx, id)
}

func (s *slowStore) Set(ctx context.Context, id string, session *spec.Session) error {
	s.clock.Advance(300 * time.Millisecond)
	return s.Store.Set(ctx, id, session)
}

func (s *slowStore) Touch(ctx context.Context, id string, session *spec.Session) error {
	if got, err := s.Get(ctx, id); spec.IsMissing(got, err) {
		return errors.New("no such session")
	}
	return s.Store.Touch(ctx, id, session)
}

// Close leaves the memory to the other instances.
func (s *slowStore) Close() error { return nil }

// A store that is so slow that a touch comes too late is not accused of it.
func TestSlowTouch(t *testing.T) {
	checks := []*contract.Requirement{contract.MiddlewareActiveUser, contract.MiddlewareEarlySave, contract.TouchExtends, contract.TouchShortens, contract.InstancesSeeTouches}
	clock := &clock{now: time.Now()}
	backend := memorystore.New(memorystore.Options{Now: clock.Now})
	verdicts, err := conformance.Record(t.Context(), conformance.Subject{
		Name: "slow", Disposable: true, Shared: true, Clock: clock, Granularity: time.Millisecond,
		Open: func(context.Context) (spec.Store, error) { return &slowStore{backend, clock}, nil },
	}, conformance.Options{Seed: 1, Select: func(r *contract.Requirement) bool { return slices.Contains(checks, r) }})
	if err != nil {
		t.Error(err)
	}
	for _, v := range verdicts {
		if v.Status != contract.Pass {
			t.Errorf("%s %s: %s%s", v.ID, v.Status, v.Reason, v.Message)
		}
	}
	if len(verdicts) != len(checks) {
		t.Errorf("%d verdicts, want %d", len(verdicts), len(checks))
	}
}
