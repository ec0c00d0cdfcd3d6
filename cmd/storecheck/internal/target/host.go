package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/schema"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/runname"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
	"github.com/storecheck/storecheck/spec/profile"
)

// A host runs a store in its own processes and makes a subject of the store.
type host struct {
	options bridge.Options
	command bridge.Command
	params  bridge.OpenParams // for the instances under test
	dir     string            // a temporary folder; close removes it
	limits  bool              // the processes can be told that their disk is full
	apart   bool              // each further instance has its own process, as behind a load balancer
	single  bool              // one instance is open at a time
	alone   bool              // each of its stores has a process to itself
	anew    bool              // its factory makes a store anew each time, so that a process can have one store after another
	idle    idle
	races   string          // the folder of what the race detector reports, or empty
	backing *backend.Server // the server that the store uses, or nil
	outside *outside        // what lives by the clock of the machine when that of the stores is moved; nil where it is not
	name    runname.Name    // the beginning of all namespaces
	traces  *traces         // on a server of the user's, or nil
	took    string          // what the store was taken for, and why, where nobody has said it
	stopped func() bool     // the run was stopped: nobody waits for a store that closes

	folder     sync.Once // whether the store keeps namespaces apart in one folder is tried once
	namespaced bool

	replacing sync.Mutex      // held while current is replaced
	current   *bridge.Process // for the instances without their own process

	mu        sync.Mutex
	first     *bridge.Store // open, but not returned to the suite yet
	told      *bridge.Store // the first store, which tells the events of its process for as long as that lives
	processes []*bridge.Process
	closed    bool
}

// newHost makes a host with a temporary folder. The caller sets the command.
func newHost(o Options) (*host, error) {
	dir, err := os.MkdirTemp("", "storecheck-")
	if err != nil {
		return nil, fmt.Errorf("no temporary folder: %w", err)
	}
	h := &host{
		dir: dir, options: bridge.Options{Suite: Version, CallTimeout: o.CallTimeout}, name: cmp.Or(o.Run, runname.New()),
		stopped: func() bool { return false },
	}
	if o.Validate {
		h.options.Check, err = schema.NewChecker()
	}
	if err == nil {
		h.params, err = h.place()
	}
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.params.Options = o.Config
	return h, nil
}

// place returns a namespace and a folder that no other instance has, where the suite watches.
func (h *host) place() (bridge.OpenParams, error) {
	return h.placeBelow(filepath.Join(h.work(), "data"))
}

func (h *host) placeBelow(dir string) (bridge.OpenParams, error) {
	namespace := h.name.Namespace()
	dir = filepath.Join(dir, namespace)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return bridge.OpenParams{}, errStopped
	}
	return bridge.OpenParams{Namespace: namespace, Dir: dir}, os.MkdirAll(dir, 0o700)
}

// work is the folder that the suite watches. node.Command puts the working folder of the process there too.
func (h *host) work() string { return filepath.Join(h.dir, "work") }

// start starts the first process, opens the first instance, and describes both.
func (h *host) start(ctx context.Context, name string) (*Opened, error) {
	h.stopped = func() bool { return ctx.Err() != nil }
	p, err := h.process(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkGranularity(time.Duration(p.Info().Properties.Granularity)); err != nil {
		return nil, err
	}
	store, err := p.Open(ctx, h.params)
	if err != nil {
		return nil, err
	}
	h.first, h.told, h.current = store, store, p
	killable, err := h.killable()
	if err != nil {
		return nil, err
	}
	inZone, err := h.zones()
	if err != nil {
		return nil, err
	}
	info := p.Info()
	var server *report.Server
	var limits []backend.Limit
	if b := h.backing; b != nil {
		server = &report.Server{Program: b.Program, Version: b.Version, Emulator: b.Emulator}
		limits = b.Limits()
	}
	s := conformance.Subject{
		Clock: h.outside.clock(), Name: name, Open: h.open, OpenProcess: killable, OpenInZone: inZone, Dir: h.work(), AddedKeys: info.Properties.AddedKeys,
		Granularity: time.Duration(info.Properties.Granularity),
		Durable:     isTrue(info.Properties.Durable), Shared: isTrue(info.Properties.Shared), Disposable: isTrue(info.Properties.Disposable),
	}
	return &Opened{
		Name: name, Version: info.Version, Runtime: info.Runtime, Capabilities: store.Capabilities(), Server: server, limits: limits, Subject: s,
		Profile: profile.Default,
		Notes:   h.notes, Close: h.close,
	}, nil
}

// back gives the stores their server.
func (h *host) back(ctx context.Context, s *backend.Server) {
	h.backing, h.params.Backend = s, &bridge.Backend{URL: s.URL}
	if s.Own {
		h.traces = leaveTraces(ctx, s, h.name)
	}
}

// backOwn gives the stores of a target without a recipe the server that the command line names, if it names one.
func (h *host) backOwn(ctx context.Context, o Options) error {
	if len(o.Backends) == 0 {
		return nil
	}
	s, err := backend.Parse(o.Backends[0])
	if err == nil {
		err = s.Check(ctx)
	}
	if err == nil {
		h.back(ctx, s)
	}
	return err
}

// settle completes the subject: it applies the claims of the command line, and derives what follows from them.
func (h *host) settle(s *conformance.Subject, o Options) {
	s.Disposable = s.Disposable && (h.backing == nil || !h.backing.Own)
	o.claims(s)
	if h.backing != nil || h.outside != nil {
		s.Alive = h.alive
	}
	if h.backing != nil && !h.backing.Secure() {
		s.Faulty = h.faulty // this does no harm to a user's server: only connections of the run are disturbed
	}
	switch {
	case h.backing == nil && h.limits:
		s.Refusing = h.limited
	case h.backing != nil && h.backing.CanRefuse():
		s.Refusing = h.refusing
	}
	h.apart = s.Durable || s.Shared
	if h.outside != nil {
		s.OpenMovedInZone = h.movedInZone
		if h.backing != nil {
			s.ClockEnds = h.backing.EndOfTime()
		}
	}
	h.single = !s.Shared
	if s.OpenForeign == nil {
		s.OpenForeign = h.openOwnForeign
	}
}

var errStopped = errors.New("the run was stopped")

func isTrue(b *bool) bool { return b != nil && *b }

func (h *host) process(ctx context.Context) (*bridge.Process, error) {
	return h.processOf(ctx, h.command)
}

func (h *host) processOf(ctx context.Context, c bridge.Command) (*bridge.Process, error) {
	p, err := bridge.Start(ctx, c, h.options)
	if err != nil {
		return nil, err
	}
	if err := h.outside.follow(ctx, c, p); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	h.mu.Lock()
	closed := h.closed
	h.processes = append(h.processes, p)
	h.mu.Unlock()
	if closed {
		return nil, errors.Join(errStopped, p.Close())
	}
	return p, nil
}

// open returns the first instance, and later opens further ones.
func (h *host) open(ctx context.Context) (spec.Store, error) {
	h.mu.Lock()
	first := h.first
	h.first = nil
	h.mu.Unlock()
	if first != nil {
		return first, nil
	}
	if !h.apart {
		return h.openShared(ctx, h.params)
	}
	if h.anew {
		return h.openAgain(ctx, h.params)
	}
	alone, err := h.openApart(ctx, h.params)
	if err == nil && h.single {
		// A separate store is opened beside it, where a cache of the whole process shows.
		h.replacing.Lock()
		h.current = alone.Process
		h.replacing.Unlock()
	}
	return alone, err
}

// killable returns a function that opens the store in a process for the suite to kill. All these processes share a place of their own, so that
// no other instance, and nothing that the suite watches, meets what a kill leaves behind.
func (h *host) killable() (func(context.Context) (subject.Process, error), error) {
	params := h.params
	place, err := h.placeBelow(filepath.Join(h.dir, "killed"))
	params.Namespace, params.Dir = place.Namespace, place.Dir
	return func(ctx context.Context) (subject.Process, error) {
		o, err := h.apartFrom(ctx, params)
		if err != nil {
			return nil, err
		}
		return h.openBy(ctx, o.command, o.params)
	}, err
}

func (h *host) openShared(ctx context.Context, params bridge.OpenParams) (spec.Store, error) {
	p, err := h.shared(ctx)
	if err != nil {
		return nil, err
	}
	return p.Open(ctx, params)
}

// shared returns the process for the instances without their own process. If the store has taken that process down, shared starts another.
func (h *host) shared(ctx context.Context) (*bridge.Process, error) {
	h.replacing.Lock()
	defer h.replacing.Unlock()
	err := h.current.Check(ctx)
	if errors.Is(err, probe.ErrDied) {
		var p *bridge.Process
		if p, err = h.process(ctx); err == nil {
			h.current = p
		}
	}
	return h.current, err
}

func (h *host) openSecret(ctx context.Context, secret string) (spec.Store, error) {
	params := h.params
	params.Secret = secret
	return h.openShared(ctx, params)
}

// faulty opens a store in its own process and its own place. The store reaches the server through a proxy.
func (h *host) faulty(ctx context.Context) (spec.Store, subject.Link, error) {
	params, err := h.disturbed()
	if err != nil {
		return nil, nil, err
	}
	o, err := h.apartFrom(ctx, params)
	if err != nil {
		return nil, nil, err
	}
	proxy, address, err := o.backing.Proxy()
	if err != nil {
		return nil, nil, err
	}
	params.Backend = &bridge.Backend{URL: address}
	store, err := h.openBy(ctx, o.command, params)
	if err != nil {
		return nil, nil, errors.Join(err, proxy.Close())
	}
	other := func(ctx context.Context) (spec.Store, error) { return h.openAnew(ctx, o) }
	return proxied{store, proxy}, bypass{proxy, other}, nil
}

// openApart opens an instance in its own process.
func (h *host) openApart(ctx context.Context, params bridge.OpenParams) (*bridge.Alone, error) {
	return h.openBy(ctx, h.command, params)
}

// openBy opens an instance in its own process, which a command starts.
func (h *host) openBy(ctx context.Context, c bridge.Command, params bridge.OpenParams) (*bridge.Alone, error) {
	p, err := h.processOf(ctx, c)
	if err != nil {
		return nil, err
	}
	return bridge.OpenAlone(ctx, p, params)
}

// proxied is an instance that closes its proxy when it is closed.
type proxied struct {
	*bridge.Alone
	proxy *backend.Proxy
}

func (p proxied) Close() error { return errors.Join(p.Alone.Close(), p.proxy.Close()) }

// bypass is a proxy, together with a way to open a store without it.
type bypass struct {
	*backend.Proxy
	open func(context.Context) (spec.Store, error)
}

func (b bypass) Open(ctx context.Context) (spec.Store, error) { return b.open(ctx) }

// nodeProcess is how Node begins a warning.
var nodeProcess = regexp.MustCompile(`\(node:\d+\)`)

func (h *host) notes() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[string]bool{}
	notes := h.traces.told()
	if h.took != "" {
		notes = append(notes, h.took)
	}
	if b := h.backing; b != nil && b.Emulator {
		notes = append(notes, fmt.Sprintf("the server is an emulator of %s, %s %s: a failure may be its own", b.Name, b.Program, b.Version))
	}
	for _, p := range h.processes {
		for _, n := range p.Notes() {
			// Each process says the same, with its own number in front.
			if same := nodeProcess.ReplaceAllString(n.Text, ""); !seen[same] {
				seen[same] = true
				notes = append(notes, n.Text)
			}
		}
	}
	return notes
}

func (h *host) close() error {
	h.mu.Lock()
	h.closed = true
	processes := h.processes
	h.mu.Unlock()
	errs := make([]error, len(processes))
	var closing sync.WaitGroup
	for i, p := range processes {
		end := p.Close
		if h.stopped() {
			end = p.Kill
		}
		closing.Go(func() { errs[i] = end() })
	}
	closing.Wait()
	return errors.Join(append(errs, h.outside.close(), h.traces.remove(), os.RemoveAll(h.dir))...)
}
