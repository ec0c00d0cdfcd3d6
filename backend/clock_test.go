//go:build unix

package backend_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/backend/shift"
)

// needClock returns a clock, or skips the test where no server of the kind can live by one.
func needClock(t *testing.T, name string) *shift.Clock {
	needServer(t, name)
	if err := backend.Shifts(name); err != nil {
		t.Skip(err)
	}
	passableDir(t)
	c, err := shift.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func startShifted(t *testing.T, name string, c *shift.Clock) *backend.Server {
	s, err := backend.StartShifted(t.Context(), name, c, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// Each kind of server follows its clock over hours and years, and lives on.
func TestServersFollow(t *testing.T) {
	for _, name := range backend.Names() {
		t.Run(name, func(t *testing.T) {
			c := needClock(t, name)
			s := startShifted(t, name, c)
			for _, d := range []time.Duration{0, 3 * time.Second, 10 * time.Hour, 400 * 24 * time.Hour, 5 * 365 * 24 * time.Hour} {
				start := time.Now()
				c.Advance(d)
				took := time.Since(start)
				if err := c.Err(); err != nil {
					t.Fatal(err)
				}
				now, err := backend.TimeOf(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				if off := now.Sub(c.Now()).Abs(); off > 2*time.Second {
					t.Errorf("after %s it is off by %s", d, off)
				}
				if err := s.Alive(t.Context()); err != nil {
					t.Error(err)
				}
				t.Logf("a move of %s takes %s", d, took)
			}
			for _, ahead := range []time.Duration{-time.Hour, time.Hour, 0} {
				c.SetDate(ahead)
				c.Advance(3 * time.Second)
				if err := c.Err(); err != nil {
					t.Fatalf("with the date set by %s: %v", ahead, err)
				}
				if err := s.Alive(t.Context()); err != nil && name != "mariadb" { // which tells its start by the date
					t.Errorf("with the date set by %s: %v", ahead, err)
				}
			}
		})
	}
}

// What is set right after a move lives as long as it was told, and ends then.
func TestServersExpire(t *testing.T) {
	for name, script := range map[string]struct {
		set  func(c *shift.Clock, key string, life time.Duration) string
		get  string // with the key
		live string // the beginning of the answer
		gone string
	}{
		"redis": {
			func(_ *shift.Clock, key string, life time.Duration) string {
				return fmt.Sprintf("SET %s x PX %d\r\n", key, life.Milliseconds())
			},
			"EXISTS %s\r\n", ":1", ":0",
		},
		"memcached": {
			func(_ *shift.Clock, key string, life time.Duration) string {
				return fmt.Sprintf("set %s 0 %d 1\r\nx\r\n", key, int(life.Seconds()))
			},
			"get %s\r\n", "VALUE", "END",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := needClock(t, name)
			s := startShifted(t, name, c)
			ask := connect(t, s)
			for n, life := range []time.Duration{10 * time.Second, time.Hour, 20 * 24 * time.Hour, 3 * time.Second} {
				key := fmt.Sprint("key", n)
				ask(script.set(c, key, life))
				c.Advance(life - 2*time.Second)
				if got := ask(fmt.Sprintf(script.get, key)); got != script.live {
					t.Errorf("2 s before the end of %s: %s", life, got)
				}
				c.Advance(4 * time.Second)
				if got := ask(fmt.Sprintf(script.get, key)); got != script.gone {
					t.Errorf("2 s after the end of %s: %s", life, got)
				}
			}
		})
	}
}

// connect returns a function that sends a command and returns the first word of the answer.
func connect(t *testing.T, s *backend.Server) func(command string) string {
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	lines := bufio.NewScanner(conn)
	ask := func(command string) (word string) {
		if _, err := fmt.Fprint(conn, command); err != nil {
			t.Fatal(err)
		}
		lines.Scan()
		_, _ = fmt.Sscan(lines.Text(), &word)
		for word == "VALUE" && lines.Text() != "END" && lines.Scan() {
		}
		return word
	}
	if password, ok := u.User.Password(); ok {
		ask("AUTH " + password + "\r\n")
	}
	return ask
}

// A server that does not follow is not lent out.
func TestServerDisagrees(t *testing.T) {
	if err := backend.Shifts("mongodb"); err == nil && backend.Look("mongodb").Emulator != "" {
		t.Error("FerretDB is said to follow")
	}
	if _, err := backend.StartShifted(context.Background(), "nonesuch", nil, ""); err == nil {
		t.Error("an unknown kind starts")
	}
}
