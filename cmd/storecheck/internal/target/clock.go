package target

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/backend/shift"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec"
)

// DefaultTime is the time in which the stores of processes are checked when nobody says one.
const DefaultTime = report.TimeReal

// A Time is the time that a store was checked in, in the words of reports.
type Time struct {
	Used string
	// Why says why it is real although it was to be shifted; empty where it is what was asked for.
	Why string
}

// A wish is the time that the command line asks for; empty for the default.
type wish string

// injected returns the clock of a store in this process, nil for that of the machine. By default it can be moved.
func (w wish) injected() (Time, subject.Clock) {
	if w == report.TimeReal {
		return Time{Used: report.TimeReal}, nil
	}
	return Time{Used: report.TimeShifted}, conformance.NewManualClock()
}

// inGo is the time of a store in Go.
func (w wish) inGo() Time {
	if w == report.TimeReal || w == "" && DefaultTime == report.TimeReal {
		return Time{Used: report.TimeReal}
	}
	return Time{report.TimeReal, "a program in Go asks the machine for the time, and cannot be told another one"}
}

// outside is what lives by the clock of the machine when that of the stores under test is moved, or what moves it. A nil outside is that of a
// host whose stores all live by the clock of the machine.
type outside struct {
	moved   *shift.Clock
	command bridge.Command // that starts a process on the clock of the machine
	idle    idle           // such processes
	own     bool           // stores with a place of their own live by the clock of the machine
	start   func() (*backend.Server, error)

	solitude solitude

	mu     sync.Mutex
	shared *bridge.Process // for the stores of openReal; nil before it is needed
	server *backend.Server // on the clock of the machine; nil before it is needed
	zoned  *backend.Server // in another time zone on the moved clock; nil before it is needed
}

// choose chooses the time that the stores live in, and makes the clock.
func (h *host) choose(ctx context.Context, o Options, r catalog.Recipe) (Time, error) {
	if o.Time == report.TimeReal || o.Time == "" && DefaultTime == report.TimeReal {
		return Time{Used: report.TimeReal}, nil
	}
	if why := cannotMove(o, r); why != nil {
		return Time{report.TimeReal, why.Error()}, nil //nolint:nilerr // it is the reason for real time
	}
	clock, err := shift.New(ctx)
	if err != nil {
		return Time{}, fmt.Errorf("%w\n  hint: --time real does without a clock that is moved", err)
	}
	h.outside = &outside{moved: clock}
	return Time{Used: report.TimeShifted}, nil
}

// cannotMove says why the time of a store cannot be moved.
func cannotMove(o Options, r catalog.Recipe) error {
	switch {
	case len(o.Backends) > 0:
		return errors.New("the clock of a server of your own is not moved")
	case r.RealTime != "":
		return errors.New(r.RealTime)
	case r.Backend != "" && r.Backend != "none":
		return backend.Shifts(r.Backend)
	}
	return shift.Look()
}

// run has a command start the processes of the stores.
func (h *host) run(c bridge.Command) {
	h.command = c
	if h.outside != nil {
		h.outside.command = c
		h.command.Env = slices.Concat(c.Env, h.outside.moved.Environ())
	}
}

// clock is the clock of the stores under test, nil for that of the machine.
func (o *outside) clock() subject.Clock {
	if o == nil {
		return nil
	}
	return o.moved
}

// answerTime is how long a process may take to say its time.
const answerTime = 5 * time.Second

// follow has a process follow the clock if it is to live by it. It fails where the process does not.
func (o *outside) follow(ctx context.Context, c bridge.Command, p *bridge.Process) error {
	if o == nil || !o.moved.Drives(c.Env) {
		return nil
	}
	ask := func(ctx context.Context) (time.Time, error) {
		ctx, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		return p.NowAtRest(ctx)
	}
	if err := o.moved.Agrees(ctx, 0, shift.Off, ask); err != nil {
		return fmt.Errorf("the process of the store: %w\n  hint: --time real does without a clock that is moved", err)
	}
	o.moved.Follow(shift.Client, answerTime, shift.Off, ask)
	return nil
}

// notFollowed says why a program of the user's cannot live by the clock, and gives the clock up then. It is empty for one that can.
func (h *host) notFollowed(ctx context.Context) (why string) {
	if h.outside == nil {
		return ""
	}
	p, err := bridge.Start(ctx, h.command, h.options)
	if err != nil {
		return "" // the next start tells
	}
	defer p.Close() //nolint:errcheck // as above
	switch now, err := p.Now(ctx); {
	case err != nil:
		return ""
	case now.IsZero():
		why = "the program does not tell its time (bridge/PROTOCOL.md, ping)"
	default:
		if err := h.outside.moved.Agrees(ctx, 0, shift.Off, p.Now); err == nil {
			return ""
		}
		why = "the program does not follow a moved clock, as no program in Go does"
	}
	_ = h.outside.close()
	h.outside = nil
	return why
}

// server returns the server of the stores under test: one on their clock, if that is moved.
func (h *host) server(ctx context.Context, name string, o Options, say func(string)) (*backend.Server, error) {
	if h.outside == nil {
		return findServer(ctx, name, o, say)
	}
	h.outside.start = func() (*backend.Server, error) {
		return findServer(context.WithoutCancel(ctx), name, o, func(string) {})
	}
	if brings := backend.Look(name).Brings; brings != "" {
		say(brings)
	}
	say("starting " + name)
	return backend.StartShifted(ctx, name, h.outside.moved, "")
}

// reallyApart has the stores that have a place of their own live by the clock of the machine, and a few checks with a store that openReal opens. Some
// have a clock and a server of their own.
func (h *host) reallyApart(s *conformance.Subject) {
	if h.outside != nil {
		h.outside.own, s.OpenReal, s.OnMachine = true, h.openReal, h.onMachine
		s.MachineDrops = h.backing != nil && !h.backing.Secure()
	}
}

// realBeside has a few checks use a store on the clock of the machine, if a store of the user's with another place is a store of its own.
func (h *host) realBeside(ctx context.Context, s *conformance.Subject) {
	if h.outside == nil {
		return
	}
	if reason, err := lacksPlace(ctx, h.told); err == nil && reason == "" {
		s.OpenReal, s.OnMachine = h.openReal, h.onMachine
		s.MachineDrops = h.backing != nil && !h.backing.Secure()
		h.outside.own = false // the others share a place with nobody knows whom
	}
}

// movedInZone opens a store in a place of its own, in a process that lives by the moved clock and in a time zone. A server with a time zone lives
// there too.
func (h *host) movedInZone(ctx context.Context, zone string) (spec.Store, error) {
	params, err := h.disturbed()
	if err != nil {
		return nil, err
	}
	if h.backing != nil && backend.HasZone(h.backing.Name) {
		server, err := h.outside.inZone(ctx, h.backing.Name, zone)
		if err != nil {
			return nil, err
		}
		params.Backend = &bridge.Backend{URL: server.URL}
	}
	command := h.command
	command.Env = append(slices.Clone(command.Env), "TZ="+zone)
	return h.openBy(ctx, command, params)
}

// inZone returns the server that lives by the moved clock and in a time zone, and starts it first. There is one of them.
func (o *outside) inZone(ctx context.Context, name, zone string) (*backend.Server, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.zoned != nil {
		return o.zoned, nil
	}
	server, err := backend.StartShifted(ctx, name, o.moved, zone)
	if err == nil {
		o.zoned = server
	}
	return server, err
}

// openReal opens a store in a place of its own, on the clock of the machine.
func (h *host) openReal(ctx context.Context) (spec.Store, error) {
	params, err := h.disturbed()
	if err != nil {
		return nil, err
	}
	o, err := h.real(params)
	if err != nil {
		return nil, err
	}
	if h.alone {
		return h.openBy(ctx, o.command, o.params)
	}
	p, err := h.realProcess(ctx)
	if err != nil {
		return nil, err
	}
	return p.Open(ctx, o.params)
}

// realProcess returns a process on the clock of the machine, for several stores.
func (h *host) realProcess(ctx context.Context) (*bridge.Process, error) {
	o := h.outside
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shared != nil && o.shared.Err() == nil {
		return o.shared, nil
	}
	p, err := h.processOf(context.WithoutCancel(ctx), o.command)
	if err == nil {
		o.shared = p
	}
	return p, err
}

// An apart is how a store with a place of its own is opened.
type apart struct {
	command bridge.Command
	idle    *idle
	backing *backend.Server // nil for none
	params  bridge.OpenParams
}

// apartFrom returns how a store with a place of its own is opened.
func (h *host) apartFrom(_ context.Context, params bridge.OpenParams) (apart, error) {
	if h.outside == nil || !h.outside.own {
		return apart{h.command, &h.idle, h.backing, params}, nil
	}
	return h.real(params)
}

// real is apartFrom for a store on the clock of the machine.
func (h *host) real(params bridge.OpenParams) (apart, error) {
	a := apart{h.outside.command, &h.outside.idle, nil, params}
	if h.backing == nil {
		return a, nil
	}
	server, err := h.outside.backing()
	if err == nil {
		a.backing, a.params.Backend = server, &bridge.Backend{URL: server.URL}
	}
	return a, err
}

// openAnew opens an instance in its own process, or in one that has had another store if the store allows that.
func (h *host) openAnew(ctx context.Context, a apart) (spec.Store, error) {
	if h.anew {
		return h.openAgainBy(ctx, a.command, a.idle, a.params)
	}
	return h.openBy(ctx, a.command, a.params)
}

// backing returns the server on the clock of the machine, and starts it first.
func (o *outside) backing() (*backend.Server, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.server != nil {
		return o.server, nil
	}
	server, err := o.start()
	if err == nil {
		o.server = server
	}
	return server, err
}

// alive asks the servers of the stores whether they serve, and the moved clock whether all follow it.
func (h *host) alive(ctx context.Context) error {
	var err error
	if h.backing != nil {
		err = h.backing.Alive(ctx)
	}
	if h.outside == nil || err != nil {
		return err
	}
	if err := h.outside.moved.Err(); err != nil {
		return fmt.Errorf("%w\n  hint: --time real does without a clock that is moved", err)
	}
	h.outside.mu.Lock()
	server := h.outside.server
	h.outside.mu.Unlock()
	if server == nil {
		return nil
	}
	return server.Alive(ctx)
}

// close stops the server on the clock of the machine and removes the moved clock.
func (o *outside) close() error {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var errs []error
	for _, server := range []*backend.Server{o.server, o.zoned} {
		if server != nil {
			errs = append(errs, server.Stop())
		}
	}
	return errors.Join(append(errs, o.solitude.close(), o.moved.Close())...)
}
