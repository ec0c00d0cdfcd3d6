package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// A pushed is a running clock that counts its moves and looks whether a call is in flight at one of them.
type pushed struct {
	mu       sync.Mutex
	ahead    time.Duration
	moves    int
	inFlight *atomic.Int64
	caught   bool
}

func (*pushed) Running() {}

func (p *pushed) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Now().Add(p.ahead)
}

func (p *pushed) Advance(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ahead += d
	p.moves++
	time.Sleep(time.Millisecond)
	p.caught = p.caught || p.inFlight.Load() > 0
}

// slowGet is a store whose get takes some time.
type slowGet struct{ inFlight *atomic.Int64 }

func (s slowGet) Get(context.Context, string) (*spec.Session, error) {
	s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	time.Sleep(3 * time.Millisecond)
	return nil, nil
}

func (slowGet) Set(context.Context, string, *spec.Session) error { return nil }

func (slowGet) Destroy(context.Context, string) error { return nil }

// All checks that live by a clock see each day of a year, no call is in flight when it moves, and a moment that several wait for is one move.
func TestPassing(t *testing.T) {
	t.Parallel()
	var inFlight atomic.Int64
	clock := &pushed{inFlight: &inFlight}
	const day, days = 24 * time.Hour, 40
	var began sync.Map
	body := func(t *C) {
		start := t.Now()
		began.Store(t.Requirement().ID, start)
		for n := 1; n <= days; n++ {
			at := start.Truncate(time.Hour).Add(time.Duration(n) * day)
			t.Until(at)
			if late := t.Now().Sub(at); late < 0 || late > time.Minute {
				t.Fail("wanted    day %d\ngot       %s", n, late)
			}
			t.Get("a")
			t.Parallel(3, func(i int) error {
				if i == 0 {
					t.Until(at.Add(time.Hour))
				}
				t.Get("b")
				return nil
			})
		}
	}
	checks := []Check{
		{Requirement: contract.GetMissing, Body: func(*C) {}},
		{Requirement: contract.CalendarLivesHold, Body: body, When: Ages},
		{Requirement: contract.CalendarLivesEnd, Body: body, When: Ages},
		{Requirement: contract.CalendarOddDates, Body: body, When: Ages},
	}
	for i := range checks {
		checks[i].Requirement = without(checks[i].Requirement)
	}
	s := New(subject.Subject{
		Name: "slow", Clock: clock, Open: func(context.Context) (spec.Store, error) { return slowGet{&inFlight}, nil },
	}, Settings{Seed: 1, CallTimeout: 5 * time.Second}, checks)
	for _, c := range s.Checks() {
		if v := s.Verdict(t.Context(), c); v.Status != contract.Pass {
			t.Errorf("%s: %s %s%s", v.ID, v.Status, v.Reason, v.Message)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if clock.caught {
		t.Error("the clock has moved while a call was in flight")
	}
	if clock.moves < 2*days || clock.moves > 2*days+6 {
		t.Errorf("%d moves for %d moments that all checks share", clock.moves, 2*days)
	}
	var first, last time.Time
	began.Range(func(_, at any) bool {
		if b := at.(time.Time); first.IsZero() || b.Before(first) {
			first = b
		}
		if b := at.(time.Time); b.After(last) {
			last = b
		}
		return true
	})
	if last.Sub(first) > time.Hour {
		t.Errorf("one check began %s after another", last.Sub(first))
	}
}

// without returns a requirement without its needs.
func without(r *contract.Requirement) *contract.Requirement {
	plain := *r
	plain.Needs = nil
	return &plain
}
