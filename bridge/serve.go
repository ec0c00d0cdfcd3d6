package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// ServeOptions say what [Serve] serves.
type ServeOptions struct {
	// Name and Version name the store in reports.
	Name, Version string
	// Homepage and Issues are addresses for the reader. They may be empty.
	Homepage, Issues string
	// Properties describe the store.
	Properties Properties
	// Open opens a store. It may be called from several goroutines at once. After an error or a panic, the reply is error 1 and Serve goes on.
	// A store that is an io.Closer is closed at its end.
	Open func(ctx context.Context, params OpenParams) (spec.Store, error)
}

// Serve speaks the protocol for stores written in Go, until the input or ctx ends, and then closes the stores. Of the
// [probe.Features] it declares Bench alone. At the end of ctx it closes in, if that is an io.Closer; otherwise it ends with the input. It returns the
// context's error, or what went wrong with the input or the output.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o ServeOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &server{options: o, stores: make(map[string]spec.Store), drivers: make(map[string]*bench.Driver)}
	replies := newOutbox(keepOpen{out}, func(err error) { cancel(err) })
	stop := context.AfterFunc(ctx, func() {
		if c, ok := in.(io.Closer); ok {
			_ = c.Close()
		}
	})
	err := s.serve(ctx, newLineReader(in), replies)
	if !stop() {
		err = context.Cause(ctx)
	}
	replies.finish()
	<-replies.done
	return errors.Join(err, s.closeAll())
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

type server struct {
	options ServeOptions

	mu     sync.Mutex
	stores map[string]spec.Store
	last   int
	// drivers are those of the stores that are measured.
	drivers map[string]*bench.Driver
}

// serve answers requests until the input ends. The requests that are not answered by then are given up.
func (s *server) serve(ctx context.Context, requests *lineReader, replies *outbox) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	defer requests.release()
	handlers := s.handlers()
	for {
		line, err := requests.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		m, refused := parseRequest(line)
		handle := handlers[deref(m.Method)]
		if refused == nil && handle == nil {
			refused = refusal(codeUnknownMethod, "method not found")
		}
		running.Go(func() {
			answer := outgoing{Version: "2.0", ID: m.ID, Error: refused}
			if refused == nil {
				if result, err := handle(ctx, m.Params); err != nil {
					answer.Error = refusalOf(err)
				} else {
					answer.Result = result
				}
			}
			text, err := json.Marshal(answer)
			if err != nil {
				text, _ = json.Marshal(outgoing{Version: "2.0", ID: m.ID, Error: refusalOf(err)})
			}
			if ctx.Err() == nil { // otherwise nobody may read any more
				replies.send(text)
			}
		})
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// parseRequest reads a message, and returns the error that answers one that is no request.
func parseRequest(line []byte) (m incoming, refused *replyError) {
	err := json.Unmarshal(line, &m)
	switch {
	case err != nil:
		m, refused = incoming{}, refusal(codeNoJSON, "the message cannot be read: %v", err)
	case m.Version != "2.0":
		refused = refusal(codeBadRequest, `the member jsonrpc is not "2.0"`)
	case deref(m.Method) == "":
		refused = refusal(codeBadRequest, "a request needs a method")
	case m.ID == nil || string(m.ID) == "null":
		refused = refusal(codeBadRequest, "a request needs an id")
	}
	return m, refused
}

// A handler answers the requests of one method. Its error is a *replyError, or the code is that of the system.
type handler func(ctx context.Context, params json.RawMessage) (result any, err error)

// handles makes a handler of a function with its params and its result.
func handles[P, R any](f func(context.Context, P) (R, error)) handler {
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		var params P
		if text != nil {
			if err := json.Unmarshal(text, &params); err != nil {
				return nil, refusal(codeBadParams, "invalid parameters: %v", err)
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
		"bench":  handles(s.bench),
		"change": handles(noHandles),
		"read":   handles(noHandles),
		"events": handles(func(context.Context, empty) (eventsResult, error) { return eventsResult{Events: []probe.Event{}}, nil }),
		"ping":   handles(func(context.Context, empty) (empty, error) { return empty{}, nil }),
		"close":  handles(s.close),
	}
}
