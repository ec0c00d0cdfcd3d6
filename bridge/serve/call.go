package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// callTimeout is for a call that brings none. storecheck always sends one.
const callTimeout = 15 * time.Second

// call makes one call and answers when the store has returned or the time is over. A store that never returns keeps its goroutine.
func (s *server) call(ctx context.Context, p wire.CallParams) (*wire.CallResult, error) {
	done := make(chan *wire.CallResult, 1)
	if err := s.start(ctx, p, func(r *wire.CallResult) { done <- r }); err != nil {
		return nil, err
	}
	select {
	case r := <-done:
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// answerCall makes a call that has nothing special, and sends the reply. It makes the call in its own goroutine: a store that never returns keeps
// it.
func (s *server) answerCall(ctx context.Context, id, text json.RawMessage, replies *wire.Outbox) {
	p, plain := wire.ReadCall(text)
	var err error
	if !plain {
		p = wire.CallParams{}
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		err = wire.Refusal(wire.CodeBadParams, "invalid parameters: %v", err)
	} else {
		err = s.make(ctx, p, func(r *wire.CallResult) {
			const other = 120 // bytes beside the value
			text, plain := wire.AppendAnswer(make([]byte, 0, other+len(r.Value)), id, r)
			if !plain {
				send(ctx, wire.Outgoing{Version: "2.0", ID: id, Result: r}, replies)
			} else if ctx.Err() == nil { // otherwise nobody may read any more
				replies.Send(text)
			}
		})
	}
	if err != nil {
		send(ctx, wire.Outgoing{Version: "2.0", ID: id, Error: wire.RefusalOf(err)}, replies)
	}
}

// start is make in a goroutine of its own.
func (s *server) start(ctx context.Context, p wire.CallParams, tell func(*wire.CallResult)) error {
	store, err := s.instance(p.Instance)
	if err != nil {
		return err
	}
	c, err := s.prepare(store, p)
	if err == nil {
		go s.run(ctx, c, p, tell)
	}
	return err
}

// make makes a call. tell gets the outcome, once: when the store has returned, or when the time is over. An error says why there is no call.
func (s *server) make(ctx context.Context, p wire.CallParams, tell func(*wire.CallResult)) error {
	store, err := s.instance(p.Instance)
	if err != nil {
		return err
	}
	c, err := s.prepare(store, p)
	if err == nil {
		s.run(ctx, c, p, tell)
	}
	return err
}

// run makes a call that is prepared.
func (s *server) run(ctx context.Context, c *call, p wire.CallParams, tell func(*wire.CallResult)) {
	timeout := time.Duration(p.TimeoutMs)
	if timeout == 0 {
		timeout = callTimeout
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var told atomic.Bool
	over := awake.AfterFunc(timeout, func() {
		if told.CompareAndSwap(false, true) {
			tell(&wire.CallResult{Outcome: probe.Outcome{TimedOut: true}})
			cancel()
		}
	})
	r := s.outcome(ctx, c, p)
	over.Stop()
	if told.CompareAndSwap(false, true) {
		tell(r)
	}
}

// outcome makes a call and waits for it.
func (s *server) outcome(ctx context.Context, c *call, p wire.CallParams) (r *wire.CallResult) {
	r = new(wire.CallResult)
	start := time.Now()
	defer func() {
		if v := recover(); v != nil {
			r.Outcome = probe.Outcome{Thrown: &probe.Fault{Name: "panic", Message: fmt.Sprint(v), Stack: string(debug.Stack())}}
		}
		r.ElapsedMs = wire.Milliseconds(time.Since(start))
	}()
	value, err := c.do(ctx)
	s.record(c, p, value, err, &r.Outcome)
	return r
}

// record puts into the outcome what a call has returned.
func (s *server) record(c *call, p wire.CallParams, value any, err error, o *probe.Outcome) {
	o.Callbacks = 1
	if p.Keep {
		o.Argument, o.Result = s.live.keep(c.session), s.live.keep(value)
	}
	if c.before != nil {
		o.Before, o.After = c.before, c.session.JSON()
	}
	if err != nil {
		o.Error = faultOf(err)
		return
	}
	o.Kind, o.Value = jsonOf(value)
}

// A call is a call that can be made.
type call struct {
	session *spec.Session   // the argument, or nil
	before  json.RawMessage // its JSON, if the call is watched
	// do makes the call. Its result is a session, a list of sessions, a number or nil.
	do func(context.Context) (any, error)
}

// prepare makes a call of its parameters.
func (s *server) prepare(store *opened, p wire.CallParams) (*call, error) {
	if p.Expression != "" || p.Plain || p.Frozen || p.Callback != probe.CallbackNormal {
		return nil, wire.Refusal(wire.CodeCannot, "only plain calls are offered")
	}
	id, err := wire.DecodeID(p.ID)
	if err != nil {
		return nil, wire.Refusal(wire.CodeBadParams, "id: %v", err)
	}
	c := &call{}
	if p.Method == "set" || p.Method == "touch" {
		if c.session, err = s.argument(p); err != nil {
			return nil, err
		}
		if p.Watch {
			c.before = c.session.JSON()
		}
	}
	if c.do = store.method(p.Method, id, c.session); c.do == nil {
		return nil, wire.Refusal(wire.CodeCannot, "%T has no method %s", store.Store, p.Method)
	}
	return c, nil
}

// argument returns the session that a call hands over: a new one, or one that an earlier call has kept.
func (s *server) argument(p wire.CallParams) (*spec.Session, error) {
	if p.Argument != "" {
		return s.live.session(p.Argument)
	}
	session, err := spec.ParseSession(p.Session)
	if err != nil {
		return nil, wire.Refusal(wire.CodeBadParams, "%v", err)
	}
	return session, nil
}

// method returns a call of a method, or nil if the store does not have the method.
func (o *opened) method(name, id string, session *spec.Session) func(context.Context) (any, error) {
	switch {
	case name == "get":
		return func(ctx context.Context) (any, error) {
			s, err := o.Get(ctx, id)
			if s == nil {
				return nil, err
			}
			return s, err
		}
	case name == "set":
		return func(ctx context.Context) (any, error) { return nil, o.Set(ctx, id, session) }
	case name == "destroy":
		return func(ctx context.Context) (any, error) { return nil, o.Destroy(ctx, id) }
	case name == "touch" && o.has.Touch:
		return func(ctx context.Context) (any, error) { return nil, o.Store.(spec.Toucher).Touch(ctx, id, session) }
	case name == "all" && o.has.All:
		return func(ctx context.Context) (any, error) { return o.Store.(spec.Lister).All(ctx) }
	case name == "clear" && o.has.Clear:
		return func(ctx context.Context) (any, error) { return nil, o.Store.(spec.Clearer).Clear(ctx) }
	case name == "length" && o.has.Length:
		return func(ctx context.Context) (any, error) { return o.Store.(spec.Counter).Length(ctx) }
	}
	return nil
}

// jsonOf returns the kind of a result as JavaScript has it, and its text.
func jsonOf(value any) (kind string, text json.RawMessage) {
	switch value := value.(type) {
	case nil:
		return "undefined", nil
	case *spec.Session:
		return "object", value.JSON()
	case int:
		return "number", strconv.AppendInt(nil, int64(value), 10)
	case []*spec.Session:
		text = json.RawMessage{'['}
		for i, session := range value {
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
	panic(fmt.Sprintf("serve: a call returned a %T", value))
}

func faultOf(err error) *probe.Fault {
	f := &probe.Fault{Name: fmt.Sprintf("%T", err), Message: err.Error()}
	if errors.Is(err, fs.ErrNotExist) {
		f.Code = "ENOENT"
	}
	return f
}
