package bridge

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/bridge/serve"
	"github.com/storecheck/storecheck/spec"
)

// neverBroken is the owner of a conn whose program does nothing wrong.
type neverBroken struct{ *testing.T }

func (n neverBroken) broke(b *Broken) error {
	if b.Kind != Closed {
		n.Errorf("the program %s", b.Message)
	}
	return b
}
func (n neverBroken) outputEnded()                 {}
func (n neverBroken) inputFailed(err error)        { n.Error(err) }
func (n neverBroken) overdue(int64, time.Duration) { n.Error("a request is overdue") }

// TestServeWithoutProcess: both ends speak over pipes within one process, and end with the input.
func TestServeWithoutProcess(t *testing.T) {
	in, requests := io.Pipe()
	replies, out := io.Pipe()
	served := make(chan error)
	opening, mayOpen := make(chan struct{}), make(chan struct{})
	go func() {
		err := serve.Serve(context.Background(), in, out, serve.Options{Name: "pipes", Open: func(context.Context, *serve.Env) (spec.Store, error) {
			close(opening)
			<-mayOpen
			panic("as told")
		}})
		_ = out.Close()
		served <- err
	}()
	c := newConn(replies, requests, nil, neverBroken{t})
	go c.run()
	var hello wire.HelloResult
	if err := c.request(t.Context(), "hello", wire.HelloParams{Protocol: Version}, &hello, time.Minute); err != nil || hello.Name != "pipes" {
		t.Errorf("hello: %+v, %v", hello, err)
	}
	if err := c.request(t.Context(), "hello", wire.HelloParams{Protocol: 7}, &hello, time.Minute); !isHostError(err, wire.CodeVersion) {
		t.Errorf("another version: %v", err)
	}
	opened := make(chan error)
	go func() { opened <- c.request(t.Context(), "open", OpenParams{}, &wire.OpenResult{}, time.Minute) }()
	<-opening
	// The store that is being opened holds nobody up.
	if err := c.request(t.Context(), "ping", wire.Empty{}, &wire.Empty{}, time.Minute); err != nil {
		t.Errorf("ping: %v", err)
	}
	close(mayOpen)
	if err := <-opened; !isHostError(err, wire.CodeOpen) || !strings.Contains(err.Error(), "panic: as told") {
		t.Errorf("open: %v", err)
	}
	c.out.Finish()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	<-c.down
	if err := c.request(t.Context(), "ping", wire.Empty{}, &wire.Empty{}, 0); !isKind(err, Closed) {
		t.Errorf("after the end: %v", err)
	}
}

func isKind(err error, kind Kind) bool {
	b, ok := errors.AsType[*Broken](err)
	return ok && b.Kind == kind
}
