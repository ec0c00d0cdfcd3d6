package bridge

import (
	"context"
	"errors"
	"time"

	"github.com/storecheck/storecheck/bench"
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
	err = s.p.request(ctx, "bench", benchParams{Instance: s.instance, Order: o}, &r, limit)
	r.FirstError = excerpt.Start(r.FirstError, maxSaid)
	if err == nil && r.Calls > 0 && r.LatencyMs == nil {
		err = s.p.lacks("bench", "latencyMs")
	}
	return r, err
}

// driver returns the driver whose calls cross the bridge.
func (s *Store) driver() *bench.Driver {
	s.driverOnce.Do(func() {
		s.driven = bench.NewDriverOver(s, func(ctx context.Context) error { return s.request(ctx, "ping", empty{}, &empty{}) })
	})
	return s.driven
}

// bench carries out an order on a store of this process.
func (s *server) bench(ctx context.Context, p benchParams) (bench.Reading, error) {
	s.mu.Lock()
	store, ok := s.stores[p.Instance]
	driver := s.drivers[p.Instance]
	if ok && driver == nil {
		driver = bench.NewDriver(store)
		s.drivers[p.Instance] = driver
	}
	s.mu.Unlock()
	if !ok {
		return bench.Reading{}, refusal(codeUnknown, "no instance %q is open", p.Instance)
	}
	r, err := driver.Bench(ctx, p.Order)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return r, refusal(codeCannot, "%v", err)
	case err != nil && ctx.Err() == nil:
		return r, refusal(codeBadParams, "%v", err)
	}
	return r, err
}
