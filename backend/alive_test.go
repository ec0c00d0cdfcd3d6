//go:build unix

package backend_test

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/storecheck/storecheck/backend"
)

// newRedis returns the address of a server that answers like Redis. life is its run_id, and greeting what it says to each new client.
func newRedis(t *testing.T, life, greeting *atomic.Value) *net.TCPListener {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	serve := func(c net.Conn) {
		defer c.Close() //nolint:errcheck // the client is gone
		if g := greeting.Load().(string); g != "" {
			fmt.Fprintf(c, "%s\r\n", g)
		}
		for lines := bufio.NewScanner(c); lines.Scan(); {
			switch lines.Text() {
			case "PING":
				fmt.Fprint(c, "+PONG\r\n")
			case "server":
				info := "redis_version:7.0.1\r\nrun_id:" + life.Load().(string) + "\r\n"
				fmt.Fprintf(c, "$%d\r\n%s\r\n", len(info), info)
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l
}

// A server lives as long as it serves, and has not been started again.
func TestAlive(t *testing.T) {
	for name, c := range map[string]struct {
		change func(l *net.TCPListener, life, greeting *atomic.Value)
		want   string
	}{
		"serves": {func(*net.TCPListener, *atomic.Value, *atomic.Value) {}, ""},
		"too busy": {func(_ *net.TCPListener, _, greeting *atomic.Value) {
			greeting.Store("-ERR max number of clients reached")
		}, ""},
		"started again": {func(_ *net.TCPListener, life, _ *atomic.Value) { life.Store("b") }, "was started again in the middle of the run"},
		"loads":         {func(_ *net.TCPListener, _, greeting *atomic.Value) { greeting.Store("-LOADING its data") }, "still loading"},
		"gone":          {func(l *net.TCPListener, _, _ *atomic.Value) { _ = l.Close() }, "start the server or correct the address"},
	} {
		t.Run(name, func(t *testing.T) {
			var life, greeting atomic.Value
			life.Store("a")
			greeting.Store("")
			l := newRedis(t, &life, &greeting)
			s, err := backend.Parse("redis=redis://" + l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Check(t.Context()); err != nil || s.Version != "7.0.1" {
				t.Fatalf("version %q, error %v", s.Version, err)
			}
			c.change(l, &life, &greeting)
			err = s.Alive(t.Context())
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// A private server that ends says so, with its last words and without its password.
func TestPrivateServerEnds(t *testing.T) {
	needRedis(t)
	s, err := backend.Start(t.Context(), "redis")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	if err := s.Alive(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "AUTH %s\r\nSHUTDOWN NOSAVE\r\n", password)
	for lines := bufio.NewScanner(c); lines.Scan(); { // until the server has ended the connection
	}
	_ = c.Close()
	for err == nil {
		err = s.Alive(t.Context())
	}
	if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "\n") {
		t.Errorf("the password, or several lines, in %q", err)
	}
}
