package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

type server struct {
	options Options

	mu     sync.Mutex
	stores map[string]*opened
	last   int // of the instances
	seen   []probe.Event

	live live
}

// opened is a store that is open.
type opened struct {
	spec.Store
	has spec.Capabilities
	env *Env
	// measure is made when the store is measured first.
	measure func(context.Context, json.RawMessage) (any, error)
}

func newServer(o Options) *server {
	return &server{options: o, stores: map[string]*opened{}, live: live{objects: map[probe.Handle]object{}}}
}

// serve answers requests until the input ends. The requests that are not answered by then are given up.
func (s *server) serve(ctx context.Context, requests *wire.LineReader, replies *wire.Outbox) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	defer requests.Release()
	handlers := s.handlers()
	for {
		line, err := requests.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if id, params, plain := wire.CutCall(line); plain {
			id, params := bytes.Clone(id), bytes.Clone(params)
			go s.answerCall(ctx, id, params, replies) // nobody waits for a store that never returns
			continue
		}
		m, refused := parseRequest(line)
		handle := handlers[deref(m.Method)]
		if refused == nil && handle == nil {
			refused = wire.Refusal(wire.CodeUnknownMethod, "method not found")
		}
		running.Go(func() {
			answer := wire.Outgoing{Version: "2.0", ID: m.ID, Error: refused}
			if refused == nil {
				if result, err := handle(ctx, m.Params); err != nil {
					answer.Error = wire.RefusalOf(err)
				} else {
					answer.Result = result
				}
			}
			send(ctx, answer, replies)
		})
	}
}

// send sends a reply, unless nobody may read any more.
func send(ctx context.Context, answer wire.Outgoing, replies *wire.Outbox) {
	text, err := json.Marshal(answer)
	if err != nil {
		text, _ = json.Marshal(wire.Outgoing{Version: "2.0", ID: answer.ID, Error: wire.RefusalOf(err)})
	}
	if ctx.Err() == nil {
		replies.Send(text)
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// parseRequest reads a message, and returns the error that answers one that is no request.
func parseRequest(line []byte) (m wire.Incoming, refused *wire.ReplyError) {
	err := json.Unmarshal(line, &m)
	switch {
	case err != nil:
		m, refused = wire.Incoming{}, wire.Refusal(wire.CodeNoJSON, "the message cannot be read: %v", err)
	case m.Version != "2.0":
		refused = wire.Refusal(wire.CodeBadRequest, `the member jsonrpc is not "2.0"`)
	case deref(m.Method) == "":
		refused = wire.Refusal(wire.CodeBadRequest, "a request needs a method")
	case m.ID == nil || string(m.ID) == "null":
		refused = wire.Refusal(wire.CodeBadRequest, "a request needs an id")
	}
	return m, refused
}

// A handler answers the requests of one method. Its error is a *wire.ReplyError, or the code is that of the system.
type handler func(ctx context.Context, params json.RawMessage) (result any, err error)

// handles makes a handler of a function with its params and its result.
func handles[P, R any](f func(context.Context, P) (R, error)) handler {
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		var params P
		if text != nil {
			if err := json.Unmarshal(text, &params); err != nil {
				return nil, wire.Refusal(wire.CodeBadParams, "invalid parameters: %v", err)
			}
		}
		return f(ctx, params)
	}
}

func (s *server) handlers() map[string]handler {
	return map[string]handler{
		"hello":  handles(s.hello),
		"open":   handles(s.open),
		"call":   handles(s.call),
		"bench":  s.bench,
		"change": handles(s.change),
		"read":   handles(s.read),
		"place":  handles(s.place),
		"events": handles(s.events),
		"ping":   handles(func(context.Context, wire.Empty) (wire.Empty, error) { return wire.Empty{}, nil }),
		"close":  handles(s.close),
	}
}

func (s *server) hello(_ context.Context, p wire.HelloParams) (*wire.HelloResult, error) {
	if p.Protocol != wire.Version {
		return nil, wire.Refusal(wire.CodeVersion, "protocol %d is asked for, %d is spoken", p.Protocol, wire.Version)
	}
	o := s.options
	return &wire.HelloResult{Protocol: wire.Version, Info: wire.Info{
		Name: o.Name, Version: o.Version, Language: "go", Runtime: runtime.Version(),
		Homepage: o.Homepage, Issues: o.Issues, Properties: o.Properties,
		Features: probe.Features{Bench: o.Bench != nil, Place: true, Handles: true},
	}}, nil
}

func (s *server) open(ctx context.Context, p wire.OpenParams) (r *wire.OpenResult, err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case notOpened:
			r, err = nil, wire.Refusal(wire.CodeOpen, "%v", v.error)
		default:
			r, err = nil, wire.Refusal(wire.CodeOpen, "panic: %v", v).WithStack(debug.Stack())
		}
	}()
	env := NewEnv(p)
	store, err := s.options.Open(ctx, env)
	if err != nil {
		return nil, wire.Refusal(wire.CodeOpen, "%v", err)
	}
	o := &opened{Store: store, has: spec.CapabilitiesOf(store), env: env}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	instance := strconv.Itoa(s.last)
	s.stores[instance] = o
	return &wire.OpenResult{Instance: instance, Capabilities: &o.has, Surface: probe.Surface{Class: fmt.Sprintf("%T", store)}}, nil
}

// instance returns an open store.
func (s *server) instance(name string) (*opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.stores[name]; ok {
		return o, nil
	}
	return nil, wire.Refusal(wire.CodeUnknown, "no instance %q is open", name)
}

func (s *server) place(_ context.Context, p wire.PlaceParams) (wire.Place, error) {
	o, err := s.instance(p.Instance)
	if err != nil {
		return wire.Place{}, err
	}
	return o.env.place(), nil
}

// events tells which options the stores have read. Nothing else that happens outside of an answer can be seen.
func (s *server) events(context.Context, wire.Empty) (wire.EventsResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for instance, o := range s.stores {
		s.note(instance, o)
	}
	r := wire.EventsResult{Events: append([]probe.Event{}, s.seen...)}
	s.seen = nil
	return r, nil
}

// note notes which options a store has read. The caller holds the lock.
func (s *server) note(instance string, o *opened) {
	for _, name := range o.env.options() {
		s.seen = append(s.seen, probe.Event{Kind: "option", Text: name, Instance: instance})
	}
}

func (s *server) close(_ context.Context, p wire.CloseParams) (wire.Empty, error) {
	o, err := s.instance(p.Instance)
	if err != nil {
		return wire.Empty{}, err
	}
	s.mu.Lock()
	s.note(p.Instance, o)
	delete(s.stores, p.Instance)
	s.mu.Unlock()
	return wire.Empty{}, closeStore(o.Store)
}

func (s *server) closeAll() error {
	var errs []error
	for _, o := range s.stores {
		errs = append(errs, closeStore(o.Store))
	}
	return errors.Join(errs...)
}

func closeStore(store spec.Store) error {
	if c, ok := store.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// bench measures a store.
func (s *server) bench(ctx context.Context, params json.RawMessage) (any, error) {
	if s.options.Bench == nil {
		return nil, wire.Refusal(wire.CodeCannot, "this program measures nothing")
	}
	var p wire.BenchParams
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, wire.Refusal(wire.CodeBadParams, "invalid parameters: %v", err)
	}
	o, err := s.instance(p.Instance)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	if o.measure == nil {
		o.measure = s.options.Bench(o.Store)
	}
	measure := o.measure
	s.mu.Unlock()
	r, err := measure(ctx, params)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return r, wire.Refusal(wire.CodeCannot, "%v", err)
	case err != nil && ctx.Err() == nil:
		return r, wire.Refusal(wire.CodeBadParams, "%v", err)
	}
	return r, err
}
