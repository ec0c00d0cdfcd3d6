package backend

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/storecheck/storecheck/backend/shift"
)

func memcached() kind {
	return kind{
		name: "memcached",
		ways: []way{{
			supply:   debian{programs: []string{"memcached"}, pkg: "memcached"},
			accounts: []string{"memcache", "nobody"},
			prepare:  prepareMemcached,
		}},
		schemes: []string{"memcached"},
		port:    memcachedPort,
		example: "memcached://HOST:PORT",
		validate: func(u *url.URL) error {
			if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
				return errors.New("an address has a host and a port only: the stores of the catalogue log in to no memcached")
			}
			return nil
		},
		probe: probeMemcached,
		// It counts whole seconds and looks at the clock each second: a moment late is not astray.
		clock: &follows{within: 2 * shift.Off, wake: true, steady: true},
	}
}

const memcachedPort = "11211"

// prepareMemcached demands no password: hardly a client in a store can give one. The number of its process shows that our server answers.
func prepareMemcached(_ context.Context, s *setup) (launch, error) {
	return launch{
		program: "memcached",
		args:    []string{"-l", "127.0.0.1", "-p", strconv.Itoa(s.port), "-U", "0"},
		url:     fmt.Sprintf("memcached://127.0.0.1:%d", s.port),
	}, nil
}

// probeMemcached sends stats, which is answered in lines such as STAT pid 17.
func probeMemcached(ctx context.Context, u *url.URL) (who identity, err error) {
	port := u.Port()
	if port == "" {
		port = memcachedPort
	}
	conn, err := within{ctx}.Dial("tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return identity{}, fmt.Errorf("cannot connect: %w: start the server or correct the address", err)
	}
	defer conn.Close() //nolint:errcheck // the answer is there
	if _, err := io.WriteString(conn, "stats\r\n"); err != nil {
		return identity{}, fmt.Errorf("it takes the connection but does not answer: %w", err)
	}
	stats := map[string]string{}
	const longest = 64 << 10
	for lines := bufio.NewScanner(io.LimitReader(conn, longest)); lines.Scan(); {
		if lines.Text() == "END" {
			return memcachedIdentity(stats), nil
		}
		words := strings.SplitN(lines.Text(), " ", 3)
		if len(words) != 3 || words[0] != "STAT" {
			return identity{}, fmt.Errorf("not a memcached server: it answers stats with %.40q", lines.Text())
		}
		stats[words[1]] = words[2]
	}
	return identity{}, errors.New("it takes the connection but does not answer as memcached does")
}

// memcachedIdentity knows a server by its process and its start: memcached counts both times from the same moment, so that the difference stays.
func memcachedIdentity(stats map[string]string) identity {
	who := identity{version: stats["version"]}
	who.pid, _ = strconv.Atoi(stats["pid"])
	now, err := strconv.ParseInt(stats["time"], 10, 64)
	up, uptimeErr := strconv.ParseInt(stats["uptime"], 10, 64)
	if err == nil && uptimeErr == nil {
		who.life = fmt.Sprintf("%d since %d", who.pid, now-up)
		who.now = time.Unix(now, 0)
	}
	return who
}
