package mutants

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/storecheck/storecheck/backend/shift"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

// shifted reports whether every store for Node is to live by a clock that is moved, as with storecheck run --time shifted.
var shifted = os.Getenv("STORECHECK_TIME") == "shifted"

// A movedTime is the clock of the stores of a run, which the suite moves. A nil movedTime leaves them in real time.
type movedTime struct{ clock *shift.Clock }

// moveTime returns the clock of a store of folder js. Those with a fault of the calendar have one in any case. A server of this process lives by the
// clock of the machine, and so does a store that needs it.
func moveTime(ctx context.Context, file string) (*movedTime, error) {
	years := slices.ContainsFunc(javaScriptCalendar, func(m JavaScriptMutant) bool { return m.File == file })
	if !shifted && !years || needsServer(file) || shift.Look() != nil {
		return nil, nil //nolint:nilnil,nilerr // real time then
	}
	c, err := shift.New(ctx)
	if err != nil {
		return nil, err
	}
	return &movedTime{c}, nil
}

func (m *movedTime) close() error {
	if m == nil {
		return nil
	}
	return m.clock.Close()
}

// command returns the command for a process that lives by the clock.
func (m *movedTime) command(c bridge.Command) bridge.Command {
	if m != nil {
		c.Env = slices.Concat(c.Env, m.clock.Environ())
	}
	return c
}

// claim says of a store, which lives in a process, what is true of it because of the clock. plain starts a process on the clock of the machine.
func (m *movedTime) claim(s *conformance.Subject, plain bridge.Command, process *bridge.Process, place func(string) bridge.OpenParams) {
	if m == nil {
		return
	}
	m.clock.Follow(shift.Client, time.Second, shift.Off, process.NowAtRest)
	s.Clock, s.Alive = m.clock, func(context.Context) error { return m.clock.Err() }
	real, zone := place("real"), place("zone")
	s.OpenReal = openWith(plain, real)
	s.OpenMovedInZone = func(ctx context.Context, name string) (spec.Store, error) {
		c := m.command(plain)
		c.Env = append(slices.Clone(c.Env), "TZ="+name)
		return openWith(c, zone)(ctx)
	}
}

func openWith(c bridge.Command, params bridge.OpenParams) func(context.Context) (spec.Store, error) {
	return func(ctx context.Context) (spec.Store, error) {
		p, err := bridge.Start(ctx, c, bridge.Options{})
		if err != nil {
			return nil, err
		}
		return bridge.OpenAlone(ctx, p, params)
	}
}
