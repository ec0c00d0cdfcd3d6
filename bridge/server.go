package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

func (s *server) hello(_ context.Context, p helloParams) (*helloResult, error) {
	if p.Protocol != Version {
		return nil, refusal(codeVersion, "protocol %d is asked for, %d is spoken", p.Protocol, Version)
	}
	o := s.options
	return &helloResult{Protocol: Version, Info: Info{
		Name: o.Name, Version: o.Version, Language: "go", Runtime: runtime.Version(),
		Homepage: o.Homepage, Issues: o.Issues, Properties: o.Properties,
		Features: probe.Features{Bench: true},
	}}, nil
}

func (s *server) open(ctx context.Context, p OpenParams) (r *openResult, err error) {
	defer func() {
		if v := recover(); v != nil {
			r, err = nil, refusal(codeOpen, "panic: %v", v).withStack(debug.Stack())
		}
	}()
	store, err := s.options.Open(ctx, p)
	if err != nil {
		return nil, refusal(codeOpen, "%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	instance := strconv.Itoa(s.last)
	s.stores[instance] = store
	return &openResult{Instance: instance, Capabilities: new(spec.CapabilitiesOf(store)), Surface: probe.Surface{Class: fmt.Sprintf("%T", store)}}, nil
}

func (s *server) close(_ context.Context, p closeParams) (empty, error) {
	s.mu.Lock()
	store, ok := s.stores[p.Instance]
	delete(s.stores, p.Instance)
	delete(s.drivers, p.Instance)
	s.mu.Unlock()
	if !ok {
		return empty{}, refusal(codeUnknown, "no instance %q is open", p.Instance)
	}
	return empty{}, closeStore(store)
}

func (s *server) closeAll() error {
	var errs []error
	for _, store := range s.stores {
		errs = append(errs, closeStore(store))
	}
	return errors.Join(errs...)
}

func closeStore(store spec.Store) error {
	if c, ok := store.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func noHandles(context.Context, json.RawMessage) (empty, error) {
	return empty{}, refusal(codeCannot, "handles are not offered")
}

// call makes one call and answers when the store has returned or the time is over. A store that never returns keeps its goroutine.
func (s *server) call(ctx context.Context, p callParams) (*callResult, error) {
	s.mu.Lock()
	store, ok := s.stores[p.Instance]
	s.mu.Unlock()
	if !ok {
		return nil, refusal(codeUnknown, "no instance %q is open", p.Instance)
	}
	do, err := plainCall(store, p)
	if err != nil {
		return nil, err
	}
	timeout := time.Duration(p.TimeoutMs)
	if timeout == 0 {
		timeout = Options{}.withDefaults().CallTimeout
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan *callResult, 1)
	start := time.Now()
	go func() {
		var r callResult
		defer func() {
			if v := recover(); v != nil {
				r.Outcome = probe.Outcome{Thrown: &probe.Fault{Name: "panic", Message: fmt.Sprint(v), Stack: string(debug.Stack())}}
			}
			r.ElapsedMs = Milliseconds(time.Since(start))
			done <- &r
		}()
		r.Callbacks = 1
		value, err := do(ctx)
		if err != nil {
			r.Error = faultOf(err)
			return
		}
		r.Kind, r.Value = jsonOf(value)
	}()
	over := make(chan struct{})
	defer awake.AfterFunc(timeout, func() { close(over) }).Stop()
	select {
	case r := <-done:
		return r, nil
	case <-over:
		return &callResult{Outcome: probe.Outcome{TimedOut: true}}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// plainCall returns the call as a function. Its result is a session, a list of sessions, a number or nil.
func plainCall(store spec.Store, p callParams) (func(context.Context) (any, error), error) {
	if p.Expression != "" || p.Plain || p.Frozen || p.Argument != "" || p.Callback != probe.CallbackNormal || p.Keep {
		return nil, refusal(codeCannot, "only plain calls are offered")
	}
	id, err := decodeID(p.ID)
	if err != nil {
		return nil, refusal(codeBadParams, "id: %v", err)
	}
	var session *spec.Session
	if p.Method == "set" || p.Method == "touch" {
		if session, err = spec.ParseSession(p.Session); err != nil {
			return nil, refusal(codeBadParams, "%v", err)
		}
	}
	has := spec.CapabilitiesOf(store)
	switch p.Method {
	case "get":
		return func(ctx context.Context) (any, error) {
			s, err := store.Get(ctx, id)
			if s == nil {
				return nil, err
			}
			return s, err
		}, nil
	case "set":
		return func(ctx context.Context) (any, error) { return nil, store.Set(ctx, id, session) }, nil
	case "destroy":
		return func(ctx context.Context) (any, error) { return nil, store.Destroy(ctx, id) }, nil
	case "touch":
		if has.Touch {
			return func(ctx context.Context) (any, error) { return nil, store.(spec.Toucher).Touch(ctx, id, session) }, nil
		}
	case "all":
		if has.All {
			return func(ctx context.Context) (any, error) { return store.(spec.Lister).All(ctx) }, nil
		}
	case "clear":
		if has.Clear {
			return func(ctx context.Context) (any, error) { return nil, store.(spec.Clearer).Clear(ctx) }, nil
		}
	case "length":
		if has.Length {
			return func(ctx context.Context) (any, error) { return store.(spec.Counter).Length(ctx) }, nil
		}
	}
	return nil, refusal(codeCannot, "the store has no method %q", p.Method)
}

func jsonOf(value any) (kind string, text json.RawMessage) {
	switch v := value.(type) {
	case nil:
		return "undefined", nil
	case *spec.Session:
		return "object", v.JSON()
	case int:
		return "number", strconv.AppendInt(nil, int64(v), 10)
	case []*spec.Session:
		text = append(text, '[')
		for i, session := range v {
			if i > 0 {
				text = append(text, ',')
			}
			if session == nil {
				text = append(text, "null"...)
				continue
			}
			text = session.AppendJSON(text)
		}
		return "array", append(text, ']')
	}
	panic(fmt.Sprintf("bridge: a call returned a %T", value))
}

func faultOf(err error) *probe.Fault {
	f := &probe.Fault{Name: fmt.Sprintf("%T", err), Message: err.Error()}
	if errors.Is(err, fs.ErrNotExist) {
		f.Code = "ENOENT"
	}
	return f
}
