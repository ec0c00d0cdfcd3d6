package mutants

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A pipeline sends all requests over one connection, without waiting for the answer before.
type pipeline struct {
	address string

	mu      sync.Mutex
	current *connection   // nil when the next request must connect
	waiting []chan string // for answers, in the order of the requests; closed when no answer comes
}

// pipelined makes a store over the network use a pipeline.
func pipelined(f *faulty, r *remote) {
	p := &pipeline{address: r.address}
	r.ask = p.ask
	end := f.close
	f.close = func() error {
		p.mu.Lock()
		c := p.current
		p.mu.Unlock()
		p.drop(c)
		return end()
	}
}

func (p *pipeline) ask(ctx context.Context, request string) (string, error) {
	const patience = 4 * time.Second
	p.mu.Lock()
	if p.current == nil {
		c, err := dial(ctx, p.address, patience, true)
		if err != nil {
			p.mu.Unlock()
			return "", err
		}
		p.current = c
		go p.listen(c)
	}
	c, answer := p.current, make(chan string, 1)
	p.waiting = append(p.waiting, answer)
	_, err := c.Write([]byte(request + "\n"))
	p.mu.Unlock()
	if err != nil {
		p.drop(c)
		return "", err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case text, ok := <-answer:
		if !ok {
			return "", errors.New("the connection was lost")
		}
		return text, nil
	case <-timer.C:
		p.drop(c)
		return "", errors.New("no answer in time")
	}
}

func (p *pipeline) listen(c *connection) {
	defer p.drop(c)
	for {
		text, err := c.answers.ReadString('\n')
		if err != nil {
			return
		}
		p.mu.Lock()
		if p.current != c {
			p.mu.Unlock()
			return
		}
		p.waiting[0] <- text[:len(text)-1]
		p.waiting = p.waiting[1:]
		p.mu.Unlock()
	}
}

// drop ends a connection; nil for none.
func (p *pipeline) drop(c *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c == nil || p.current != c {
		return
	}
	_ = c.Close()
	for _, answer := range p.waiting {
		close(answer)
	}
	p.current, p.waiting = nil, nil
}
