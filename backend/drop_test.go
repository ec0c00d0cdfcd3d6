//go:build unix

package backend_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/storecheck/storecheck/backend"
)

// A listener passes one connection on, and keeps what the server has said on it since it was asked to, and whether it has ended it.
type listener struct {
	address string
	mu      sync.Mutex
	heard   []byte
	ended   chan struct{}
}

func listenTo(t *testing.T, server string) *listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := &listener{address: l.Addr().String(), ended: make(chan struct{})}
	go func() {
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		there, err := net.Dial("tcp", server)
		if err != nil {
			return
		}
		defer there.Close()
		go func() { _, _ = io.Copy(there, client) }()
		defer close(r.ended)
		buffer := make([]byte, 1<<16)
		for {
			n, err := there.Read(buffer)
			r.mu.Lock()
			r.heard = append(r.heard, buffer[:n]...)
			r.mu.Unlock()
			if _, writeErr := client.Write(buffer[:n]); err != nil || writeErr != nil {
				return
			}
		}
	}()
	return r
}

// forget forgets what was said, and last returns what was said since then until the end.
func (r *listener) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = nil
}

func (r *listener) last(t *testing.T) string {
	select {
	case <-r.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the connection is not ended")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.heard)
}

// idleSessions are how clients are connected that the server is to end after some time, and what of its last words must be the same whoever does.
var idleSessions = map[string]struct {
	open  func(t *testing.T, u *url.URL, limited bool)
	alike func(words string) string
}{
	"postgresql": {
		func(t *testing.T, u *url.URL, limited bool) {
			u.RawQuery = "sslmode=disable"
			if limited {
				u.RawQuery += "&idle_session_timeout=300"
			}
			doSQL(t, "postgres", u.String(), "select 1")
		},
		func(words string) string { // the kind and the severity of the message, without its length, code and text
			return words[:1] + fmt.Sprint(strings.Count(words, "FATAL"))
		},
	},
	"mariadb": {
		func(t *testing.T, u *url.URL, limited bool) {
			c := mysql.NewConfig()
			c.Net, c.Addr, c.User, c.DBName = "tcp", u.Host, u.User.Username(), strings.Trim(u.Path, "/")
			c.Passwd, _ = u.User.Password()
			ask := "DO 1"
			if limited {
				ask = "SET SESSION wait_timeout = 1"
			}
			doSQL(t, "mysql", c.FormatDSN(), ask)
		},
		func(words string) string { return words },
	},
	"redis": {
		func(t *testing.T, u *url.URL, limited bool) {
			conn, err := net.Dial("tcp", u.Host)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			password, _ := u.User.Password()
			ask := "PING\r\n"
			if limited {
				ask = "CONFIG SET timeout 1\r\n"
			}
			if _, err := fmt.Fprintf(conn, "AUTH %s\r\n%s", password, ask); err != nil {
				t.Fatal(err)
			}
			answers := make([]byte, 64)
			for n := 0; strings.Count(string(answers[:n]), "\n") < 2; {
				k, err := conn.Read(answers[n:])
				if n += k; err != nil {
					t.Fatal(err)
				}
			}
		},
		func(words string) string { return words },
	},
}

func doSQL(t *testing.T, driver, address, ask string) {
	db := openSQL(t, driver, address)
	t.Cleanup(func() { _ = db.Close() })
	mustExec(t, db, ask)
}

// A client hears the same when Drop ends its connection as when the server's own limit for idle ones does.
func TestDropIsLikeTheLimit(t *testing.T) {
	for name, session := range idleSessions {
		t.Run(name, func(t *testing.T) {
			needServer(t, name)
			passableDir(t)
			s, err := backend.Start(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Stop() })
			words := func(limited bool) string {
				proxy, address, err := s.Proxy()
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = proxy.Close() })
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				heard := listenTo(t, u.Host)
				u.Host = heard.address
				session.open(t, u, limited)
				heard.forget()
				if !limited {
					if err := proxy.Drop(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				return heard.last(t)
			}
			dropped, limited := words(false), words(true)
			t.Logf("by Drop %q, by the limit %q", dropped, limited)
			if session.alike(dropped) != session.alike(limited) {
				t.Errorf("Drop says %q, the limit %q", dropped, limited)
			}
		})
	}
}

// Drop returns when each client has been told, and new connections are sound.
func TestDrop(t *testing.T) {
	t.Parallel()
	p := echo(t)
	var callers []*caller
	for range 20 {
		c := call(t, p)
		c.say("hello")
		c.hears("hello")
		callers = append(callers, c)
	}
	if err := p.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range callers {
		_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if got, err := io.ReadAll(c.answers); err != nil || len(got) > 0 {
			t.Errorf("after Drop a client hears %q and %v, not the end", got, err)
		}
	}
	c := call(t, p)
	c.say("again")
	c.hears("again")
}
