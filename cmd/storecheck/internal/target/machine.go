package target

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/backend/shift"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
)

// solitude is the clock and the server of the stores that have both for themselves. It is lent to one store after the other.
type solitude struct {
	lent   sync.Mutex // held from the opening of a store to its closing
	clock  *shift.Clock
	server *backend.Server // nil for none
	idle   *bridge.Process // in which another store can be opened; nil for none
}

// A machine is one store's use of the solitude.
type machine struct {
	*solitude
	again   bool // the process can have another store when this one is closed
	process *bridge.Process
	proxy   *backend.Proxy // nil for none
	place   bridge.OpenParams
	leave   func()
}

// lonely is a store on a machine, which it gives back when it is closed.
type lonely struct {
	*bridge.Alone
	machine *machine
}

// Close closes the store, and its process unless that can have another store. It may be called once.
func (l lonely) Close() error {
	m := l.machine
	err := m.Continue()
	if m.again && err == nil && m.process.Check(context.Background()) == nil {
		m.idle = m.process
		return errors.Join(l.Store.Close(), m.giveBack())
	}
	return errors.Join(err, l.Alone.Close(), m.giveBack())
}

// onMachine opens a store in its own process and its own place, on a clock and a server that nobody else uses.
func (h *host) onMachine(ctx context.Context) (_ spec.Store, _ subject.Machine, err error) {
	m := &machine{solitude: &h.outside.solitude, leave: func() {}}
	m.lent.Lock()
	defer func() {
		if err != nil {
			err = errors.Join(err, m.giveBack())
		}
	}()
	if err := m.furnish(ctx, h.backing); err != nil {
		return nil, nil, err
	}
	if m.place, err = h.disturbed(); err != nil {
		return nil, nil, err
	}
	if m.server != nil {
		m.place.Backend = &bridge.Backend{URL: m.server.URL}
		if !m.server.Secure() {
			if m.proxy, m.place.Backend.URL, err = m.server.Proxy(); err != nil {
				return nil, nil, err
			}
		}
	}
	store, err := h.openLonely(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	m.process, m.again = store.Process, h.anew
	if err := m.follow(ctx); err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return lonely{store, m}, m, nil
}

// openLonely opens the store of a machine, in the process of the store before if that can have another one.
func (h *host) openLonely(ctx context.Context, m *machine) (*bridge.Alone, error) {
	if p := m.idle; p != nil {
		m.idle = nil
		return bridge.OpenAlone(ctx, p, m.place)
	}
	c := h.outside.command
	c.Env = slices.Concat(c.Env, m.clock.Environ())
	return h.openBy(ctx, c, m.place)
}

// furnish makes the clock, and starts a server like another one on it, unless that was done before.
func (s *solitude) furnish(ctx context.Context, like *backend.Server) (err error) {
	if s.clock == nil {
		if s.clock, err = shift.New(ctx); err != nil {
			return err
		}
	}
	if s.server == nil && like != nil {
		s.server, err = backend.StartShifted(context.WithoutCancel(ctx), like.Name, s.clock, "")
	}
	return err
}

// close stops the server and removes the clock.
func (s *solitude) close() error {
	s.lent.Lock()
	defer s.lent.Unlock()
	var errs []error
	if s.server != nil {
		errs = append(errs, s.server.Stop())
	}
	if s.clock != nil {
		errs = append(errs, s.clock.Close())
	}
	s.server, s.clock = nil, nil
	return errors.Join(errs...)
}

// follow has the process follow the clock, as outside.follow does.
func (m *machine) follow(ctx context.Context) error {
	if err := m.clock.Agrees(ctx, 0, shift.Off, m.ask); err != nil {
		return fmt.Errorf("the process of the store: %w", err)
	}
	m.leave = m.clock.Follow(shift.Client, answerTime, shift.Off, m.ask)
	return nil
}

func (m *machine) ask(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return m.process.NowAtRest(ctx)
}

// giveBack ends what the machine is for a store.
func (m *machine) giveBack() (err error) {
	m.leave()
	if m.proxy != nil {
		err = m.proxy.Close()
	}
	if m.clock != nil {
		m.clock.SetDate(0)
	}
	m.lent.Unlock()
	return err
}

func (m *machine) Now() time.Time { return m.clock.Now() }

func (m *machine) Advance(d time.Duration) error {
	if m.server != nil {
		if end := m.server.EndOfTime(); !end.IsZero() && m.clock.Now().Add(d).After(end) {
			return fmt.Errorf("the server has no time after %s: %w", end.Format(time.DateOnly), errors.ErrUnsupported)
		}
	}
	m.clock.Advance(d)
	return m.clock.Err()
}

func (m *machine) SetDate(ahead time.Duration) error {
	m.clock.SetDate(ahead)
	return m.clock.Err()
}

func (m *machine) Stop() error {
	m.leave()
	m.leave = func() {}
	return m.process.Stop()
}

func (m *machine) Continue() error {
	if err := m.process.Continue(); err != nil {
		return err
	}
	m.leave()
	err := m.follow(context.Background())
	_, _ = m.ask(context.Background()) // the timers that the first question has made due have fired
	return err
}

func (m *machine) Drop(ctx context.Context) error {
	if m.proxy == nil {
		return errors.ErrUnsupported
	}
	m.again = false // what the drop has done to the store may show later
	if err := m.proxy.Drop(ctx); err != nil {
		return err
	}
	for range 2 {
		_, _ = m.ask(ctx) // when it answers the second time, it has heard what had come before the first
	}
	return nil
}

func (m *machine) Records(ctx context.Context) (map[string]int, error) {
	n := map[string]int{}
	err := filepath.WalkDir(m.place.Dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n["files"]++
		}
		if errors.Is(err, fs.ErrNotExist) { // the store has removed it just now
			return nil
		}
		return err
	})
	if err != nil || m.server == nil {
		return n, err
	}
	count, what, err := m.server.Count(ctx, m.place.Namespace)
	if what != "" {
		n[what] = count
	}
	return n, err
}
