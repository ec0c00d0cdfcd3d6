package bench_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
)

// order is a short order of a number of calls: no test waits for a time.
func order(o bench.Operation, l bench.Load, callers int, calls int64) bench.Order {
	return bench.Order{
		Operation: o, Callers: callers, IDs: l.IDs, Session: l.Session, DurationMs: 60_000, TimeoutMs: 60_000, Calls: calls,
	}
}

func drive(t *testing.T, b bench.Bencher, o bench.Order) bench.Reading {
	t.Helper()
	r, err := b.Bench(t.Context(), o)
	if err != nil {
		t.Fatalf("%s: %v", o.Operation, err)
	}
	return r
}

// counting counts the calls of a store.
type counting struct {
	*memorystore.Store
	mu    sync.Mutex
	calls map[string]int
	most  int // calls in flight at once
	now   int
}

func (c *counting) enter(method string) (leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[method]++
	c.now++
	c.most = max(c.most, c.now)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.now--
	}
}

func (c *counting) Get(ctx context.Context, id string) (*spec.Session, error) {
	defer c.enter("get")()
	return c.Store.Get(ctx, id)
}

func (c *counting) Set(ctx context.Context, id string, s *spec.Session) error {
	defer c.enter("set")()
	return c.Store.Set(ctx, id, s)
}

func (c *counting) Touch(ctx context.Context, id string, s *spec.Session) error {
	defer c.enter("touch")()
	return c.Store.Touch(ctx, id, s)
}

func (c *counting) Destroy(ctx context.Context, id string) error {
	defer c.enter("destroy")()
	return c.Store.Destroy(ctx, id)
}

func TestCalls(t *testing.T) {
	l := bench.NewLoad(1, 300, 20)
	for _, test := range []struct {
		operation bench.Operation
		calls     int64
		want      string
	}{
		{bench.Get, 33, "map[get:33]"},
		{bench.Set, 33, "map[set:33]"},
		{bench.Touch, 33, "map[touch:33]"},
		{bench.Mix, 300, "map[get:150 set:30 touch:120]"},
		{bench.None, 300, "map[]"},
		{bench.Get, 2, "map[get:2]"}, // fewer than callers
		{bench.Fill, 0, "map[set:20]"},
		{bench.Destroy, 0, "map[destroy:20]"},
	} {
		t.Run(string(test.operation), func(t *testing.T) {
			store := &counting{Store: memorystore.New(memorystore.Options{}), calls: map[string]int{}}
			d := bench.NewDriver(store)
			if r := drive(t, d, order(bench.Fill, l, 3, 0)); r.Calls != 20 || r.Errors != 0 {
				t.Fatalf("fill: %+v", r)
			}
			clear(store.calls)
			r := drive(t, d, order(test.operation, l, 3, test.calls))
			if got := fmt.Sprint(store.calls); got != test.want {
				t.Errorf("the store was called %s, want %s", got, test.want)
			}
			wanted := test.calls
			if wanted == 0 {
				wanted = int64(len(l.IDs))
			}
			if r.Calls != wanted || r.Errors != 0 || store.most > 3 {
				t.Errorf("%+v with %d calls at once", r, store.most)
			}
			if p := r.LatencyMs; p == nil || p.P50 <= 0 || p.P50 > p.P90 || p.P90 > p.P99 || p.P99 > p.Max*1.001 || r.ElapsedMs <= 0 {
				t.Errorf("latency %+v in %v ms", p, r.ElapsedMs)
			}
		})
	}
}

// TestNoneLeavesTheStoreAlone: what the driver does by itself must not change what it expects of the store.
func TestNoneLeavesTheStoreAlone(t *testing.T) {
	l := bench.NewLoad(1, 300, 5)
	d := bench.NewDriver(memorystore.New(memorystore.Options{}))
	for _, o := range []bench.Operation{bench.Fill, bench.None, bench.Mix, bench.None, bench.Get} {
		if r := drive(t, d, order(o, l, 2, 40)); r.Errors != 0 {
			t.Errorf("%s: %+v", o, r)
		}
	}
}

// faulty is a store with a fault in each answer of some method.
type faulty struct {
	*memorystore.Store
	get   func(*spec.Session) (*spec.Session, error)
	set   func(spec.Store, string, *spec.Session) error
	touch func(context.Context) error
}

func (f faulty) Get(ctx context.Context, id string) (*spec.Session, error) {
	s, err := f.Store.Get(ctx, id)
	if f.get != nil {
		return f.get(s)
	}
	return s, err
}

func (f faulty) Set(ctx context.Context, id string, s *spec.Session) error {
	if f.set != nil {
		return f.set(f.Store, id, s)
	}
	return f.Store.Set(ctx, id, s)
}

func (f faulty) Touch(ctx context.Context, id string, s *spec.Session) error {
	if f.touch != nil {
		return f.touch(ctx)
	}
	return f.Store.Touch(ctx, id, s)
}

func TestWrongAnswersAreErrors(t *testing.T) {
	l := bench.NewLoad(1, 300, 10)
	other, err := spec.ParseSession(l.Session)
	if err != nil {
		t.Fatal(err)
	}
	first := true
	for name, test := range map[string]struct {
		store     faulty
		operation bench.Operation
		errors    int64
		want      string
	}{
		"right":             {faulty{}, bench.Mix, 0, ""},
		"loses sessions":    {faulty{get: func(*spec.Session) (*spec.Session, error) { return nil, nil }}, bench.Get, 30, "get found no session where one was set"},
		"errors":            {faulty{get: func(*spec.Session) (*spec.Session, error) { return nil, errors.New("disk full") }}, bench.Get, 30, "get: disk full"},
		"another's session": {faulty{get: func(*spec.Session) (*spec.Session, error) { return other, nil }}, bench.Get, 27, "get answered the session of another id"},
		"keeps the first": {faulty{set: func(s spec.Store, id string, session *spec.Session) error {
			if got, _ := s.Get(context.Background(), id); got != nil {
				return nil
			}
			return s.Set(context.Background(), id, session)
		}}, bench.Mix, 20, "get answered an older or another session than the last one that was set: n is 1000000000, not 1000000001"},
		"panics": {faulty{touch: func(context.Context) error { panic("as told") }}, bench.Touch, 30, "panic: as told"},
		"fails once": {faulty{touch: func(context.Context) error {
			if first {
				first = false
				return errors.New("once")
			}
			return nil
		}}, bench.Touch, 1, "touch: once"},
	} {
		t.Run(name, func(t *testing.T) {
			test.store.Store = memorystore.New(memorystore.Options{})
			d := bench.NewDriver(test.store)
			drive(t, d, order(bench.Fill, l, 1, 0))
			calls := int64(30)
			if test.operation == bench.Mix {
				calls = 100
			}
			r := drive(t, d, order(test.operation, l, 1, calls))
			if r.Calls != calls || r.Errors != test.errors || r.FirstError != test.want {
				t.Errorf("%+v, want %d errors, %q", r, test.errors, test.want)
			}
		})
	}
}

// TestHanging: a store that never answers costs the time of the order, and is told.
func TestHanging(t *testing.T) {
	l := bench.NewLoad(1, 300, 4)
	stay := make(chan struct{})
	defer close(stay)
	for name, hang := range map[string]func(context.Context) error{
		"heeds its context": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"heeds nothing":     func(context.Context) error { <-stay; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			d := bench.NewDriver(faulty{Store: memorystore.New(memorystore.Options{}), touch: hang})
			drive(t, d, order(bench.Fill, l, 2, 0))
			o := order(bench.Touch, l, 2, 0)
			o.DurationMs, o.TimeoutMs = 1, 1
			if r := drive(t, d, o); r.Errors != 2 || r.FirstError == "" {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestProcessorTime: it is told where it is known, and is not that of a store in another process.
func TestProcessorTime(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it is not known here")
	}
	l := bench.NewLoad(1, 300, 4)
	store := memorystore.New(memorystore.Options{})
	if r := drive(t, bench.NewDriver(store), order(bench.None, l, 2, 100_000)); r.CPUMs <= 0 {
		t.Errorf("%+v", r)
	}
	over := bench.NewDriverOver(store, func(context.Context) error { return nil })
	if r := drive(t, over, order(bench.None, l, 2, 100_000)); r.CPUMs != 0 {
		t.Errorf("over a bridge: %+v", r)
	}
}

func TestRefusedOrders(t *testing.T) {
	l := bench.NewLoad(1, 300, 4)
	for want, change := range map[string]func(*bench.Order){
		`unknown operation "sort"`:                func(o *bench.Order) { o.Operation = "sort" },
		"5 callers need as many ids, there are 4": func(o *bench.Order) { o.Callers = 5 },
		"0 callers need as many ids, there are 4": func(o *bench.Order) { o.Callers = 0 },
		"durationMs and timeoutMs must":           func(o *bench.Order) { o.DurationMs = 0 },
		"session: ":                               func(o *bench.Order) { o.Session = []byte("[]") },
	} {
		o := order(bench.Fill, l, 2, 0)
		change(&o)
		_, err := bench.NewDriver(memorystore.New(memorystore.Options{})).Bench(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	type plain struct{ spec.Store }
	_, err := bench.NewDriver(plain{memorystore.New(memorystore.Options{})}).Bench(t.Context(), order(bench.Touch, l, 1, 1))
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("touch of a store without: %v", err)
	}
}

func TestLoad(t *testing.T) {
	for _, size := range []int{bench.MinSize, 300, 1000, 4096} {
		a, b, c := bench.NewLoad(7, size, 50), bench.NewLoad(7, size, 50), bench.NewLoad(8, size, 50)
		if fmt.Sprint(a.IDs) != fmt.Sprint(b.IDs) || fmt.Sprint(a.IDs) == fmt.Sprint(c.IDs) {
			t.Errorf("%d B: the ids are not those of the seed", size)
		}
		seen := map[string]bool{}
		for _, id := range a.IDs {
			seen[id] = true
		}
		s, err := spec.ParseSession(a.Session)
		if err != nil || len(a.Session) != size || len(seen) != 50 || len(a.IDs[0]) != 32 {
			t.Errorf("%d B: %s has %d, %v", size, a.Session, len(a.Session), err)
			continue
		}
		if left, expires := s.Cookie.MaxAge(time.Now()); !expires || left < 23*time.Hour {
			t.Errorf("%d B: it ends within %v", size, left)
		}
	}
}
