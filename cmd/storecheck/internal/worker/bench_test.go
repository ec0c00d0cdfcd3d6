package worker_test

import (
	"context"
	"testing"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
)

func TestBench(t *testing.T) {
	l := bench.NewLoad(1, 300, 5)
	for _, target := range []string{"memory", "file"} {
		t.Run(target, func(t *testing.T) {
			orders := make(chan bench.Order)
			go func() {
				defer close(orders)
				for _, o := range []bench.Operation{bench.Fill, bench.Mix, "sort", bench.Destroy} {
					orders <- bench.Order{Operation: o, Callers: 2, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 60_000, Calls: 10}
				}
			}()
			var opened *worker.Opened
			var measured []worker.Measured
			var done *worker.Done
			err := worker.Bench(t.Context(), worker.Job{Target: target, Seed: 1}, orders, func(e worker.Event) {
				switch {
				case e.Opened != nil && e.Measuring != nil:
					opened = e.Opened
				case e.Measured != nil:
					measured = append(measured, *e.Measured)
				case e.Done != nil:
					done = e.Done
				}
			})
			if err != nil || opened == nil || !opened.Capabilities.Touch || done == nil || done.Broken != "" || len(done.Notes) > 0 {
				t.Fatalf("opened %+v, done %+v, %v", opened, done, err)
			}
			if len(measured) != 4 {
				t.Fatalf("%+v", measured)
			}
			for i, calls := range []int64{5, 10, 0, 5} {
				m := measured[i]
				if m.Reading.Calls != calls || m.Reading.Errors != 0 || (m.Trouble != "") != (calls == 0) {
					t.Errorf("order %d: %+v", i, m)
				}
			}
		})
	}
}

// TestBenchStops: a bench that is stopped in the middle of an order says so.
func TestBenchStops(t *testing.T) {
	l := bench.NewLoad(1, 300, 5)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	orders := make(chan bench.Order)
	go func() {
		orders <- bench.Order{Operation: bench.Fill, Callers: 2, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 1}
		orders <- bench.Order{Operation: bench.Mix, Callers: 2, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 1}
		cancel()
	}()
	var done *worker.Done
	err := worker.Bench(ctx, worker.Job{Target: "memory", Seed: 1}, orders, func(e worker.Event) { done = e.Done })
	if err != nil || done == nil || done.Broken != "the run was stopped" {
		t.Errorf("got %+v and error %v, want the worker's own word that it was stopped", done, err)
	}
}
