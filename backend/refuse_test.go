package backend

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
)

const (
	setCommand = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n"
	getCommand = "*2\r\n$3\r\nget\r\n$1\r\nk\r\n"
	delCommand = "*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n"
	unknown    = "*1\r\n$4\r\nNAME\r\n"
)

// However the commands are cut in pieces, the same ones are replaced.
func TestRedisRefuserReplacesCommands(t *testing.T) {
	sent := setCommand + getCommand + delCommand + "PING\r\n" + setCommand
	tests := map[refusal]string{
		refuseNothing: sent,
		refuseRoom:    unknown + getCommand + delCommand + "PING\r\n" + unknown,
		refuseChanges: unknown + getCommand + unknown + "PING\r\n" + unknown,
	}
	for what, want := range tests {
		for size := 1; size <= len(sent); size++ {
			r := newRedisRefuser("NAME")
			var got []byte
			for rest := sent; rest != ""; {
				n := min(size, len(rest))
				got = append(got, r.up([]byte(rest[:n]), what)...)
				rest = rest[n:]
			}
			if string(got) != want {
				t.Fatalf("in pieces of %d bytes, refusal %d: the server gets %q, want %q", size, what, got, want)
			}
		}
	}
}

func TestRedisRefuserReplacesErrors(t *testing.T) {
	answers := "+OK\r\n-ERR unknown command 'NAME', with args beginning with: \r\n$6\r\n-ERR u\r\n-ERR unknown command `NAME`, with args beginning with: \r\n:1\r\n-\r\n"
	want := "+OK\r\n-OOM command not allowed when used memory > 'maxmemory'.\r\n$6\r\n-ERR u\r\n-READONLY You can't write against a read only replica.\r\n:1\r\n-\r\n"
	for size := 1; size <= len(answers); size++ {
		r := newRedisRefuser("NAME")
		r.up([]byte(setCommand), refuseRoom)
		r.up([]byte(setCommand), refuseChanges)
		var got []byte
		for rest := answers; rest != ""; {
			n := min(size, len(rest))
			got = append(got, r.down([]byte(rest[:n]))...)
			rest = rest[n:]
		}
		if string(got) != want {
			t.Fatalf("in pieces of %d bytes: the client gets %q, want %q", size, got, want)
		}
	}
}

func TestRedisRefuserPassesWhatItDoesNotUnderstand(t *testing.T) {
	const sent = "*x\r\n$3\r\nSET\r\n"
	if got := newRedisRefuser("NAME").up([]byte(sent), refuseChanges); string(got) != sent {
		t.Errorf("the server gets %q, want %q", got, sent)
	}
}

// A real server answers in turn, and works on.
func TestRefuseWrites(t *testing.T) {
	s := startRedis(t)
	p, address, err := s.RefusingProxy()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dialRedis(t.Context(), u.Host, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	password, _ := u.User.Password()
	expect := func(want string, command ...string) {
		t.Helper()
		got, err := c.do(command...)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q", command[0], got, want)
		}
	}
	expect("OK", "AUTH", password)
	expect("OK", "SET", "k", "old")
	if err := p.RefuseWrites(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	expect("OOM", "SET", "k", "new")
	expect("old", "GET", "k")
	if err := p.RefuseWrites(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	expect("READONLY", "DEL", "k")
	expect("OK", "MULTI")
	expect("READONLY", "SET", "k", "new")
	expect("EXECABORT", "EXEC")
	if err := p.AllowWrites(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect("old", "GET", "k")
	expect("OK", "SET", "k", "new")
	expect("new", "GET", "k")
}

func TestRefuseWritesNeedsAProtocol(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	p, err := NewProxy(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close() //nolint:errcheck // never fails
	if err := p.RefuseWrites(context.Background(), true); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("error %v, want %v", err, errors.ErrUnsupported)
	}
}
