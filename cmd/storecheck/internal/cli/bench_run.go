package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/worker"
	"github.com/storecheck/storecheck/report/speed"
)

const (
	// fillCallers fill a store.
	fillCallers = 16
	// fillTime is how long that may take, for one size.
	fillTime = time.Minute
	// openAtOnce is how many targets are started and filled at once: nothing is measured meanwhile.
	openAtOnce = 2
)

// A bencher measures the targets in turn.
type bencher struct {
	flags  *benchFlags
	loads  map[int]bench.Load // by size
	stores []*benched
	result *speed.Result
}

func newBencher(f *benchFlags, args []string) *bencher {
	b := &bencher{flags: f, loads: map[int]bench.Load{}, result: &speed.Result{
		Schema: speed.Schema, Storecheck: target.Version, Seed: int64(f.seed), Started: time.Now(), Plan: f.plan,
		Machine: speed.Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), FileSystem: fileSystemOfTemporary()},
	}}
	for _, size := range f.plan.Sizes {
		b.loads[size] = bench.NewLoad(f.seed, size, f.plan.Sessions)
	}
	for _, arg := range args {
		b.stores = append(b.stores, newBenched(arg, f.secrets.Hide))
	}
	return b
}

func (b *bencher) run(ctx context.Context) *speed.Result {
	before := load()
	b.open(ctx)
	figures := b.figures(ctx)
	b.close(ctx)
	r := b.result
	if after := load(); before >= 0 && after >= 0 {
		r.Machine.Load = []float64{before, after}
	}
	r.Figures = figures
	for _, s := range b.stores {
		r.Targets = append(r.Targets, s.target)
	}
	if ctx.Err() != nil {
		r.Stopped = "the bench was stopped before its end"
	}
	r.Seconds = time.Since(r.Started).Seconds()
	r.Finish()
	return r
}

// open starts and fills all targets, some at once.
func (b *bencher) open(ctx context.Context) {
	slots := make(chan struct{}, openAtOnce)
	var opening sync.WaitGroup
	for _, s := range b.stores {
		opening.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			s.start(ctx, worker.Job{Target: s.arg, Options: b.flags.target})
			for _, size := range b.flags.plan.Sizes {
				s.fill(b.order(speed.Step{Operation: bench.Fill, Size: size, Callers: min(fillCallers, b.flags.plan.Sessions)}))
			}
			s.line.doing("waiting")
		})
	}
	opening.Wait()
}

// order is the order for a step.
func (b *bencher) order(s speed.Step) bench.Order {
	l := b.loads[s.Size]
	o := bench.Order{
		Operation: s.Operation, Callers: s.Callers, IDs: l.IDs, Session: l.Session,
		WarmUpMs: b.flags.plan.WarmUp * 1000, DurationMs: b.flags.plan.Seconds * 1000, TimeoutMs: inMs(b.flags.target.CallTimeout),
	}
	if s.Operation == bench.Fill || s.Operation == bench.Destroy {
		o.WarmUpMs, o.DurationMs = 0, inMs(fillTime)
	}
	return o
}

func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// figures measures everything. The targets take turns for each step.
func (b *bencher) figures(ctx context.Context) []speed.Figure {
	steps := b.flags.plan.Steps()
	var figures []speed.Figure
	for _, step := range steps {
		for _, s := range b.stores {
			if step.Operation != bench.Touch || s.target.Touch || s.problem() != "" {
				figures = append(figures, speed.Figure{Target: s.arg, Step: step, Problem: s.problem(), Rounds: []bench.Reading{}})
			}
		}
	}
	byTarget := map[string]*benched{}
	for _, s := range b.stores {
		byTarget[s.arg] = s
	}
	for range b.flags.plan.Rounds {
		for i := range figures {
			f := &figures[i]
			s := byTarget[f.Target]
			if f.Problem == "" && ctx.Err() == nil {
				s.line.doing(fmt.Sprintf("%s, %d B, %d at once", f.Operation, f.Size, f.Callers))
				s.measure(f, b.order(f.Step))
				s.line.doing("waiting")
			}
			s.line.step(f.Problem != "")
		}
	}
	return figures
}

// close removes the sessions, and ends the workers.
func (b *bencher) close(ctx context.Context) {
	var closing sync.WaitGroup
	for _, s := range b.stores {
		closing.Go(func() {
			for _, size := range b.flags.plan.Sizes {
				if ctx.Err() == nil && s.opened {
					s.line.doing("removing the sessions")
					_, _ = s.ask(b.order(speed.Step{Operation: bench.Destroy, Size: size, Callers: min(fillCallers, b.flags.plan.Sessions)}))
				}
			}
			s.end()
		})
	}
	closing.Wait()
}

// A benched is a target that is measured by its worker. It is used by one goroutine at a time.
type benched struct {
	arg    string
	hide   func(string) string // takes the passwords out of a text
	line   *progressLine
	target speed.Target
	opened bool

	orders   chan bench.Order
	measured chan worker.Measured
	ready    chan struct{} // closed when the target is open
	ended    chan struct{} // closed when the worker has ended
	done     *worker.Done  // what it said then
	err      error         // why it has ended without
}

func newBenched(arg string, hide func(string) string) *benched {
	return &benched{
		arg: arg, hide: hide, target: speed.Target{Spec: arg, Name: arg},
		orders: make(chan bench.Order), measured: make(chan worker.Measured), ready: make(chan struct{}), ended: make(chan struct{}),
	}
}

// start starts the worker, and returns when it has opened the target, or ended.
func (s *benched) start(ctx context.Context, job worker.Job) {
	go func() {
		defer close(s.ended)
		s.err = worker.Bench(ctx, job, s.orders, s.see)
	}()
	select {
	case <-s.ready:
		s.opened = true
	case <-s.ended:
		s.broke()
	}
}

// see takes an event of the worker.
func (s *benched) see(e worker.Event) {
	switch {
	case e.Doing != "":
		s.line.doing(s.hide(e.Doing))
	case e.Opened != nil:
		o, m := e.Opened, e.Measuring
		s.target.Name, s.target.Version, s.target.Runtime, s.target.Touch = o.Name, o.Version, o.Runtime, o.Capabilities.Touch
		s.target.Shortcuts, s.target.OverBridge = m.Shortcuts, m.OverBridge
		close(s.ready)
	case e.Measured != nil:
		s.measured <- *e.Measured
	case e.Done != nil:
		s.done = e.Done
	}
}

// ask has the worker carry out an order. ok is false when the worker has ended.
func (s *benched) ask(o bench.Order) (m worker.Measured, ok bool) {
	select {
	case s.orders <- o:
	case <-s.ended:
		s.broke()
		return m, false
	}
	select {
	case m := <-s.measured:
		return m, true
	case <-s.ended:
		s.broke()
		return m, false
	}
}

// broke notes why the worker has ended before it was told to.
func (s *benched) broke() {
	why := "its process ended"
	switch {
	case s.err != nil:
		why = s.err.Error()
	case s.done != nil:
		why = cmp.Or(s.done.Broken, why)
	}
	s.target.Broken = cmp.Or(s.target.Broken, why)
}

// problem is why the target has no figures.
func (s *benched) problem() string {
	switch {
	case s.target.Broken != "":
		return "the target broke"
	case s.target.Problem != "":
		return "the store was not filled"
	}
	return ""
}

// fill fills the store with the sessions of an order.
func (s *benched) fill(o bench.Order) {
	if s.problem() != "" {
		return
	}
	s.line.doing(fmt.Sprintf("filling, %d B", len(o.Session)))
	var f speed.Figure
	s.measure(&f, o)
	switch {
	case s.problem() != "":
	case f.Problem != "":
		s.target.Problem = "the store could not be filled: " + f.Problem
	case f.Rounds[0].Calls < int64(len(o.IDs)):
		s.target.Problem = fmt.Sprintf("the store took only %d of %d sessions in %s: use fewer with --sessions", f.Rounds[0].Calls, len(o.IDs), fillTime)
	}
}

// measure carries out an order for a figure.
func (s *benched) measure(f *speed.Figure, o bench.Order) {
	m, ok := s.ask(o)
	switch {
	case !ok:
		f.Problem = s.problem()
	case m.Trouble != "":
		f.Problem = m.Trouble
	default:
		f.Add(m.Reading)
	}
}

// end ends the worker, and takes what it says then.
func (s *benched) end() {
	close(s.orders)
	s.line.doing("closing")
	<-s.ended
	if s.done != nil {
		s.target.Notes = slices.Concat(s.target.Notes, s.done.Notes)
	}
	if s.err != nil || s.done != nil && s.done.Broken != "" {
		s.broke()
	}
}

// load is the load average of the last minute, or -1 where the system does not tell.
func load() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	if v, err := strconv.ParseFloat(first, 64); err == nil {
		return v
	}
	return -1
}
