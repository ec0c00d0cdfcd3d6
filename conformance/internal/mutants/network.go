package mutants

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	servers "github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
)

// A sessionServer keeps sessions by id. Stores ask it over the network. A request is a line, and so is its answer:
//
//	get ID          = SESSION, or - for none
//	set ID SESSION  +
//	touch ID COOKIE +
//	destroy ID      +
//	watch           +, and from then on a line with each id that is set, touched or destroyed
//
// The answer to anything else is "! REASON". A session is missing when its life, by the system's clock, is over.
type sessionServer struct {
	listener net.Listener
	running  sync.WaitGroup

	work time.Duration // how long a set takes

	mu       sync.Mutex
	refuses  map[string]bool // verbs that are answered with an error
	sessions map[string]string
	clients  map[net.Conn]bool // true for those that watch; nil when the server is closed
}

func newSessionServer() (*sessionServer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sessionServer{listener: l, sessions: map[string]string{}, clients: map[net.Conn]bool{}}
	s.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() { s.serve(c) })
		}
	})
	return s, nil
}

// newNetwork returns a server with a proxy in front of it.
func newNetwork() (*sessionServer, *servers.Proxy, error) {
	server, err := newSessionServer()
	if err != nil {
		return nil, nil, err
	}
	proxy, err := servers.NewProxy(server.listener.Addr().String())
	if err != nil {
		return nil, nil, errors.Join(err, server.Close())
	}
	return server, proxy, nil
}

func (s *sessionServer) serve(c net.Conn) {
	defer c.Close() //nolint:errcheck // every request is answered
	s.mu.Lock()
	open := s.clients != nil
	if open {
		s.clients[c] = false
	}
	s.mu.Unlock()
	requests := bufio.NewScanner(c)
	requests.Buffer(nil, 1<<20)
	for open && requests.Scan() {
		s.serveOne(c, requests.Text())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, c)
}

// serveOne carries out a request, even if its client is gone by now, and tells watching clients of a change.
func (s *sessionServer) serveOne(c net.Conn, request string) {
	verb, rest, _ := strings.Cut(request, " ")
	id, text, _ := strings.Cut(rest, " ")
	if verb == "set" {
		time.Sleep(s.work)
	}
	s.mu.Lock()
	answer := s.answer(verb, id, text)
	switch _, open := s.clients[c]; {
	case !open || verb == "get":
	case verb == "watch":
		s.clients[c] = true
	default:
		for other, watches := range s.clients {
			if watches {
				_, _ = fmt.Fprintln(other, id) // a client that is gone need not know
			}
		}
	}
	s.mu.Unlock()
	_, _ = fmt.Fprintln(c, answer)
}

// answer carries out a request; the caller holds the lock.
func (s *sessionServer) answer(verb, id, text string) string {
	stored, ok := s.sessions[id]
	if session, err := spec.ParseSession([]byte(stored)); ok && err == nil {
		expires, mortal := session.Cookie.Expires()
		ok = !mortal || expires.After(time.Now())
	}
	switch {
	case s.refuses[verb]:
		return "! the server is full"
	case verb == "get" && !ok:
		return "-"
	case verb == "get":
		return "= " + stored
	case verb == "set":
		s.sessions[id] = text
	case verb == "destroy":
		delete(s.sessions, id)
	case verb == "touch" && ok:
		session, err := spec.ParseSession([]byte(stored))
		if err == nil {
			err = session.Cookie.UnmarshalJSON([]byte(text))
		}
		if err != nil {
			return "! " + err.Error()
		}
		s.sessions[id] = session.String()
	case verb != "touch" && verb != "watch":
		return "! unknown verb " + verb
	}
	return "+"
}

func (s *sessionServer) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	for c := range s.clients {
		_ = c.Close()
	}
	s.clients = nil
	s.mu.Unlock()
	s.running.Wait()
	return err
}

// A remote is the client side of a store over the network. It has a pool of connections for gets and another one for other calls, as a store
// that reads from a replica has.
type remote struct {
	address string
	// ask makes a request. A mutant replaces ask, and calls the original.
	ask func(ctx context.Context, request string) (answer string, err error)
	// givenUp takes back a connection whose answer did not come in time.
	givenUp func(c *connection)

	mu       sync.Mutex
	patience time.Duration          // how long ask waits for an answer
	idle     map[bool][]*connection // true for gets; the longest idle first
	closed   bool
}

// A connection carries one request after the other.
type connection struct {
	net.Conn
	answers *bufio.Reader
	reading bool
}

// overNetwork builds a subject with a store over the network. change may replace any part of the store.
func overNetwork(change func(f *faulty, r *remote)) func(*conformance.Subject, *rig) {
	return overSlowNetwork(0, change)
}

// overSlowNetwork is overNetwork with a server that takes some time for a set.
func overSlowNetwork(work time.Duration, change func(f *faulty, r *remote)) func(*conformance.Subject, *rig) {
	open := func(address string) *faulty {
		r := newRemote(address)
		f := r.open()
		f.close = r.Close
		if change != nil {
			change(f, r)
		}
		return f
	}
	return func(s *conformance.Subject, _ *rig) {
		s.Faulty = func(context.Context) (spec.Store, subject.Link, error) {
			server, proxy, err := newNetwork()
			if err != nil {
				return nil, nil, err
			}
			server.work = work // before the first request
			f := open(proxy.Address)
			closeStore := f.close
			f.close = func() error { return errors.Join(closeStore(), proxy.Close(), server.Close()) }
			return f, bypass{proxy, func() spec.Store { return open(server.listener.Addr().String()) }}, nil
		}
	}
}

// bypass is a proxy with a way around it.
type bypass struct {
	*servers.Proxy
	open func() spec.Store
}

func (b bypass) Open(context.Context) (spec.Store, error) { return b.open(), nil }

func newRemote(address string) *remote {
	r := &remote{address: address, patience: 600 * time.Millisecond, idle: map[bool][]*connection{}}
	r.ask, r.givenUp = r.askOnce, func(c *connection) { _ = c.Close() }
	return r
}

// open returns a correct store.
func (r *remote) open() *faulty {
	f := &faulty{}
	done := func(answer string, err error) error {
		if err == nil && answer != "+" {
			err = fmt.Errorf("odd answer %q", answer)
		}
		return err
	}
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		answer, err := r.ask(ctx, "get "+id)
		if err != nil || answer == "-" {
			return nil, err
		}
		text, ok := strings.CutPrefix(answer, "= ")
		if !ok {
			return nil, fmt.Errorf("odd answer %q", answer)
		}
		return spec.ParseSession([]byte(text))
	}
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		return done(r.ask(ctx, "set "+id+" "+s.String()))
	}
	f.destroy = func(ctx context.Context, id string) error { return done(r.ask(ctx, "destroy "+id)) }
	f.touch = func(ctx context.Context, id string, s *spec.Session) error {
		return done(r.ask(ctx, "touch "+id+" "+s.Cookie.String()))
	}
	return f
}

// askOnce makes a request over a connection of the pool, or over a new one. No answer is an error.
func (r *remote) askOnce(ctx context.Context, request string) (string, error) {
	c, err := r.take(ctx, strings.HasPrefix(request, "get "))
	if err != nil {
		return "", err
	}
	answer, err := c.say(request, r.limit())
	switch timeout := net.Error(nil); {
	case err == nil:
		r.put(c)
	case errors.As(err, &timeout) && timeout.Timeout():
		r.givenUp(c)
	default:
		_ = c.Close()
	}
	return answer, err
}

func (r *remote) limit() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.patience
}

func (r *remote) take(ctx context.Context, reading bool) (*connection, error) {
	r.mu.Lock()
	if idle := r.idle[reading]; len(idle) > 0 {
		defer r.mu.Unlock()
		r.idle[reading] = idle[1:]
		return idle[0], nil
	}
	r.mu.Unlock()
	return dial(ctx, r.address, r.limit(), reading)
}

func dial(ctx context.Context, address string, patience time.Duration, reading bool) (*connection, error) {
	c, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{c, bufio.NewReader(c), reading}, nil
}

// poolSize is the number of idle connections that each pool keeps.
const poolSize = 4

func (r *remote) put(c *connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || len(r.idle[c.reading]) == poolSize {
		_ = c.Close()
		return
	}
	r.idle[c.reading] = append(r.idle[c.reading], c)
}

func (c *connection) say(request string, patience time.Duration) (string, error) {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(c, request); err != nil {
		return "", err
	}
	answer, err := c.answers.ReadString('\n')
	return strings.TrimSuffix(answer, "\n"), err
}

// Close closes the idle connections. A connection in use is closed after its request.
func (r *remote) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	var err error
	for _, idle := range r.idle {
		for _, c := range idle {
			err = errors.Join(err, c.Close())
		}
	}
	clear(r.idle)
	return err
}
