package backend

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Pool lends servers that take long to start to one run after the other. Its methods may be called from several goroutines.
//
// A server is lent to one run at a time, and is as new for the next: its databases are dropped and made again. Two runs on one server at the same
// time could keep their keys apart, but not what concerns the server as a whole: a store that clears or counts more than its own, the number of
// connections, settings, load. So a pool has as many servers of a kind as runs used that kind at the same time. A server that starts about as fast
// as it is wiped is not lent at all: each run starts its own.
type Pool struct {
	mu     sync.Mutex
	idle   []*Server
	closed bool
}

// CanLend reports whether a pool has servers of this kind.
func CanLend(name string) bool {
	k, err := kindOf(name)
	return err == nil && k.wipe != nil
}

// Lend returns a server of a kind that nobody else uses. ctx bounds the start of one. The caller gives it back, and does not stop it.
func (p *Pool) Lend(ctx context.Context, name string) (*Server, error) {
	if !CanLend(name) {
		return nil, fmt.Errorf("backend %s: each run starts its own", name)
	}
	for s := p.take(name); s != nil; s = p.take(name) {
		if s.Alive(ctx) == nil {
			return s, nil
		}
		_ = s.Stop() // it broke while nobody used it
	}
	return Start(ctx, name)
}

func (p *Pool) take(name string) *Server {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.idle {
		if s.Name == name {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return s
		}
	}
	return nil
}

// wipeTime is how long a server may take to become as new. One that takes longer is stopped.
const wipeTime = 10 * time.Second

// Return takes a server back from a run whose stores are closed. A server that cannot be made as new is stopped.
func (p *Pool) Return(s *Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), wipeTime)
	defer cancel()
	u, err := s.address()
	if err == nil {
		err = s.kind.wipe(ctx, u)
	}
	if err != nil {
		return s.Stop()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return s.Stop()
	}
	p.idle = append(p.idle, s)
	return nil
}

// Close stops every server that was given back, and each one that is given back later.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for _, s := range p.idle {
		errs = append(errs, s.Stop())
	}
	p.idle = nil
	return errors.Join(errs...)
}
