package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/storecheck/storecheck/spec"
)

// A Driver is the [Bencher] of a store. It carries out one order at a time.
type Driver struct {
	store   spec.Store
	touches bool
	remote  bool // the store is in another process, whose processor time is not that of this one
	held    map[string]*held
	none    *Driver // of a store that answers at once
}

// NewDriver returns the driver of a store. The store belongs to the caller.
func NewDriver(store spec.Store) *Driver {
	return newDriver(store, func(context.Context) error { return nil })
}

// Served measures a store for a program that another one drives. An order is the JSON of an [Order]. It fits the field Bench of
// bridge/serve.Options.
func Served(store spec.Store) func(ctx context.Context, order json.RawMessage) (reading any, err error) {
	d := NewDriver(store)
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		var o Order
		if err := json.Unmarshal(text, &o); err != nil {
			return Reading{}, fmt.Errorf("bench: %w", err)
		}
		return d.Bench(ctx, o)
	}
}

// NewDriverOver returns the driver of a store that is somewhere else: way goes there and back without calling the store. None makes it for each
// call.
func NewDriverOver(store spec.Store, way func(context.Context) error) *Driver {
	d := newDriver(store, way)
	d.remote, d.none.remote = true, true
	return d
}

func newDriver(store spec.Store, way func(context.Context) error) *Driver {
	d := &Driver{store: store, touches: spec.CapabilitiesOf(store).Touch, held: map[string]*held{}}
	none := map[string]*held{}
	d.none = &Driver{store: answering{none, way}, touches: true, held: none}
	return d
}

// A held is what the store holds under an id. It belongs to one caller at a time.
type held struct {
	id      string
	session *spec.Session // as the store has acknowledged it, but for its cookie
	n       int64
	marked  []byte // see mark
	markN   int64
}

// Bench carries out an order. A call that is never answered keeps its goroutine, and the ids of its caller are not to be used again.
func (d *Driver) Bench(ctx context.Context, o Order) (Reading, error) {
	if err := o.Validate(); err != nil {
		return Reading{}, fmt.Errorf("bench: %w", err)
	}
	if o.Operation == None {
		o.Operation = Mix
		return d.none.Bench(ctx, o)
	}
	if o.Operation == Touch && !d.touches {
		return Reading{}, fmt.Errorf("bench: the store has no touch: %w", errors.ErrUnsupported)
	}
	callers := make([]*caller, o.Callers)
	for i := range callers {
		callers[i] = &caller{store: d.store, touches: d.touches, order: o, calls: share(o.Calls, i, o.Callers)}
	}
	for i, id := range o.IDs {
		h, err := d.hold(id, o.Session)
		if err != nil {
			return Reading{}, err
		}
		c := callers[i%o.Callers]
		c.held = append(c.held, h)
	}
	runtime.GC() // what earlier orders left is not of this one
	before, known := processorTime()
	r := run(ctx, callers, o)
	if after, _ := processorTime(); known && !d.remote {
		r.CPUMs = inMilliseconds(after-before) * partCounted(callers, r.Calls)
	}
	if o.Operation == Destroy {
		for _, id := range o.IDs {
			delete(d.held, id)
		}
	}
	return r, ctx.Err()
}

// hold returns what is held under an id. An id that is new has no session in the store yet.
func (d *Driver) hold(id string, template []byte) (*held, error) {
	if h, has := d.held[id]; has {
		return h, nil
	}
	s, err := spec.ParseSession(template)
	if err != nil {
		return nil, fmt.Errorf("bench: session: %w", err)
	}
	h := &held{id: id, session: s, n: FirstN}
	if err := errors.Join(s.Set("owner", id), s.Set("n", h.n)); err != nil {
		return nil, fmt.Errorf("bench: session: %w", err)
	}
	d.held[id] = h
	return h, nil
}

// share is the part of calls that one of several callers makes; 0 of 0 is any number, and -1 is none.
func share(calls int64, caller, callers int) int64 {
	if calls == 0 {
		return 0
	}
	n := calls / int64(callers)
	if int64(caller) < calls%int64(callers) {
		n++
	}
	if n == 0 {
		return -1
	}
	return n
}

// partCounted is the part of the calls that were counted.
func partCounted(callers []*caller, counted int64) float64 {
	var made int64
	for _, c := range callers {
		made += c.made.Load()
	}
	return float64(counted) / float64(max(made, 1))
}

// run has all callers call, and puts together what they have measured.
func run(ctx context.Context, callers []*caller, o Order) Reading {
	timeout := milliseconds(o.TimeoutMs)
	began := time.Now()
	counts := began.Add(milliseconds(o.WarmUpMs))
	ends := counts.Add(milliseconds(o.DurationMs))
	ctx, cancel := context.WithDeadline(ctx, ends.Add(timeout))
	defer cancel()
	done := make(chan *caller, len(callers))
	var errs failures
	for _, c := range callers {
		c.counts, c.ends, c.latency, c.errs = counts, ends, newHistogram(), &errs
		go func() {
			c.loop(ctx)
			done <- c
		}()
	}
	all := newHistogram()
	last := counts
	var calls int64
	ended := ctx.Done()
	var over <-chan time.Time
	for left := len(callers); left > 0; {
		select {
		case c := <-done:
			left--
			all.Merge(c.latency)
			calls += c.counted
			if c.last.After(last) {
				last = c.last
			}
		case <-ended: // a store that heeds its context answers now
			ended, over = nil, time.After(patience)
		case <-over:
			for ; left > 0; left-- {
				errs.add(fmt.Errorf("a call was not answered within %v", timeout))
			}
		}
	}
	r := Reading{Calls: calls, Errors: errs.count.Load(), ElapsedMs: inMilliseconds(last.Sub(counts))}
	if first := errs.first.Load(); first != nil {
		r.FirstError = *first
	}
	if calls > 0 {
		r.LatencyMs = &Latency{P50: quantile(all, 50), P90: quantile(all, 90), P99: quantile(all, 99), Max: inMilliseconds(time.Duration(all.Max()))}
	}
	return r
}

// patience is how long a store may take to heed the end of its context.
const patience = 100 * time.Millisecond

// failures count wrong answers of all callers.
type failures struct {
	count atomic.Int64
	first atomic.Pointer[string]
}

func (f *failures) add(err error) {
	f.count.Add(1)
	text := err.Error()
	f.first.CompareAndSwap(nil, &text)
}

// newHistogram holds latencies from a nanosecond to an hour, with three digits.
func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, int64(time.Hour), 3) }

func quantile(h *hdrhistogram.Histogram, percent float64) float64 {
	return inMilliseconds(time.Duration(h.ValueAtPercentile(percent)))
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
