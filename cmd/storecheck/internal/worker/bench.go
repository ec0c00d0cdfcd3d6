package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec"
)

// Measured tells how an order ended.
type Measured struct {
	Reading bench.Reading `json:"reading"`
	// Trouble is why there is no reading.
	Trouble string `json:"trouble,omitempty"`
}

// Bench is Run for a job that measures the store. It carries out the orders one after the other, each with a Measured event, until they are closed.
// It may end before: then nobody takes the orders any more.
func Bench(ctx context.Context, job Job, orders <-chan bench.Order, see func(Event)) error {
	job.Bench = true
	ended := make(chan struct{})
	var sending sync.WaitGroup
	defer sending.Wait()
	defer close(ended)
	return run(ctx, job, func(in io.Writer) {
		sending.Go(func() {
			e := json.NewEncoder(in)
			for {
				select {
				case o := <-orders: // the zero order of a closed channel ends the work
					if e.Encode(o) != nil || o.Operation == "" {
						return
					}
				case <-ended:
					return
				}
			}
		})
	}, see)
}

// receiveOrders hands out the orders of the parent. At the end of its input, which is no end of the work, it calls stop.
func receiveOrders(decoder *json.Decoder, stop func(error)) <-chan bench.Order {
	orders := make(chan bench.Order)
	go func() {
		for {
			var o bench.Order
			if err := decoder.Decode(&o); err != nil {
				stop(errStopped)
				return
			}
			orders <- o
		}
	}()
	return orders
}

var errStopped = errors.New("the run was stopped")

// bench opens the target, carries out orders, and closes it.
func (s *server) bench(ctx context.Context, job Job, orders <-chan bench.Order) *Done {
	job.Options.Time = report.TimeReal // what is measured is nobody else's clock
	job.Options.AsGiven = true         // what is measured is not judged
	t, err := target.Parse(job.Target, job.Options)
	if err != nil {
		return &Done{Broken: err.Error()}
	}
	ctx, stop, err := s.watchMachine(ctx, job)
	if err != nil {
		return &Done{Broken: err.Error()}
	}
	defer stop()
	opened, err := t.Open(ctx, func(doing string) { s.send(Event{Doing: doing}) })
	if err != nil {
		return &Done{Broken: causeOr(ctx, err).Error()}
	}
	store, err := s.openMeasured(ctx, opened)
	broken := ""
	if err == nil {
		err = s.carryOut(ctx, store, orders)
	}
	if err != nil {
		broken = causeOr(ctx, err).Error()
	}
	unread := s.unread(ctx, opened)
	notes := closeTarget(opened, store, ctx.Err() != nil)
	if unread != "" {
		notes = append(notes, unread)
	}
	return &Done{Broken: broken, Notes: notes}
}

// causeOr returns why ctx ended, or err while it has not.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// openMeasured opens the store that is measured, and tells the parent of it.
func (s *server) openMeasured(ctx context.Context, opened *target.Opened) (spec.Store, error) {
	open := opened.RealTime
	if open == nil {
		open = opened.Subject.Open
	}
	store, err := open(ctx)
	if err != nil {
		return nil, err
	}
	over, bridged := store.(*bridge.Store)
	s.send(Event{
		Opened:    &Opened{opened.Name, opened.Version, opened.Runtime, spec.CapabilitiesOf(store), opened.Server, opened.Profile.Name, opened.Time},
		Measuring: &Measuring{Shortcuts: opened.Shortcuts, OverBridge: bridged && !over.Features().Bench},
	})
	return store, nil
}

// Measuring tells how a store is measured.
type Measuring struct {
	// Shortcuts says why the figures of its server are not those of another one.
	Shortcuts string `json:"shortcuts,omitempty"`
	// OverBridge: the process of the store cannot measure, so that each call crosses the bridge.
	OverBridge bool `json:"overBridge,omitempty"`
}

func (s *server) carryOut(ctx context.Context, store spec.Store, orders <-chan bench.Order) error {
	bencher, inside := store.(bench.Bencher)
	if !inside {
		bencher = bench.NewDriver(store)
	}
	var last bench.Order
	for {
		select {
		case o := <-orders:
			if o.Operation == "" {
				return nil
			}
			last = o
			r, err := bencher.Bench(ctx, o)
			m := Measured{Reading: r}
			if err != nil {
				m.Trouble = err.Error()
			}
			s.send(Event{Measured: &m})
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			destroy(bencher, last)
			return context.Cause(ctx)
		}
	}
}

// destroy removes the sessions of the last order, as far as the store does so in time.
func destroy(bencher bench.Bencher, last bench.Order) {
	if last.Operation == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), tidying)
	defer cancel()
	last.Operation, last.Calls, last.WarmUpMs = bench.Destroy, 0, 0
	last.DurationMs, last.TimeoutMs = float64(tidying/time.Millisecond), 1
	_, _ = bencher.Bench(ctx, last)
}

// closeTarget closes a store and its target, and returns what is to be said of that.
func closeTarget(opened *target.Opened, store spec.Store, stopped bool) []string {
	var errs []error
	if c, ok := store.(io.Closer); ok && !stopped { // one that is stopped may be in the middle of an order
		errs = append(errs, c.Close())
	}
	errs = append(errs, opened.Close())
	notes := append(opened.Notes(), endOrphans()...)
	if err := errors.Join(errs...); err != nil && !stopped {
		notes = append(notes, fmt.Sprintf("cleaning up: %v", err))
	}
	return notes
}
