package backend

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

const (
	// dropPatience is how long a server may take to end connections, and its clients before that to have nothing to do.
	dropPatience = 20 * time.Second
	// dropIdle is how long nothing has been said on a connection that idles, and dropUnanswered how long where its client has spoken last.
	dropIdle       = 50 * time.Millisecond
	dropUnanswered = time.Second
)

// errAtWork says that a connection does not idle.
var errAtWork = errors.New("a connection does not idle")

// Drop ends the connections of the proxy as the server ends one that has been idle for too long: with the same words, where it says any. It waits
// until all idle, because what a store does by itself, such as a sweep, is to come to its end. It returns when the system has the end of each
// connection for its client. No call may be in flight.
func (p *Proxy) Drop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, dropPatience)
	defer cancel()
	const pause = 2 * time.Millisecond
	for ; ; time.Sleep(pause) {
		idle, ports, err := p.idle()
		if err == nil {
			err = p.drop(ctx, idle, ports)
		}
		if errors.Is(err, errAtWork) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return fmt.Errorf("the server does not end idle connections: %w", err)
		}
		for ; p.untold(idle); time.Sleep(pause) {
			if ctx.Err() != nil {
				return errors.New("the server has not ended all idle connections")
			}
		}
		return nil
	}
}

// idle returns the connections, and the ports from which they lead on. The error is errAtWork while one of them does not idle.
func (p *Proxy) idle() (idle []*pipe, ports []int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for c := range p.pipes {
		switch {
		case c.ended || c.told:
			continue
		case c.server == nil, now.Sub(c.said) < dropIdle, c.asked && now.Sub(c.said) < dropUnanswered:
			return nil, nil, errAtWork
		}
		idle = append(idle, c)
		if at, ok := c.server.LocalAddr().(*net.TCPAddr); ok {
			ports = append(ports, at.Port)
		}
	}
	return idle, ports, nil
}

// drop has connections ended.
func (p *Proxy) drop(ctx context.Context, idle []*pipe, ports []int) error {
	if len(idle) == 0 {
		return nil
	}
	if p.dropThere != nil {
		return p.dropThere(ctx, ports)
	}
	for _, c := range idle {
		_ = c.server.Close()
	}
	return nil
}

// untold reports whether a client has not been told of the end of its connection.
func (p *Proxy) untold(pipes []*pipe) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range pipes {
		if !c.told && !c.ended {
			return true
		}
	}
	return false
}

// speaks notes that something passes, from the client or to it.
func (c *pipe) speaks(client bool) {
	c.proxy.mu.Lock()
	defer c.proxy.mu.Unlock()
	c.said, c.asked = time.Now(), client
}
