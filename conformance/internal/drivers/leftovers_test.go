package drivers

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A run on a store with sessions of others destroys its own sessions and no others, also in a separate store on the same backend.
func TestLeavesNothing(t *testing.T) {
	clock := conformance.NewManualClock()
	places := map[string]*sessionPlace{"the store": newSessionPlace(t, clock), "the separate store": newSessionPlace(t, clock)}
	options := driverOptions
	options.Select = func(r *contract.Requirement) bool { return r != contract.ResourcesAfterClose } // nothing is closed here
	verdicts, err := conformance.Record(t.Context(), conformance.Subject{
		Name: "of others as well", Clock: clock, Granularity: time.Millisecond,
		Open: places["the store"].open, OpenForeign: places["the separate store"].open,
	}, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verdicts {
		if v.Status == contract.Fail || v.Status == contract.Broken {
			t.Errorf("%s %s: %s%s", v.ID, v.Status, v.Reason, v.Message)
		}
	}
	for name, p := range places {
		p.left.Range(func(id, _ any) bool {
			t.Errorf("in %s the session %q was set and not destroyed", name, id)
			return true
		})
		if s, err := p.Get(t.Context(), foreignID); spec.IsMissing(s, err) {
			t.Errorf("in %s the session of others is gone: %v", name, err)
		}
	}
}

// A sessionPlace keeps sessions for all its instances, and remembers those that are not destroyed.
type sessionPlace struct {
	*memorystore.Store
	left sync.Map
}

const foreignID = "of others"

func newSessionPlace(t *testing.T, clock *subject.ManualClock) *sessionPlace {
	p := &sessionPlace{Store: memorystore.New(memorystore.Options{Now: clock.Now})}
	cookie := spec.NewCookie()
	cookie.SetMaxAge(clock.Now(), 100*365*24*time.Hour)
	if err := p.Store.Set(t.Context(), foreignID, spec.NewSession(cookie)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *sessionPlace) open(context.Context) (spec.Store, error) { return p, nil }

func (p *sessionPlace) Set(ctx context.Context, id string, s *spec.Session) error {
	p.left.Store(id, true)
	return p.Store.Set(ctx, id, s)
}

func (p *sessionPlace) Destroy(ctx context.Context, id string) error {
	p.left.Delete(id)
	return p.Store.Destroy(ctx, id)
}

// Close keeps the sessions for the next instance.
func (p *sessionPlace) Close() error { return nil }
