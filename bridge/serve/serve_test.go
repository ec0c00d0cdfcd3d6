package serve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
)

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
		go func() { served <- Serve(context.Background(), in, &replies, Options{}) }()
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
