package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A suite is one run of the checks against one subject.
type suite struct {
	subject Subject
	options Options
	checks  []check // selected, in the order to run

	// gate is held for reading by every check that uses the main instance, and for writing by one that wants the store for itself.
	gate sync.RWMutex

	mu        sync.Mutex
	main      spec.Store
	mainErr   error
	timeline  map[string]chan contract.Verdict // of the checks that run side by side, once they do
	destroyed context.CancelFunc

	watching watching
	outages  outages
	// bequeathed are ids under which one check has left sessions that others look at.
	bequeathed map[string]bool
	// deaths is how often the process of the shared instance ended, and death why the first time. It is explained by a check that ends
	// it whenever it runs.
	deaths    int
	death     error
	explained bool
	// crashes is what checks judge together of a store that was killed, by attempt. Those who ask hold the gate for writing.
	crashes  [attempts]func() *crashes
	patience patience
	givenUp  givenUp
}

// attempts is how often a check that could not decide is tried, each time with longer lives.
const attempts = 3

func newSuite(subject Subject, options Options) *suite {
	if subject.Name == "" || subject.Open == nil {
		panic("conformance: a Subject needs a Name and an Open")
	}
	options.complete()
	s := &suite{subject: subject, options: options, bequeathed: map[string]bool{}}
	s.patience.full = s.options.CallTimeout
	for _, c := range checks(options.Extra) {
		if options.Select(c.requirement) {
			if c.reopens && !subject.Shared && (c.when == beside || c.when == timed) {
				c.when = exclusive
			}
			s.checks = append(s.checks, c)
		}
	}
	// What clears and counts comes before anything else is stored, what harms comes last; otherwise the order is the catalogue's.
	slices.SortStableFunc(s.checks, func(a, b check) int { return a.when.order() - b.when.order() })
	return s
}

func (w when) order() int {
	switch w {
	case exclusive:
		return 0
	case beside:
		return 1
	case timed:
		return 2
	case late:
		return 3
	default: // last
		return 4
	}
}

// verdict runs a check, or waits for it where it runs on the timeline. The first check that is not exclusive starts the timeline.
func (s *suite) verdict(ctx context.Context, c check) contract.Verdict {
	if c.when != exclusive && s.subject.Clock == nil {
		s.startTimeline(ctx)
	}
	s.mu.Lock()
	pending := s.timeline[c.requirement.ID]
	s.mu.Unlock()
	if pending == nil {
		return s.run(ctx, c)
	}
	select {
	case v := <-pending:
		pending <- v
		return v
	case <-ctx.Done():
		return contract.Verdict{ID: c.requirement.ID, Status: contract.Broken, Reason: "the run was stopped: " + context.Cause(ctx).Error()}
	}
}

// sideBySide is how many of the checks that do not wait for time run at once. A store that is slow to answer is asked by several; what is
// waited for on the timeline shall not come late for it.
const sideBySide = 6

// startTimeline starts every timed check at once, the first time it is called, and beside them the others that may meet, a few at a time.
// The timed ones cost together what the longest of their windows costs.
func (s *suite) startTimeline(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timeline != nil {
		return
	}
	s.timeline = map[string]chan contract.Verdict{}
	// A driver's context may end with one check; the timeline's must not.
	ctx, s.destroyed = context.WithCancel(context.WithoutCancel(ctx))
	slots := make(chan struct{}, sideBySide)
	for _, c := range s.checks {
		if c.when != timed && c.when != beside {
			continue
		}
		done := make(chan contract.Verdict, 1)
		s.timeline[c.requirement.ID] = done
		go func() {
			if c.when == beside {
				slots <- struct{}{}
				defer func() { <-slots }()
			}
			done <- s.run(ctx, c)
		}()
	}
}

// run runs a check, again with longer lives while it cannot decide.
func (s *suite) run(ctx context.Context, c check) contract.Verdict {
	start := time.Now()
	alone := c.when == exclusive || c.when == late || c.when == last || (c.when == timed && s.subject.Clock != nil)
	v, met := s.tries(ctx, c, alone, 0)
	// Of the checks that met the end of the store's process at most one brought it about. Which, shows when each of those whose call was
	// not answered runs again by itself.
	for again, repeated := 1, false; met.death != nil && !repeated; again++ {
		repeated = alone || met.inCall || again == 2
		v, met = s.tries(ctx, c, repeated, again)
	}
	if met.death != nil {
		s.mu.Lock()
		s.explained = true
		s.mu.Unlock()
	}
	v = s.rested(ctx, c, start, v)
	v.Duration = time.Since(start)
	return v
}

// tries attempts a check until it has decided. again tells the times apart that it was left by the store's process.
func (s *suite) tries(ctx context.Context, c check, alone bool, again int) (v contract.Verdict, met meeting) {
	if alone {
		s.gate.Lock()
		defer s.gate.Unlock()
	} else {
		s.gate.RLock()
		defer s.gate.RUnlock()
	}
	for attempt := range attempts {
		if v, met = s.attempt(ctx, c, attempt, again); v.Status != contract.Inconclusive {
			break
		}
	}
	return v, met
}

func (s *suite) attempt(ctx context.Context, c check, attempt, again int) (v contract.Verdict, met meeting) {
	v.ID = c.requirement.ID
	store, err := s.instance(ctx)
	if err != nil {
		v.Status, v.Reason = contract.Broken, "the store could not be opened: "+err.Error()
		return v, met
	}
	t := newC(ctx, s, c, attempt, again, store)
	defer func() {
		if met = t.met; met.death != nil {
			s.lose(t)
		} else {
			t.clean()
		}
		v.Calls = t.calls.lines()
		v.Observed, v.WholeRun = t.observed, t.wholeRun
	}()
	if c.reopens && !s.subject.Shared {
		if err := s.closeInstance(); err != nil {
			if errors.Is(err, probe.ErrDied) {
				t.metDeath(err, false)
			}
			v.Status, v.Reason = contract.Broken, "the store could not be closed: "+err.Error()
			return v, met
		}
	}
	for _, need := range c.requirement.Needs {
		if !t.has(need) {
			v.Status, v.Reason = contract.Skip, need.Explain()
			return v, met
		}
	}
	v.Status, v.Reason, v.Message = t.judge(c.body)
	return v, met
}

// instance returns the instance that checks share, and opens it first.
func (s *suite) instance(ctx context.Context) (spec.Store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main == nil && s.mainErr == nil {
		s.main, s.mainErr = s.open(context.WithoutCancel(ctx), s.subject.Open)
	}
	return s.main, s.mainErr
}

// closeInstance closes the shared instance; the next check opens another. The caller holds the gate for writing.
func (s *suite) closeInstance() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	main := s.main
	s.main = nil
	return closeStore(context.Background(), main)
}

// opening is far above what a store takes to open or to close: one that hangs there shall not hang the run.
const opening = 2 * time.Minute

func (s *suite) open(ctx context.Context, open func(context.Context) (spec.Store, error)) (spec.Store, error) {
	// Whose ctx ends has time to say so, and may have a process to take down first.
	bounded, cancel := awake.WithTimeout(context.WithoutCancel(ctx), opening)
	defer cancel()
	var store spec.Store
	err := guard(bounded, func(context.Context) (err error) {
		store, err = open(ctx) // not bounded: the store may hold on to its context
		if err == nil && bounded.Err() != nil {
			return errors.Join(errNoAnswer, closeStore(context.Background(), store))
		}
		return err
	})
	if errors.Is(err, errNoAnswer) {
		err = fmt.Errorf("Open gives %w", err)
	}
	switch {
	case err != nil:
		return nil, err // beside an error there may be a nil pointer, which is no nil store
	case store == nil:
		return nil, errors.New("Open returned no store")
	}
	return store, nil
}

// close waits for the timeline's checks to end and closes the shared instance.
func (s *suite) close() error {
	s.mu.Lock()
	if s.destroyed != nil {
		s.destroyed()
	}
	s.mu.Unlock()
	s.gate.Lock()
	defer s.gate.Unlock()
	if s.main != nil && !s.subject.Disposable {
		ctx, cancel := awake.WithTimeout(context.Background(), s.options.CallTimeout)
		defer cancel()
		s.remove(ctx, s.main, s.bequeathed)
	}
	return errors.Join(s.closeInstance(), s.unexplained())
}

func closeStore(ctx context.Context, store spec.Store) error {
	c, ok := store.(io.Closer)
	if !ok {
		return nil
	}
	ctx, cancel := awake.WithTimeout(ctx, opening)
	defer cancel()
	err := guard(ctx, func(context.Context) error { return c.Close() })
	if errors.Is(err, errNoAnswer) {
		err = fmt.Errorf("Close gives %w", err)
	}
	return err
}

// has reports whether the subject has what a requirement needs.
func (t *C) has(need contract.Need) bool {
	s := &t.suite.subject
	var features probe.Features
	if t.prober != nil {
		features = t.prober.Features()
	}
	switch need {
	case contract.NeedTouch:
		return t.capabilities.Touch
	case contract.NeedAll:
		return t.capabilities.All
	case contract.NeedClear:
		return t.capabilities.Clear
	case contract.NeedLength:
		return t.capabilities.Length
	case contract.NeedDurable:
		return s.Durable
	case contract.NeedShared:
		return s.Shared
	case contract.NeedDisposable:
		return s.Disposable
	case contract.NeedForeign:
		return s.OpenForeign != nil
	case contract.NeedSecret:
		return s.OpenSecret != nil
	case contract.NeedDirectory:
		return s.Dir != ""
	case contract.NeedCorrupt:
		return s.Corrupt != nil || s.Dir != ""
	case contract.NeedBreak:
		return s.Break != nil
	case contract.NeedKill:
		return s.OpenProcess != nil
	case contract.NeedFaults:
		return s.Faulty != nil
	case contract.NeedInProcess:
		return t.prober == nil
	case contract.NeedCallbacks:
		return features.Callbacks
	case contract.NeedHandles:
		return features.Handles
	case contract.NeedExpressions:
		return features.Expressions
	case contract.NeedExpress:
		return features.Express
	case contract.NeedEvents:
		return features.Events
	case contract.NeedResources:
		return features.Resources
	case contract.NeedHTTP:
		return features.HTTP
	}
	panic(fmt.Sprintf("conformance: unknown need %q", need))
}
