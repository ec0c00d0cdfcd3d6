// Package soak lets a year pass over a store: visitors come, read, log out and stay away, and what the store holds is looked at each week. A store
// that never lets go of what has ended shows a line that climbs.
package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

const (
	day = 24 * time.Hour
	// steps are the moves of the clock on a day: an interval of the store fires once with each of them.
	steps = 4
	// life is that of a session, unless its visitor comes back.
	life = 14 * day
	// between is the days from one look to the next.
	between = 7
	// atOnce is how many visitors are on the site at the same time.
	atOnce = 16
)

// Options say how much happens.
type Options struct {
	Days     int
	Visitors int // that come anew on a day
	Seed     uint64
}

// A Sample is what was seen on a day. A figure that nothing shows is nil.
type Sample struct {
	Day    int      `json:"day"`
	Living int      `json:"living"`           // sessions that have not ended and were not logged out
	Length *float64 `json:"length,omitempty"` // records, as the store counts them
	Files  *float64 `json:"files,omitempty"`  // below the folder of the store
	Bytes  *float64 `json:"bytes,omitempty"`  // of these files
	Memory *float64 `json:"memory,omitempty"` // bytes of the heap of the store's process
	CallMs float64  `json:"callMs"`           // the median time of a get of the week
}

// A visit is a session that has not ended.
type visit struct {
	id   string
	ends time.Time
}

// A Soaker is the traffic of one store.
type Soaker struct {
	Options
	store spec.Store
	clock interface {
		Now() time.Time
		Advance(time.Duration)
	}
	alive func(context.Context) error // asks the servers and the clock; nil for none
	dir   string
	rand  *rand.Rand
	known []visit

	mu    sync.Mutex
	times []time.Duration // of the gets since the last look
}

// New opens the store of a target. Its clock must be one that can be moved.
func New(ctx context.Context, t *target.Opened, o Options) (*Soaker, error) {
	if t.Subject.Clock == nil {
		return nil, errors.New("the clock of this store cannot be moved, and nobody waits for a year" + because(t.Time.Why))
	}
	store, err := t.Subject.Open(ctx)
	if err != nil {
		return nil, err
	}
	return &Soaker{Options: o, store: store, clock: t.Subject.Clock, alive: t.Subject.Alive, dir: t.Subject.Dir, rand: rand.New(rand.NewPCG(o.Seed, o.Seed))}, nil
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// Run lets the days pass and hands each sample to see, the first one before the first day. It returns the first error of a call.
func (s *Soaker) Run(ctx context.Context, see func(Sample)) error {
	for d := 0; ; d++ {
		if d%between == 0 || d == s.Days {
			sample, err := s.look(ctx, d)
			if err != nil {
				return err
			}
			see(sample)
		}
		if d == s.Days {
			return nil
		}
		for n := range steps {
			share := s.Visitors * (n + 1) / steps
			if err := s.visitors(ctx, share-s.Visitors*n/steps); err != nil {
				return fmt.Errorf("day %d: %w", d, err)
			}
			s.clock.Advance(day / steps)
		}
	}
}

// visitors lets some come anew, as many come back, and a third log out.
func (s *Soaker) visitors(ctx context.Context, n int) error {
	now := s.clock.Now()
	s.known = slices.DeleteFunc(s.known, func(v visit) bool { return !v.ends.After(now.Add(time.Minute)) })
	s.rand.Shuffle(len(s.known), func(i, j int) { s.known[i], s.known[j] = s.known[j], s.known[i] })
	back := min(n, len(s.known))
	gone := min(n/3, len(s.known)-back)
	leaving := slices.Clone(s.known[back : back+gone])
	s.known = slices.Delete(s.known, back, back+gone)
	var calls []func() error
	for i := range back {
		v := &s.known[i]
		v.ends = now.Add(life)
		id := v.id
		calls = append(calls, func() error { return s.comesBack(ctx, id, now) })
	}
	for _, v := range leaving {
		calls = append(calls, func() error { return named("destroy", s.store.Destroy(ctx, v.id)) })
	}
	for range n {
		id := fmt.Sprintf("soak%016x%012x", s.rand.Uint64(), s.rand.Uint64()>>16)
		s.known = append(s.known, visit{id, now.Add(life)})
		calls = append(calls, func() error { return named("set", s.store.Set(ctx, id, session(now, id))) })
	}
	return atTheSameTime(calls)
}

// comesBack reads a session, and prolongs it as the end of a request does.
func (s *Soaker) comesBack(ctx context.Context, id string, now time.Time) error {
	start := time.Now()
	found, err := s.store.Get(ctx, id)
	took := time.Since(start)
	s.mu.Lock()
	s.times = append(s.times, took)
	s.mu.Unlock()
	if spec.IsMissing(found, err) {
		return fmt.Errorf("get of a session that lives until %s finds nothing", now.Add(life).Format(time.DateOnly))
	}
	if err != nil {
		return named("get", err)
	}
	if toucher, ok := s.store.(spec.Toucher); ok && spec.CapabilitiesOf(s.store).Touch {
		return named("touch", toucher.Touch(ctx, id, session(now, id)))
	}
	return named("set", s.store.Set(ctx, id, session(now, id)))
}

func named(method string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", method, err)
}

func session(now time.Time, id string) *spec.Session {
	cookie := spec.NewCookie()
	cookie.SetMaxAge(now, life)
	session := spec.NewSession(cookie)
	_ = session.Set("user", id) // a text has JSON
	_ = session.Set("cart", strings.Repeat("tea and books ", 30))
	return session
}

// atTheSameTime makes some calls, a few at a time, and returns the first error.
func atTheSameTime(calls []func() error) error {
	errs := make([]error, len(calls))
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for i, call := range calls {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			errs[i] = call()
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

// look looks at what the store holds.
func (s *Soaker) look(ctx context.Context, d int) (Sample, error) {
	now := s.clock.Now()
	sample := Sample{Day: d}
	if s.alive != nil {
		if err := s.alive(ctx); err != nil {
			return sample, err
		}
	}
	for _, v := range s.known {
		if v.ends.After(now) {
			sample.Living++
		}
	}
	if spec.CapabilitiesOf(s.store).Length {
		n, err := s.store.(spec.Counter).Length(ctx)
		if err != nil {
			return sample, named("length", err)
		}
		sample.Length = figure(n)
	}
	if s.dir != "" {
		files, bytes := 0, int64(0)
		_ = filepath.WalkDir(s.dir, func(_ string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				if info, err := e.Info(); err == nil {
					files, bytes = files+1, bytes+info.Size()
				}
			}
			return nil // a file may go while it is looked at
		})
		if files > 0 || d > 0 && bytes > 0 {
			sample.Files, sample.Bytes = figure(files), figure(bytes)
		}
	}
	if held, ok, err := s.memory(ctx); err != nil {
		return sample, err
	} else if ok {
		sample.Memory = figure(held)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.times) > 0 {
		slices.Sort(s.times)
		sample.CallMs = float64(s.times[len(s.times)/2]) / float64(time.Millisecond)
		s.times = nil
	}
	return sample, nil
}

func figure[N int | int64 | uint64](n N) *float64 { return new(float64(n)) }

// memory is the heap of the store's process. ok is false for a process that does not show it.
func (s *Soaker) memory(ctx context.Context) (held uint64, ok bool, err error) {
	prober, apart := s.store.(probe.Prober)
	if !apart {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, true, nil
	}
	if !prober.Features().Resources {
		return 0, false, nil
	}
	out, err := prober.Do(ctx, probe.Call{Method: "resources"})
	if err != nil {
		return 0, false, err
	}
	var shown struct {
		HeapUsed float64 `json:"heapUsed"`
	}
	if err := json.Unmarshal(out.Value, &shown); err != nil {
		return 0, false, fmt.Errorf("the resources of the process: %w", err)
	}
	return uint64(shown.HeapUsed), true, nil
}
