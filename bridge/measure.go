package bridge

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/excerpt"
)

var _ bench.Bencher = (*Store)(nil)

// Bench has the process of the store carry out an order, if the process declares that it can. Otherwise the callers are in this process, and each
// call crosses the bridge.
func (s *Store) Bench(ctx context.Context, o bench.Order) (r bench.Reading, err error) {
	if !s.Features().Bench {
		return s.driver().Bench(ctx, o)
	}
	limit := time.Duration((o.WarmUpMs+o.DurationMs+o.TimeoutMs)*float64(time.Millisecond)) + s.p.opts.Grace
	err = s.p.request(ctx, "bench", benchParams{wire.BenchParams{Instance: s.instance}, o}, &r, limit)
	r.FirstError = excerpt.Start(r.FirstError, maxSaid)
	if err == nil && r.Calls > 0 && r.LatencyMs == nil {
		err = s.p.lacks("bench", "latencyMs")
	}
	return r, err
}

// driver returns the driver whose calls cross the bridge.
func (s *Store) driver() *bench.Driver {
	s.driverOnce.Do(func() {
		s.driven = bench.NewDriverOver(s, func(ctx context.Context) error { return s.request(ctx, "ping", wire.Empty{}, &wire.Empty{}) })
	})
	return s.driven
}

type benchParams struct {
	wire.BenchParams
	bench.Order
}
