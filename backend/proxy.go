package backend

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// A Proxy stands between stores and a server, and harms their connections on demand. It listens on 127.0.0.1. Its methods may be called at
// any time from several goroutines. Each of Latency, Cut, Refuse and Blackhole ends the harm of the others.
//
// The proxies of libraries cannot cut an answer in half. They have no silence after which the held answers get through. They bring along a
// server for remote control.
type Proxy struct {
	// Address is the host and port that clients connect to.
	Address string

	upstream string
	refuser  func(name string) refuser // nil where nobody knows the protocol
	// dropThere has the server end connections from ports of this machine. It is nil where the server would say nothing at the end.
	dropThere func(ctx context.Context, ports []int) error
	ctx       context.Context // ends with Close
	cancel    context.CancelFunc
	running   sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener  // nil while connections are refused
	held     chan struct{} // closed when the held answers and requests may go on; nil while nothing is held
	latency  time.Duration
	refusal  refusal
	pipes    map[*pipe]bool
}

// NewProxy returns a proxy in front of the server at address, a host and port. The caller closes it.
func NewProxy(address string) (*Proxy, error) { return newProxy(address, nil) }

func newProxy(address string, refuser func(name string) refuser) (*Proxy, error) {
	l, err := listenApart()
	if err != nil {
		return nil, fmt.Errorf("no port for a proxy on 127.0.0.1: %w", err)
	}
	p := &Proxy{Address: l.Addr().String(), upstream: address, refuser: refuser, pipes: map[*pipe]bool{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.serve(l)
	return p, nil
}

// Secure reports whether clients speak TLS with the server. One that checks the server's certificate refuses a proxy.
func (s *Server) Secure() bool {
	u, err := url.Parse(s.URL)
	return err == nil && s.kind.secure != nil && s.kind.secure(u)
}

// Proxy returns a proxy in front of a server that is not secure, and the URL that leads a client through it. The caller closes it.
func (s *Server) Proxy() (p *Proxy, address string, err error) { return s.proxy(nil) }

func (s *Server) proxy(refuser func(name string) refuser) (p *Proxy, address string, err error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, "", errors.New("backend " + s.Name + ": not a URL")
	}
	port := u.Port()
	if port == "" {
		port = s.kind.port
	}
	if p, err = newProxy(net.JoinHostPort(u.Hostname(), port), refuser); err != nil {
		return nil, "", err
	}
	if there := *u; s.kind.drop != nil {
		p.dropThere = func(ctx context.Context, ports []int) error { return s.kind.drop(ctx, &there, ports) }
	}
	u.Host = p.Address
	return p, u.String(), nil
}

// listenApart listens on a port outside the range that systems give to clients. While a port of that range refuses connections, the system
// may give it to another program, and a client that connects to it again and again is connected to itself in the end.
func listenApart() (l net.Listener, err error) {
	const first, end, tries = 10_000, 32_768, 100
	for range tries {
		l, err = net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(first+rand.IntN(end-first))))
		if err == nil {
			return l, nil
		}
	}
	return nil, err
}

// Latency makes every answer of the server come later by d.
func (p *Proxy) Latency(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm()
	p.latency = d
}

// Cut ends each open connection in the middle of its next answer: the server has done its work, and the client does not hear of it. New
// connections are sound.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm()
	for pipe := range p.pipes {
		pipe.cut = true
	}
}

// Refuse ends all connections and refuses new ones, like a machine without the server.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	for pipe := range p.pipes {
		pipe.reset()
	}
	p.calm()
}

// Blackhole silently lets nothing through, in either direction. New connections are taken, and hear nothing.
func (p *Proxy) Blackhole() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm()
	p.held = make(chan struct{})
}

// Restore ends all harm. Everything that a Blackhole holds back gets through. Restore fails if another program has taken the port of a proxy
// that refused connections, and keeps it for some seconds.
func (p *Proxy) Restore() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm()
	for pipe := range p.pipes {
		pipe.cut = false
	}
	if p.listener != nil || p.ctx.Err() != nil {
		return nil
	}
	// The lock stays held: no other harm begins before this one has ended.
	const patience, pause = 5 * time.Second, 20 * time.Millisecond
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		l, err := net.Listen("tcp4", p.Address)
		if err == nil {
			p.serve(l)
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("the proxy cannot take connections again: %w", err)
		}
	}
}

// Close ends all connections and waits until nothing of the proxy is left.
func (p *Proxy) Close() error {
	p.cancel()
	p.Refuse()
	p.running.Wait()
	return nil
}

// calm ends the harm to all connections. The caller holds the lock.
func (p *Proxy) calm() {
	p.latency = 0
	if p.held != nil {
		close(p.held)
		p.held = nil
	}
}

// serve takes connections until l is closed. The caller holds the lock, or nobody else knows p.
func (p *Proxy) serve(l net.Listener) {
	p.listener = l
	p.running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.running.Go(func() { p.connect(l, client.(*net.TCPConn)) })
		}
	})
}

// connect connects a client of l with the server until one of them leaves.
func (p *Proxy) connect(l net.Listener, client *net.TCPConn) {
	c := &pipe{proxy: p, client: client, gone: make(chan struct{}), refuser: p.newRefuser(), said: time.Now()}
	p.mu.Lock()
	p.pipes[c] = true
	if p.listener != l {
		c.reset()
	}
	p.mu.Unlock()
	server, err := new(net.Dialer).DialContext(p.ctx, "tcp", p.upstream)
	p.mu.Lock()
	if err == nil {
		c.server = server.(*net.TCPConn)
		if c.ended {
			_ = c.server.Close()
		}
	}
	p.mu.Unlock()
	if err == nil {
		c.run()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pipes, c)
	c.reset()
}

// A pipe is one connection through the proxy.
type pipe struct {
	proxy  *Proxy
	client *net.TCPConn
	server *net.TCPConn  // nil until there is one
	gone   chan struct{} // closed by reset

	refuser refuser

	// The lock of the proxy guards the fields below.
	ended bool
	cut   bool      // the next answer is cut
	told  bool      // the client has been told that the server has ended the connection
	said  time.Time // when something passed last
	asked bool      // the client has spoken last
}

// reset ends both sides of the connection at once. The client gets a reset, not a normal end. The caller holds the lock of the proxy.
func (c *pipe) reset() {
	if c.ended {
		return
	}
	c.ended = true
	_ = c.client.SetLinger(0)
	_ = c.client.Close()
	if c.server != nil {
		_ = c.server.Close()
	}
	close(c.gone)
}

// run moves bytes both ways until both sides have ended.
func (c *pipe) run() {
	var both sync.WaitGroup
	both.Go(c.up)
	both.Go(c.down)
	both.Wait()
}

// up moves bytes from the client to the server.
func (c *pipe) up() {
	buffer := make([]byte, 32<<10)
	for {
		n, err := c.client.Read(buffer)
		if !c.pass() {
			return
		}
		if n > 0 {
			c.speaks(true)
			if _, err := c.server.Write(c.refuser.up(buffer[:n], c.proxy.refused())); err != nil {
				return // the last answers of the server still come down
			}
		}
		if err != nil {
			_ = c.server.CloseWrite()
			return
		}
	}
}

// end ends the connection.
func (c *pipe) end() {
	c.proxy.mu.Lock()
	defer c.proxy.mu.Unlock()
	c.reset()
}

// A chunk is a part of the server's answers.
type chunk struct {
	text []byte
	due  time.Time
}

// down moves bytes from the server to the client.
func (c *pipe) down() {
	chunks := make(chan chunk, 64)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(chunks)
		for {
			text := make([]byte, 32<<10)
			n, err := c.server.Read(text)
			due := time.Now().Add(c.proxy.late())
			if n > 0 {
				select {
				case chunks <- chunk{text[:n], due}:
				case <-c.gone:
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	defer reading.Wait()
	for next := range chunks {
		if !c.wait(next.due) || !c.pass() {
			return
		}
		c.proxy.mu.Lock()
		cut := c.cut
		c.proxy.mu.Unlock()
		next.text = c.refuser.down(next.text)
		if cut {
			_, _ = c.client.Write(next.text[:middle(next.text)])
			c.end()
			return
		}
		c.speaks(false)
		if _, err := c.client.Write(next.text); err != nil {
			c.end()
			return
		}
	}
	if c.pass() {
		_ = c.client.CloseWrite()
		c.proxy.mu.Lock()
		c.told = true
		c.proxy.mu.Unlock()
	}
}

// middle returns where to cut an answer: not at the end of a line, because many protocols end an answer there.
func middle(text []byte) int {
	at := len(text) / 2
	if at > 1 && text[at-1] == '\n' {
		at--
	}
	return at
}

func (p *Proxy) late() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.latency
}

// pass waits while bytes are held back, and reports whether the connection is still there.
func (c *pipe) pass() bool {
	for {
		c.proxy.mu.Lock()
		held, ended := c.proxy.held, c.ended
		c.proxy.mu.Unlock()
		if held == nil || ended {
			return !ended
		}
		select {
		case <-held:
		case <-c.gone:
		}
	}
}

// wait waits until due, and reports whether the connection is still there.
func (c *pipe) wait(due time.Time) bool {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.gone:
		return false
	}
}
