package bridge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

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
		err := Serve(context.Background(), in, out, ServeOptions{Name: "pipes", Open: func(context.Context, OpenParams) (spec.Store, error) {
			close(opening)
			<-mayOpen
			panic("as told")
		}})
		_ = out.Close()
		served <- err
	}()
	c := newConn(replies, requests, nil, neverBroken{t})
	go c.run()
	var hello helloResult
	if err := c.request(t.Context(), "hello", helloParams{Protocol: Version}, &hello, time.Minute); err != nil || hello.Name != "pipes" {
		t.Errorf("hello: %+v, %v", hello, err)
	}
	if err := c.request(t.Context(), "hello", helloParams{Protocol: 7}, &hello, time.Minute); !isHostError(err, codeVersion) {
		t.Errorf("another version: %v", err)
	}
	opened := make(chan error)
	go func() { opened <- c.request(t.Context(), "open", OpenParams{}, &openResult{}, time.Minute) }()
	<-opening
	// The store that is being opened holds nobody up.
	if err := c.request(t.Context(), "ping", empty{}, &empty{}, time.Minute); err != nil {
		t.Errorf("ping: %v", err)
	}
	close(mayOpen)
	if err := <-opened; !isHostError(err, codeOpen) || !strings.Contains(err.Error(), "panic: as told") {
		t.Errorf("open: %v", err)
	}
	c.out.finish()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	<-c.down
	if err := c.request(t.Context(), "ping", empty{}, &empty{}, 0); !isKind(err, Closed) {
		t.Errorf("after the end: %v", err)
	}
}

// TestServeRefuses: a message that is no request of the protocol is answered with an error, and the server goes on.
func TestServeRefuses(t *testing.T) {
	for _, test := range []struct{ request, want string }{
		{`{"jsonrpc":"2.0","id":1,"method":`, `"id":null,"error":{"code":-32700,`},
		{`[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, `"id":null,"error":{"code":-32700,`},
		{`{"jsonrpc":"1.0","id":1,"method":"ping"}`, `"id":1,"error":{"code":-32600,`},
		{`{"jsonrpc":"2.0","id":1}`, `"id":1,"error":{"code":-32600,`},
		{`{"jsonrpc":"2.0","method":"ping"}`, `"id":null,"error":{"code":-32600,`},
		{`{"jsonrpc":"2.0","id":1,"method":"pong"}`, `"id":1,"error":{"code":-32601,`},
		{`{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":"1"}}`, `"id":1,"error":{"code":-32602,`},
		{`{"jsonrpc":"2.0","id":1,"method":"close","params":{"instance":"9"}}`, `"id":1,"error":{"code":2,"message":"no instance \"9\" is open"}`},
		{`{"jsonrpc":"2.0","id":"text","method":"ping"}`, `"id":"text","result":{}`},
		{`{"jsonrpc":"2.0","id":1,"method":"ping","params":{}}`, `"id":1,"result":{}`},
	} {
		in, requests := io.Pipe()
		var replies replyCounter
		replies.came = make(chan struct{}, 2)
		served := make(chan error)
		go func() { served <- Serve(context.Background(), in, &replies, ServeOptions{}) }()
		for range 2 {
			fmt.Fprintln(requests, test.request)
			<-replies.came
		}
		_ = requests.Close()
		if err := <-served; err != nil {
			t.Errorf("%s: %v", test.request, err)
		}
		first, second, _ := strings.Cut(replies.text.String(), "\n")
		if !strings.HasPrefix(first, `{"jsonrpc":"2.0",`+test.want) || first+"\n" != second {
			t.Errorf("%s is answered with %s and %s, want %s", test.request, first, second, test.want)
		}
	}
}

type replyCounter struct {
	text bytes.Buffer
	came chan struct{}
}

func (r *replyCounter) Write(p []byte) (int, error) {
	n, err := r.text.Write(p)
	r.came <- struct{}{}
	return n, err
}

func isKind(err error, kind Kind) bool {
	b, ok := errors.AsType[*Broken](err)
	return ok && b.Kind == kind
}
