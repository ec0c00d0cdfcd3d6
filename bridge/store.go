package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// A Store is a store that a [Process] holds. It is safe for concurrent use. Many stores can be open in one process.
//
// The methods of spec.Store and its optional companions are plain calls. They return the store's answer. A [*probe.Failure] is an error of the
// store: it called back with an error, threw, never called back, or gave a result that the method does not have. Every other error
// satisfies errors.Is(err, probe.ErrBroken) or is the context's. The methods of probe.Prober show everything that the process saw.
type Store struct {
	p            *Process
	instance     string
	capabilities spec.Capabilities
	surface      probe.Surface
	closeOnce    sync.Once
	closeErr     error
	driverOnce   sync.Once
	driven       *bench.Driver // by this process
}

var (
	_ spec.Store   = (*Store)(nil)
	_ spec.Toucher = (*Store)(nil)
	_ spec.Lister  = (*Store)(nil)
	_ spec.Clearer = (*Store)(nil)
	_ spec.Counter = (*Store)(nil)
	_ spec.Capable = (*Store)(nil)
	_ probe.Prober = (*Store)(nil)
)

// Open opens a store in the process. The error is a [*HostError] if its factory threw.
func (p *Process) Open(ctx context.Context, params OpenParams) (*Store, error) {
	var r wire.OpenResult
	if err := p.request(ctx, "open", params, &r, p.opts.OpenTimeout); err != nil {
		return nil, err
	}
	switch {
	case r.Instance == "":
		return nil, p.lacks("open", "instance")
	case r.Capabilities == nil:
		return nil, p.lacks("open", "capabilities")
	}
	r.Surface.Class = limitName(r.Surface.Class)
	return &Store{p: p, instance: r.Instance, capabilities: *r.Capabilities, surface: r.Surface}, nil
}

// Close closes the store. The process lives on. A second call does nothing and returns the same error, which is a [*probe.Failure] if the
// store failed to close.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		const patience = 10 * time.Second // for the store, as the Node host has it
		var r wire.CloseResult
		err := s.p.request(context.Background(), "close", wire.CloseParams{Instance: s.instance}, &r, max(patience, s.p.opts.CallTimeout)+s.p.opts.Grace)
		var broken *Broken
		switch {
		case errors.As(err, &broken) && broken.Kind == Closed:
			err = nil
		case err == nil && r.Thrown != nil:
			limitFault(r.Thrown)
			err = &probe.Failure{Method: "close", How: "failed with", Fault: r.Thrown}
		}
		s.closeErr = err
	})
	return s.closeErr
}

// Capabilities returns the optional methods that the process found in the store.
func (s *Store) Capabilities() spec.Capabilities { return s.capabilities }

// Get returns the session stored under id, nil if the store answers undefined or null.
func (s *Store) Get(ctx context.Context, id string) (*spec.Session, error) {
	o, err := s.plain(ctx, true, probe.Call{Method: "get", ID: id})
	if err != nil || missing(o) {
		return nil, err
	}
	session, err := spec.ParseSession(o.Value)
	if err != nil {
		return nil, oddResult("get", "session", o.Kind, o.Value)
	}
	return session, nil
}

// Set stores a session.
func (s *Store) Set(ctx context.Context, id string, session *spec.Session) error {
	_, err := s.plain(ctx, true, probe.Call{Method: "set", ID: id, Session: session.JSON()})
	return err
}

// Destroy removes a session.
func (s *Store) Destroy(ctx context.Context, id string) error {
	_, err := s.plain(ctx, true, probe.Call{Method: "destroy", ID: id})
	return err
}

// Touch prolongs a session.
func (s *Store) Touch(ctx context.Context, id string, session *spec.Session) error {
	_, err := s.plain(ctx, s.capabilities.Touch, probe.Call{Method: "touch", ID: id, Session: session.JSON()})
	return err
}

// All returns the sessions of the store. The store may answer with an array of sessions, or with an object that has them by id.
func (s *Store) All(ctx context.Context) ([]*spec.Session, error) {
	o, err := s.plain(ctx, s.capabilities.All, probe.Call{Method: "all"})
	if err != nil {
		return nil, err
	}
	sessions := []*spec.Session{}
	if !eachElement(o.Value, func(element json.RawMessage) bool {
		session, err := spec.ParseSession(element)
		sessions = append(sessions, session)
		return err == nil
	}) {
		return nil, oddResult("all", "list of sessions", o.Kind, o.Value)
	}
	return sessions, nil
}

// eachElement calls f with the elements of an array or the values of an object, until f returns false. It returns false also if text is
// neither.
func eachElement(text json.RawMessage, f func(json.RawMessage) bool) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	open, err := d.Token()
	if err != nil || open != json.Delim('[') && open != json.Delim('{') {
		return false
	}
	for d.More() {
		if open == json.Delim('{') {
			if _, err := d.Token(); err != nil {
				return false
			}
		}
		var element json.RawMessage
		if d.Decode(&element) != nil || !f(element) {
			return false
		}
	}
	return true
}

// Clear removes every session of the store.
func (s *Store) Clear(ctx context.Context) error {
	_, err := s.plain(ctx, s.capabilities.Clear, probe.Call{Method: "clear"})
	return err
}

// Length returns the number of sessions.
func (s *Store) Length(ctx context.Context) (int, error) {
	o, err := s.plain(ctx, s.capabilities.Length, probe.Call{Method: "length"})
	if err != nil {
		return 0, err
	}
	var n *int
	if json.Unmarshal(o.Value, &n) != nil || n == nil {
		return 0, oddResult("length", "integer", o.Kind, o.Value)
	}
	return *n, nil
}

// plain makes a call, if the store has the method, and turns a bad outcome into an error.
func (s *Store) plain(ctx context.Context, has bool, call probe.Call) (probe.Outcome, error) {
	if !has {
		return probe.Outcome{}, fmt.Errorf("bridge: the store has no method %s: %w", call.Method, errors.ErrUnsupported)
	}
	o, err := s.Do(ctx, call)
	if err == nil {
		err = o.Err(call.Method)
	}
	return o, err
}

func missing(o probe.Outcome) bool {
	return o.Kind == "undefined" || o.Kind == "null" || string(o.Value) == "null"
}

// oddResult is the failure of a store that answered with another result than the method has.
func oddResult(method, wanted, kind string, value json.RawMessage) error {
	const most = 200
	text := string(value)
	if len(text) > most {
		text = excerpt.Head(text, most) + "…"
	}
	return &probe.Failure{Method: method, How: "called back with a result that is no " + wanted + ":", Fault: &probe.Fault{Name: kind, Message: text, NotError: true}}
}

// Features returns the features that the process declared.
func (s *Store) Features() probe.Features { return s.p.info.Features }

// Surface describes the store object from outside.
func (s *Store) Surface() probe.Surface { return s.surface }

// withID are the methods whose id is sent even when it is empty.
var withID = map[string]bool{"get": true, "set": true, "destroy": true, "touch": true}

// Do makes one call. Without a timeout of its own probe.Limit counts, or else Options.CallTimeout, or less if the context ends sooner.
func (s *Store) Do(ctx context.Context, call probe.Call) (probe.Outcome, error) {
	if call.Timeout == 0 {
		call.Timeout = s.p.opts.CallTimeout
		if limit, ok := probe.Limit(ctx); ok {
			call.Timeout = limit
		} else if end, ok := ctx.Deadline(); ok {
			call.Timeout = max(min(call.Timeout, time.Until(end)*3/4), time.Millisecond)
		}
	}
	params := wire.CallParams{Instance: s.instance, Call: call, SettleMs: Milliseconds(call.Settle), TimeoutMs: Milliseconds(call.Timeout)}
	if call.ID != "" || withID[call.Method] {
		var ok bool
		if params.ID, ok = wire.EncodeID(call.ID); !ok {
			return probe.Outcome{}, &HostError{Method: call.Method, Code: wire.CodeCannot, Message: fmt.Sprintf("the id %q is no text", call.ID)}
		}
	}
	var r callAnswer
	if err := s.p.request(ctx, "call", params, &r, call.Timeout+call.Settle+s.p.opts.Grace); err != nil {
		return probe.Outcome{}, err
	}
	switch {
	case r.Callbacks == nil:
		return probe.Outcome{}, s.p.lacks(call.Method, "callbacks")
	case *r.Callbacks > 0 && r.Kind == "" && r.Error == nil && r.Thrown == nil && r.Rejected == nil:
		return probe.Outcome{}, s.p.lacks(call.Method, "kind") // a missing session, or a host that forgot the member: nobody can tell
	}
	limitFaults(&r.Outcome)
	r.Outcome.Callbacks, r.Elapsed = *r.Callbacks, time.Duration(r.ElapsedMs)
	return r.Outcome, nil
}

// A callAnswer is the result of a call.
type callAnswer struct {
	wire.CallResult
	Callbacks *int `json:"callbacks"` // hides the embedded one, and is nil if the member is missing
}

// readPlain reads a result without anything special. It reports whether it did.
func (a *callAnswer) readPlain(result []byte) bool {
	o, elapsed, ok := wire.ReadAnswer(result)
	if ok {
		a.Outcome, a.ElapsedMs, a.Callbacks = o, elapsed, new(o.Callbacks)
	}
	return ok
}

// Change sets a member of a live object.
func (s *Store) Change(ctx context.Context, h probe.Handle, path []string, value json.RawMessage) error {
	if len(path) == 0 {
		return &HostError{Method: "change", Code: wire.CodeCannot, Message: "the path to the member is empty"}
	}
	return s.request(ctx, "change", wire.ChangeParams{Handle: h, Path: path, Value: value}, &wire.Empty{})
}

// Read returns the JSON of a live object.
func (s *Store) Read(ctx context.Context, h probe.Handle) (json.RawMessage, error) {
	var r wire.ReadResult
	err := s.request(ctx, "read", wire.ReadParams{Handle: h}, &r)
	if err == nil && r.Value == nil {
		err = s.p.lacks("read", "value")
	}
	return r.Value, err
}

// Events returns the events that the process saw so far, without those that other stores emitted. The process reports each event once;
// all stores of the process share what it reported.
func (s *Store) Events(ctx context.Context) ([]probe.Event, error) {
	s.p.eventsMu.Lock()
	defer s.p.eventsMu.Unlock()
	var r wire.EventsResult
	if err := s.request(ctx, "events", wire.Empty{}, &r); err != nil {
		return nil, err
	}
	for i := range r.Events {
		limitFault(r.Events[i].Fault)
	}
	s.p.events = append(s.p.events, r.Events...)
	return slices.DeleteFunc(slices.Clone(s.p.events), func(e probe.Event) bool {
		return e.Instance != "" && e.Instance != s.instance
	}), nil
}

// Serve starts a web site around the store.
func (s *Store) Serve(ctx context.Context, site probe.Site) (string, error) {
	var r wire.ServeResult
	err := s.request(ctx, "serve", wire.ServeParams{Instance: s.instance, Site: site, MaxAgeMs: Milliseconds(site.MaxAge)}, &r)
	switch {
	case err == nil && r.Thrown == nil && r.URL == "":
		err = s.p.lacks("serve", "url")
	case err == nil && r.Thrown != nil:
		limitFault(r.Thrown)
		err = &probe.Failure{Method: "the set-up of express-session", How: "threw", Fault: r.Thrown}
	}
	return r.URL, err
}

// Unserve ends a web site.
func (s *Store) Unserve(ctx context.Context, url string) error {
	return s.request(ctx, "unserve", wire.UnserveParams{URL: url}, &wire.Empty{})
}

// Place tells which parts of its place the store uses. known is false if the process does not tell.
func (s *Store) Place(ctx context.Context) (place Place, known bool, err error) {
	if !s.Features().Place {
		return Place{}, false, nil
	}
	err = s.request(ctx, "place", wire.PlaceParams{Instance: s.instance}, &place)
	return place, err == nil, err
}

// request makes a request other than a call of the store.
func (s *Store) request(ctx context.Context, method string, params, result any) error {
	return s.p.request(ctx, method, params, result, s.p.opts.CallTimeout+s.p.opts.Grace)
}
