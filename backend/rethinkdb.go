package backend

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
)

func rethinkdb() kind {
	return kind{
		name: "rethinkdb",
		ways: []way{npm{"reqlite@2.3.0"}.emulator("reqlite.js", func(s *setup) string {
			return fmt.Sprintf("rethinkdb://127.0.0.1:%d", s.port)
		})},
		schemes: []string{"rethinkdb"},
		port:    rethinkdbPort,
		example: "rethinkdb://HOST:PORT",
		validate: func(u *url.URL) error {
			if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
				return errors.New("an address has a host and a port only: the stores of the catalogue use the database test and no password")
			}
			return nil
		},
		probe: probeRethinkDB,
		clock: onNode(),
	}
}

const rethinkdbPort = "28015"

// probeRethinkDB shakes hands as clients of version 2 do, without a password.
func probeRethinkDB(ctx context.Context, u *url.URL) (identity, error) {
	address := *u
	if address.Port() == "" {
		address.Host = net.JoinHostPort(u.Hostname(), rethinkdbPort)
	}
	if who, ok := askEmulator(ctx, &address); ok {
		return who, nil
	}
	conn, err := within{ctx}.Dial("tcp", address.Host)
	if err != nil {
		return identity{}, fmt.Errorf("cannot connect: %w: start the server or correct the address", err)
	}
	defer conn.Close() //nolint:errcheck // the answer is there
	const version, noKey, asJSON = 0x400c2d20, 0, 0x7e6970c7
	var hello []byte
	for _, word := range []uint32{version, noKey, asJSON} {
		hello = binary.LittleEndian.AppendUint32(hello, word)
	}
	if _, err := conn.Write(hello); err != nil {
		return identity{}, fmt.Errorf("it takes the connection but does not answer: %w", err)
	}
	const longest = 1 << 10
	switch answer, err := bufio.NewReader(io.LimitReader(conn, longest)).ReadString(0); {
	case err != nil:
		return identity{}, fmt.Errorf("it takes the connection but does not answer as RethinkDB does: %w", err)
	case answer != "SUCCESS\x00":
		return identity{}, fmt.Errorf("it answers %.200q: a server must let the user admin in without a password", strings.TrimSuffix(answer, "\x00"))
	}
	return identity{}, nil
}
