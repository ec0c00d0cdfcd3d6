package backend

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// dropPatience is how long a server may take to end connections.
const dropPatience = 10 * time.Second

// Drop ends the connections of the proxy as the server ends one that has been idle for too long: with the same words, where it says any. It returns
// when the system has the end of each connection for its client. No call may be in flight.
func (p *Proxy) Drop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, dropPatience)
	defer cancel()
	p.mu.Lock()
	var idle []*pipe
	var ports []int
	for c := range p.pipes {
		if c.server == nil || c.ended {
			continue
		}
		idle = append(idle, c)
		if at, ok := c.server.LocalAddr().(*net.TCPAddr); ok {
			ports = append(ports, at.Port)
		}
	}
	p.mu.Unlock()
	if p.dropThere == nil {
		for _, c := range idle {
			_ = c.server.Close()
		}
	} else if err := p.dropThere(ctx, ports); err != nil {
		return fmt.Errorf("the server does not end idle connections: %w", err)
	}
	const pause = time.Millisecond
	for ; p.untold(idle); time.Sleep(pause) {
		if ctx.Err() != nil {
			return errors.New("the server has not ended all idle connections")
		}
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
