package backend_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend"
)

// A caller says lines to an echo server through a proxy.
type caller struct {
	*testing.T
	net.Conn
	answers *bufio.Reader
}

func call(t *testing.T, p *backend.Proxy) *caller {
	t.Helper()
	c, err := net.Dial("tcp", p.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &caller{t, c, bufio.NewReader(c)}
}

func (c *caller) say(line string) {
	c.Helper()
	if _, err := fmt.Fprintln(c, line); err != nil {
		c.Errorf("saying %s: %v", line, err)
	}
}

func (c *caller) hears(want string) {
	c.Helper()
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if got, err := c.answers.ReadString('\n'); err != nil || got != want+"\n" {
		c.Errorf("heard %q and error %v, want %s", got, err, want)
	}
}

// ends expects what is still said, and then a reset.
func (c *caller) ends(want string) {
	c.Helper()
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	got, err := io.ReadAll(c.answers)
	// What was said just before a reset may be lost with it.
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) || string(got) != want && string(got) != "" {
		c.Errorf("heard %q and error %v, want %q and a reset", got, err, want)
	}
}

func (c *caller) hearsNothing() {
	c.Helper()
	c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if got, err := c.answers.Peek(1); !errors.Is(err, os.ErrDeadlineExceeded) {
		c.Errorf("heard %q and error %v, want nothing", got, err)
	}
}

// echo starts a server that says every line again, and a proxy in front of it.
func echo(t *testing.T) *backend.Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				lines := bufio.NewScanner(c)
				for lines.Scan() {
					fmt.Fprintln(c, lines.Text())
				}
			}()
		}
	}()
	p, err := backend.NewProxy(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func restore(t *testing.T, p *backend.Proxy) {
	t.Helper()
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
}

func TestProxyPasses(t *testing.T) {
	p := echo(t)
	a, b := call(t, p), call(t, p)
	long := strings.Repeat("x", 60_000)
	a.say(long)
	b.say("other")
	a.hears(long)
	b.hears("other")
	a.say("the last")
	a.Conn.(*net.TCPConn).CloseWrite()
	a.hears("the last")
	if _, err := a.answers.ReadByte(); err != io.EOF {
		t.Errorf("the end of the client's side: %v", err)
	}
}

func TestProxyLatency(t *testing.T) {
	p := echo(t)
	c := call(t, p)
	const late = 60 * time.Millisecond
	p.Latency(late)
	start := time.Now()
	c.say("slow")
	c.hears("slow")
	if took := time.Since(start); took < late {
		t.Errorf("answered within %v, want at least %v", took, late)
	}
	restore(t, p)
	c.say("again")
	c.hears("again")
}

func TestProxyCut(t *testing.T) {
	p := echo(t)
	a, idle := call(t, p), call(t, p)
	idle.say("one")
	idle.hears("one")
	a.say("one")
	a.hears("one")
	p.Cut()
	b := call(t, p)
	b.say("sound")
	b.hears("sound")
	a.say("halves")
	a.ends("hal")
	restore(t, p)
	idle.say("spared")
	idle.hears("spared")
}

func TestProxyRefuse(t *testing.T) {
	p := echo(t)
	c := call(t, p)
	c.say("one")
	c.hears("one")
	p.Refuse()
	p.Refuse()
	c.ends("")
	if c, err := net.Dial("tcp", p.Address); err == nil {
		c.Close()
		t.Error("a connection is taken")
	}
	for range 2 {
		restore(t, p)
	}
	c = call(t, p)
	c.say("back")
	c.hears("back")
}

func TestProxyBlackhole(t *testing.T) {
	p := echo(t)
	before := call(t, p)
	before.say("one")
	before.hears("one")
	p.Blackhole()
	during := call(t, p)
	before.say("held")
	during.say("back")
	before.hearsNothing()
	during.hearsNothing()
	restore(t, p)
	before.hears("held")
	during.hears("back")

	p.Blackhole()
	before.say("lost")
	p.Refuse()
	before.ends("")
	restore(t, p)
	after := call(t, p)
	after.say("back")
	after.hears("back")
}

// The proxy is closed in whatever state it is.
func TestProxyClose(t *testing.T) {
	for name, harm := range map[string]func(*backend.Proxy){
		"nothing": func(*backend.Proxy) {}, "slow": func(p *backend.Proxy) { p.Latency(time.Hour) }, "cut": (*backend.Proxy).Cut,
		"refusing": (*backend.Proxy).Refuse, "silent": (*backend.Proxy).Blackhole,
	} {
		t.Run(name, func(t *testing.T) {
			p := echo(t)
			c := call(t, p)
			c.say("one")
			c.hears("one")
			harm(p)
			fmt.Fprintln(c, "two")
			for range 2 {
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
			if err := p.Restore(); err != nil {
				t.Error(err)
			}
			if _, err := net.Dial("tcp", p.Address); err == nil {
				t.Error("a connection is taken")
			}
		})
	}
}

func TestProxyPortTaken(t *testing.T) {
	p := echo(t)
	p.Refuse()
	l, err := net.Listen("tcp4", p.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := p.Restore(); err == nil || !strings.Contains(err.Error(), "cannot take connections again") {
		t.Errorf("got %v", err)
	}
}

func TestServerProxy(t *testing.T) {
	s, err := backend.Parse("redis=redis://u:secret@127.0.0.1/3")
	if err != nil {
		t.Fatal(err)
	}
	p, address, err := s.Proxy()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	u, err := url.Parse(address)
	if err != nil || u.Host != p.Address || u.Path != "/3" || u.User.String() != "u:secret" || s.Secure() {
		t.Errorf("leads through %s, secure %t", address, s.Secure())
	}
	if s, err := backend.Parse("redis=rediss://127.0.0.1"); err != nil || !s.Secure() {
		t.Errorf("rediss is not secure: %v", err)
	}
}
