package backend

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/storecheck/storecheck/backend/shift"
)

const (
	// startTimeout is generous: it only bounds the wait for a broken server.
	startTimeout = 20 * time.Second
	// pollInterval is short beside the 10 ms or so that Redis takes to start.
	pollInterval = 5 * time.Millisecond
	// portTries is how often another program may take the port between its choice and its use.
	portTries = 5
)

// errPortTaken says that the server ended and that another program listens on its port.
var errPortTaken = errors.New("its port was taken by another program")

// Start starts a private server of the given kind and returns when it serves. ctx bounds the start only: the server
// runs until Stop, or, on Linux, until this process dies. Its folder goes with it.
// After an error nothing is left behind. What Brings names is put into the user's cache first, which may take minutes.
func Start(ctx context.Context, name string) (*Server, error) {
	k, err := kindOf(name)
	if err != nil {
		return nil, err
	}
	return start(ctx, k, nil, "", freePort)
}

func start(ctx context.Context, k kind, clock *shift.Clock, zone string, port func() (int, error)) (*Server, error) {
	w, found := k.choose()
	if found.Missing != nil {
		return nil, fmt.Errorf("backend %s: %w", k.name, found.Missing)
	}
	runs, err := account(w.accounts)
	if err != nil {
		return nil, fmt.Errorf("backend %s: %w", k.name, err)
	}
	programs, err := w.supply.bring(ctx)
	if err != nil {
		return nil, fmt.Errorf("backend %s: %w", k.name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for range portTries {
		var s *Server
		if s, err = startOnce(ctx, k, w, &setup{programs: programs, account: runs, clock: clock, zone: zone}, port); err == nil {
			return s, nil
		}
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	return nil, fmt.Errorf("backend %s: %w", k.name, err)
}

func startOnce(ctx context.Context, k kind, w way, s *setup, choose func() (int, error)) (_ *Server, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.port, err = choose(); err != nil {
		return nil, fmt.Errorf("no free port on 127.0.0.1: %w", err)
	}
	home, err := newFolder("storecheck-" + k.name + "-")
	if err != nil {
		return nil, fmt.Errorf("no folder for the server: %w", err)
	}
	s.dir = home.path
	defer func() {
		if err != nil {
			_ = home.remove()
		}
	}()
	if err := handOver(s.dir, s.account); err != nil {
		return nil, err
	}
	// The password keeps other users of the machine out, and proves that our server answers on the port.
	s.password = rand.Text()
	how, err := w.prepare(ctx, s)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(how.url)
	if err != nil {
		return nil, err
	}
	began, path := time.Now(), s.programs[how.program]
	proc, err := startProcess(path, how.args, how.stdin, s, w.farewell, s.environ()...)
	if err != nil {
		return nil, err
	}
	who, err := await(ctx, k, proc, u)
	if err == nil {
		server := &Server{Name: k.name, URL: how.url, kind: k, proc: proc, home: home}
		server.met(who)
		if err = server.follow(ctx, s.clock, u); err == nil {
			return server, nil
		}
	}
	if endErr := proc.stop(); endErr != nil {
		return nil, errors.Join(err, endErr)
	}
	if _, disagrees := errors.AsType[*shift.DisagreesError](err); disagrees {
		return nil, fmt.Errorf("%s: %w; run with --time real", path, err)
	}
	switch {
	case errors.Is(err, errEnded) && !isFree(s.port):
		return nil, fmt.Errorf("%s: %w", path, errPortTaken)
	case errors.Is(err, errEnded):
		return nil, fmt.Errorf("%s ended before it served (%s); it said: %s", path, proc.State(), proc.said())
	case errors.Is(err, context.Canceled):
		return nil, fmt.Errorf("start of %s: %w", path, err)
	}
	return nil, fmt.Errorf("%s did not serve within %v: %w; it said: %s", path, time.Since(began).Round(time.Millisecond), err, proc.said())
}

var errEnded = errors.New("the server ended")

// await returns when the server answers, has ended, or ctx is done; then the error also tells the last answer.
func await(ctx context.Context, k kind, proc *process, u *url.URL) (who identity, err error) {
	// A foreign program on our port may accept and say nothing: the end of the server must end the probe.
	alive, end := context.WithCancel(ctx)
	defer end()
	go func() {
		select {
		case <-proc.Done():
			end()
		case <-alive.Done():
		}
	}()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		who, err := k.probe(alive, u)
		if err == nil && (who.pid == 0 || who.pid == proc.Pid()) {
			return who, nil
		}
		select {
		case <-alive.Done():
			if ctx.Err() == nil {
				return identity{}, errEnded
			}
			return identity{}, fmt.Errorf("%w (last try: %w)", ctx.Err(), err)
		case <-tick.C:
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func isFree(port int) bool {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return false
	}
	return l.Close() == nil
}
