package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/storecheck/storecheck/spec"
)

// A caller makes one call after the other on its own sessions, so that it knows what each get must answer.
type caller struct {
	store   spec.Store
	touches bool
	order   Order
	held    []*held
	calls   int64 // how many to count; 0 for any number, less for none

	counts, ends time.Time // calls that begin between the two are counted
	errs         *failures

	made    atomic.Int64 // calls, counted or not
	counted int64
	last    time.Time // the answer to the last counted call
	latency *hdrhistogram.Histogram
	text    []byte // of the last answer
}

// readingRequests is how many requests of a Mix leave the session as it is, for each that changes it.
const readingRequests = 4

// A call makes one call of the store.
type call func(context.Context, *held) (span, error)

// requests are the calls of each request, in the order of the requests, which then begins anew.
func (c *caller) requests() [][]call {
	switch c.order.Operation {
	case Mix:
		all := [][]call{{c.get, c.set}}
		for c.touches && len(all) <= readingRequests {
			all = append(all, []call{c.get, c.touch})
		}
		return all
	case Get:
		return [][]call{{c.get}}
	case Touch:
		return [][]call{{c.touch}}
	case Destroy:
		return [][]call{{c.destroy}}
	default:
		return [][]call{{c.set}}
	}
}

// loop makes calls until the order is over.
func (c *caller) loop(ctx context.Context) {
	requests := c.requests()
	for n := 0; c.calls >= 0; n++ {
		lap := n / len(c.held)
		if lap > 0 && c.order.Operation.once() {
			return
		}
		// Each lap begins at another request: it is not always the same sessions that are set.
		for _, call := range requests[(n+lap)%len(requests)] {
			if !c.make(ctx, c.held[n%len(c.held)], call) {
				return
			}
		}
	}
}

// A span is when a call began and ended.
type span struct{ began, ended time.Time }

// make makes a call, and reports whether there may be another.
func (c *caller) make(ctx context.Context, h *held, do call) bool {
	// One call is counted even where the machine comes to it too late.
	over := c.made.Load() > 0 && ctx.Err() != nil || c.counted > 0 && time.Now().After(c.ends)
	if over || c.calls > 0 && c.counted >= c.calls {
		return false
	}
	c.made.Add(1)
	s, err := safely(ctx, h, do)
	if s.ended.IsZero() { // it panicked
		s.ended = time.Now()
		s.began = s.ended
	}
	if err != nil {
		c.errs.add(err)
	}
	if !s.began.Before(c.counts) {
		c.counted++
		c.last = s.ended
		_ = c.latency.RecordValue(min(max(int64(s.ended.Sub(s.began)), 1), int64(time.Hour)))
	}
	return true
}

func safely(ctx context.Context, h *held, do call) (s span, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return do(ctx, h)
}

func (c *caller) get(ctx context.Context, h *held) (s span, err error) {
	s.began = time.Now()
	got, err := c.store.Get(ctx, h.id)
	s.ended = time.Now()
	switch {
	case spec.IsMissing(got, err):
		return s, errors.New("get found no session where one was set")
	case err != nil:
		return s, fmt.Errorf("get: %w", err)
	}
	c.text = got.AppendJSON(c.text[:0])
	return s, h.judge(got, c.text)
}

// judge returns what is wrong with a session that get has answered. Most stores answer the text that they were given, and to find a part of it
// costs much less than to decode it.
func (h *held) judge(got *spec.Session, text []byte) error {
	if bytes.Contains(text, h.mark()) {
		return nil
	}
	var owner string
	if _, err := got.Decode("owner", &owner); err != nil || owner != h.id {
		return errors.New("get answered the session of another id")
	}
	var number float64
	if has, err := got.Decode("n", &number); err != nil || !has || number != float64(h.n) {
		n, _ := got.Raw("n")
		return fmt.Errorf("get answered an older or another session than the last one that was set: n is %s, not %d", n, h.n)
	}
	return nil
}

// mark is what the text of the session holds when it is as it was set.
func (h *held) mark() []byte {
	if h.markN != h.n {
		h.marked, h.markN = fmt.Appendf(h.marked[:0], `"owner":%q,"n":%d`, h.id, h.n), h.n
	}
	return h.marked
}

// set changes one value of the session, as an application does, and renews its cookie, as the middleware does.
func (c *caller) set(ctx context.Context, h *held) (s span, err error) {
	next := h.n + 1
	if c.order.Operation == Fill {
		next = h.n
	}
	if err := h.session.Set("n", next); err != nil {
		return s, err
	}
	h.session.Cookie.Touch(time.Now())
	s.began = time.Now()
	err = c.store.Set(ctx, h.id, h.session)
	s.ended = time.Now()
	if err != nil {
		return s, fmt.Errorf("set: %w", err)
	}
	h.n = next
	return s, nil
}

func (c *caller) touch(ctx context.Context, h *held) (s span, err error) {
	h.session.Cookie.Touch(time.Now())
	s.began = time.Now()
	err = c.store.(spec.Toucher).Touch(ctx, h.id, h.session)
	s.ended = time.Now()
	if err != nil {
		return s, fmt.Errorf("touch: %w", err)
	}
	return s, nil
}

func (c *caller) destroy(ctx context.Context, h *held) (s span, err error) {
	s.began = time.Now()
	err = c.store.Destroy(ctx, h.id)
	s.ended = time.Now()
	if err != nil {
		return s, fmt.Errorf("destroy: %w", err)
	}
	return s, nil
}

// answering is a store that answers at once with what its caller holds.
type answering struct {
	held map[string]*held
	way  func(context.Context) error
}

func (a answering) Get(ctx context.Context, id string) (*spec.Session, error) {
	return a.held[id].session, a.way(ctx)
}

func (a answering) Set(ctx context.Context, _ string, _ *spec.Session) error   { return a.way(ctx) }
func (a answering) Touch(ctx context.Context, _ string, _ *spec.Session) error { return a.way(ctx) }
func (a answering) Destroy(ctx context.Context, _ string) error                { return a.way(ctx) }
