package backend

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
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

func redis() kind {
	return kind{
		name:      "redis",
		ways:      []way{{supply: debian{programs: []string{"redis-server"}, pkg: "redis-server"}, prepare: prepareRedis}},
		schemes:   []string{"redis", "rediss"},
		secure:    func(u *url.URL) bool { return u.Scheme == "rediss" },
		port:      redisPort,
		example:   "redis://USER:PASSWORD@HOST:PORT/DB",
		validate:  validateRedis,
		probe:     probeRedis,
		refuser:   newRedisRefuser,
		busy:      busyRedis,
		hold:      holdRedis,
		count:     countRedis,
		counted:   "keys",
		sweep:     sweepRedis,
		traces:    "key",
		shortcuts: "keeps nothing on disk",
		clock:     &follows{within: shift.Off, wake: true},
	}
}

const redisPort = "6379"

// prepareRedis gives the password on stdin: every user of the machine can read a command line.
func prepareRedis(_ context.Context, s *setup) (launch, error) {
	return launch{
		program: "redis-server",
		args:    []string{"-", "--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--save", "", "--appendonly", "no"},
		stdin:   "requirepass " + s.password + "\n",
		url:     fmt.Sprintf("redis://:%s@127.0.0.1:%d", s.password, s.port),
	}, nil
}

func validateRedis(u *url.URL) error {
	if u.RawQuery != "" || u.Fragment != "" {
		return errors.New("the address has a part after ? or #, which Redis clients read in different ways (in a password write %3F and %23)")
	}
	_, err := redisDB(u)
	return err
}

// redisDB is the number of the database that the URL selects, 0 by default.
func redisDB(u *url.URL) (uint64, error) {
	path := strings.TrimPrefix(u.Path, "/")
	if path == "" {
		return 0, nil
	}
	db, err := strconv.ParseUint(path, 10, 31)
	if err != nil {
		return 0, errors.New("the part after the host must be the number of a database, as in redis://127.0.0.1:6379/3")
	}
	return db, nil
}

// openRedis connects, logs in and selects the database.
func openRedis(ctx context.Context, u *url.URL) (_ *redisConn, err error) {
	port := u.Port()
	if port == "" {
		port = redisPort
	}
	c, err := dialRedis(ctx, net.JoinHostPort(u.Hostname(), port), u.Scheme == "rediss")
	if err != nil {
		return nil, fmt.Errorf("cannot connect: %w: start the server or correct the address", err)
	}
	defer func() {
		if err != nil {
			_ = c.Close()
		}
	}()
	if password, ok := u.User.Password(); ok {
		auth := []string{"AUTH", password}
		if user := u.User.Username(); user != "" {
			auth = []string{"AUTH", user, password}
		}
		if _, err := c.do(auth...); err != nil {
			return nil, withoutDetail(err)
		}
	}
	if db, err := redisDB(u); err != nil {
		return nil, err
	} else if db != 0 {
		if _, err := c.do("SELECT", strconv.FormatUint(db, 10)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// probeRedis logs in, selects the database and sends PING.
func probeRedis(ctx context.Context, u *url.URL) (who identity, err error) {
	c, err := openRedis(ctx, u)
	if err != nil {
		return identity{}, err
	}
	defer c.Close() //nolint:errcheck // every command is answered by then
	switch pong, err := c.do("PING"); {
	case err != nil:
		return identity{}, err
	case pong != "PONG":
		return identity{}, fmt.Errorf("not a Redis server: it answers PING with %.40q", pong)
	}
	// If the user may not use INFO, only the version and the life are missing.
	info, _ := c.do("INFO", "server")
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			who.version = cmp.Or(who.version, value)
		case "valkey_version": // Valkey gives itself out for a Redis as well
			who.program, who.version = "valkey", value
		case "run_id":
			who.life = value
		case "server_time_usec":
			if usec, err := strconv.ParseInt(value, 10, 64); err == nil {
				who.now = time.UnixMicro(usec)
			}
		}
	}
	return who, nil
}

// busyRedis knows the answer of a server that has as many clients as it takes.
func busyRedis(err error) bool {
	var answer redisError
	return errors.As(err, &answer) && strings.Contains(string(answer), "max number of clients")
}

// redisError is an error that the server answered with.
type redisError string

func (e redisError) Error() string {
	switch e.code() {
	case "NOAUTH":
		return "it wants a password: give it as redis://:PASSWORD@HOST:PORT or redis://USER:PASSWORD@HOST:PORT"
	case "LOADING":
		return "it is still loading its data: try again later"
	}
	return fmt.Sprintf("it answers %.200q", string(e))
}

func (e redisError) code() string {
	code, _, _ := strings.Cut(string(e), " ")
	return code
}

// withoutDetail keeps only the code of an answer to AUTH: a proxy or a server that does not know AUTH repeats the
// password in the rest.
func withoutDetail(err error) error {
	var answer redisError
	if !errors.As(err, &answer) || busyRedis(err) {
		return err
	}
	return fmt.Errorf("it refuses the user or password (%.20q): correct the part of the address before the @", answer.code())
}

// redisConn speaks the part of the Redis protocol that a probe needs.
type redisConn struct {
	net.Conn
	r    *bufio.Reader
	stop func() bool
}

func dialRedis(ctx context.Context, address string, secure bool) (*redisConn, error) {
	dial := new(net.Dialer).DialContext
	if secure {
		dial = new(tls.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &redisConn{
		Conn: conn,
		r:    bufio.NewReader(io.LimitReader(conn, 64<<10)),
		stop: context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }),
	}, nil
}

func (c *redisConn) Close() error {
	c.stop()
	return c.Conn.Close()
}

// send sends a command.
func (c *redisConn) send(args []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(a), a)
	}
	if _, err := io.WriteString(c.Conn, b.String()); err != nil {
		return c.broken(err)
	}
	return nil
}

// do sends a command and returns the simple or bulk string of the answer.
func (c *redisConn) do(args ...string) (string, error) {
	if err := c.send(args); err != nil {
		return "", err
	}
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "", c.broken(err)
	}
	kind, rest := line[0], strings.TrimRight(line[1:], "\r\n")
	switch kind {
	case '+':
		return rest, nil
	case '-':
		return "", redisError(rest)
	case '$':
		n, err := strconv.ParseUint(rest, 10, 16)
		if err != nil {
			break
		}
		bulk := make([]byte, n+2)
		if _, err := io.ReadFull(c.r, bulk); err != nil {
			return "", c.broken(err)
		}
		return string(bulk[:n]), nil
	}
	return "", errors.New("not a Redis server: it does not answer in Redis's protocol")
}

func (c *redisConn) broken(err error) error {
	return fmt.Errorf("it takes the connection but does not answer: %w", err)
}
