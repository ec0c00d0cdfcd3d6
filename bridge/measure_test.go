package bridge

import (
	"errors"
	"testing"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge/internal/wire"
)

// TestBench: a process that measures its store, and one whose store is measured over the bridge, give readings of the same calls.
func TestBench(t *testing.T) {
	l := bench.NewLoad(1, 300, 6)
	for _, inside := range []bool{true, false} {
		s := open(t, "none", Options{Check: checker(t)})
		s.p.info.Features.Bench = inside
		for _, o := range []bench.Operation{bench.Fill, bench.Get, bench.Mix, bench.None, bench.Set, bench.Destroy} {
			order := bench.Order{
				Operation: o, Callers: 2, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 60_000, Calls: 20,
			}
			want := int64(20)
			if o == bench.Fill || o == bench.Destroy {
				want = 6
			}
			r, err := s.Bench(t.Context(), order)
			if err != nil || r.Calls != want || r.Errors != 0 || r.LatencyMs == nil {
				t.Errorf("inside %v, %s: %+v, %v", inside, o, r, err)
			}
			order.Callers = 7
			if _, err := s.Bench(t.Context(), order); err == nil || inside && !isHostError(err, wire.CodeBadParams) {
				t.Errorf("inside %v, %s: more callers than ids: %v", inside, o, err)
			}
		}
		if got, err := s.Get(t.Context(), l.IDs[0]); got != nil || err != nil {
			t.Errorf("inside %v: %v is left, %v", inside, got, err)
		}
	}
}

// TestBenchBroken: a process that dies meanwhile is no reading.
func TestBenchBroken(t *testing.T) {
	s := open(t, "exits-when-idle", Options{})
	s.p.info.Features.Bench = true
	l := bench.NewLoad(1, 300, 1)
	_, err := s.Bench(t.Context(), bench.Order{Operation: bench.Get, Callers: 1, IDs: l.IDs, Session: l.Session, DurationMs: 1, TimeoutMs: 1})
	if broken, is := errors.AsType[*Broken](err); !is {
		t.Errorf("%v, %v", broken, err)
	}
}
