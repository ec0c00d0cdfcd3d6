package bridge

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge/internal/wire"
	"github.com/storecheck/storecheck/internal/child"
	"github.com/storecheck/storecheck/spec/probe"
)

// An inbox takes the requests to a program, and gives a token for each batch.
type inbox chan struct{}

func (i inbox) Write(p []byte) (int, error) {
	i <- struct{}{}
	return len(p), nil
}

func (inbox) Close() error { return nil }

// hostile is a process that has written text and ended. To start one for each input would allow a hundred of them in a second, so they share
// ended. The limits are small.
func hostile(ended *child.Process, text string) (*Process, inbox) {
	p := &Process{program: "hostile", opts: Options{}.withDefaults(), child: ended, stderr: child.NewTail(1, nil), stage: stageServing}
	in := make(inbox, 1)
	p.conn = newConn(nil, in, nil, p)
	p.conn.in = &wire.LineReader{R: bufio.NewReaderSize(strings.NewReader(text), 16), Most: 1 << 10}
	p.conn.most = 1 << 8
	return p, in
}

// FuzzReplies answers one request of each kind with any bytes, and repeats their beginning. No call panics or waits for ever, a call without
// an answer fails with a diagnosis, and the conn keeps no more than its limits allow.
func FuzzReplies(f *testing.F) {
	ok := func(id, result string) string { return `{"jsonrpc":"2.0","id":` + id + `,"result":` + result + "}\n" }
	session := `{"cookie":{},"a":"\ud800"}`
	good := ok("1", goodOpen) + ok("2", `{"callbacks":1,"kind":"object","value":`+session+`}`) +
		ok("3", `{"callbacks":1,"kind":"object","value":{"a":`+session+`}}`) + ok("4", `{"callbacks":1,"kind":"number","value":7}`) +
		ok("5", `{"events":[{"kind":"connect"}]}`) + ok("6", `{"value":[]}`) + ok("7", "{}")
	for _, seed := range []struct {
		text   string
		repeat uint16
	}{
		{good, 0},
		{good, 1},
		{strings.ReplaceAll(good, "\n", "\r\n\r\n"), 0},
		{"", 0},
		{" ", 65535}, // a line that never ends and is blank
		{"{", 65535},
		{"x", 65535},
		{"\n", 65535},
		{"log\n", 65535},
		{`{"jsonrpc":"2.0","id":2,"result":` + strings.Repeat("[", 900), 0},
		{`{"jsonrpc":"2.0","id":2,"result":{"callbacks":-1,"kind":"object","value":null,"elapsedMs":1e400}}`, 0},
		{`{"jsonrpc":"2.0","id":3,"result":{"value":{"a":1,"a"}}}`, 0},
		{ok("3", `{"callbacks":1,"value":[{"cookie":1}]}`) + ok("4", `{"callbacks":1,"value":1.5}`) + ok("4", `{}`), 0},
		{ok("9223372036854775808", "{}"), 0},
		{ok("-1", "{}"), 0},
		{ok("1.0", "{}"), 0},
		{ok("null", "null"), 0},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":-32700,"message":"\u0000","data":{"stack":7}}}`, 0},
		{`{"jsonrpc":"2.0","error":{"code":1e99,"message":"no"}}`, 0},
		{`{"jsonrpc":"2.0","id":1,"result":{},"error":null,"method":null}`, 0},
		{`{"jsonrpc":"1.0"}`, 0},
		{"\xff{\"jsonrpc\":\"2.0\"}\n\x00", 3},
	} {
		f.Add(seed.text, seed.repeat)
	}
	c := command(f, "sleeps")
	cmd := exec.Command(c.Path)
	cmd.Env = c.Env
	ended, err := child.Start(cmd, child.Options{})
	if err != nil {
		f.Fatal(err)
	}
	if err := ended.End(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, repeat uint16) {
		if begin := text[:min(len(text), 64)]; len(begin) > 0 && len(begin)*int(repeat) < 4<<20 {
			text = strings.Repeat(begin, int(repeat)) + text
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		s := &Store{}
		s.capabilities.Touch, s.capabilities.All, s.capabilities.Length = true, true, true
		calls := []func() error{
			func() error { _, err := s.p.Open(ctx, OpenParams{}); return err },
			func() error { _, err := s.Get(ctx, "a"); return err },
			func() error { _, err := s.All(ctx); return err },
			func() error { _, err := s.Length(ctx); return err },
			func() error { _, err := s.Events(ctx); return err },
			func() error { _, err := s.Read(ctx, "h"); return err },
			func() error { return s.Change(ctx, "h", []string{"a"}, []byte("1")) },
		}
		p, requests := hostile(ended, text)
		s.p = p
		errs := make(chan error, len(calls))
		for _, call := range calls {
			go func() { errs <- call() }()
			<-requests
		}
		p.conn.run()
		for range calls {
			err := <-errs
			var host *HostError
			var store *probe.Failure
			if err != nil && !errors.Is(err, probe.ErrBroken) && !errors.As(err, &host) && !errors.As(err, &store) {
				t.Errorf("a call fails with %v", err)
			}
		}
		var broken *Broken
		if !errors.As(p.Err(), &broken) || broken.Kind == "" || broken.Message == "" || len(broken.Error()) > 4<<10 {
			t.Errorf("the diagnosis is %v", p.Err())
		}
		if line, noise := p.conn.in.Kept(), p.conn.noise; line > 4<<10 || noise.bytes > 2<<10 || len(noise.first) > 3 {
			t.Errorf("%d bytes of a line are kept, after %d of noise", line, noise.bytes)
		}
		p.conn.out.Finish()
		<-p.conn.out.Done
	})
}
