package target

import (
	"context"
	"errors"
	"sync"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/spec"
)

// idle are processes whose store is closed, those that have been so longest in front. To start a process and to load a store costs more than most
// checks. A process takes another store only while a second one is idle: a store that is opened again never meets the process that it has left.
type idle struct {
	mu        sync.Mutex
	processes []*bridge.Process
}

func (i *idle) put(p *bridge.Process) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.processes = append(i.processes, p)
}

func (i *idle) take() *bridge.Process {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.processes) < 2 {
		return nil
	}
	p := i.processes[0]
	i.processes = i.processes[1:]
	return p
}

// openAgain opens an instance in a process without others: an idle one, or a new one.
func (h *host) openAgain(ctx context.Context, params bridge.OpenParams) (spec.Store, error) {
	return h.openAgainBy(ctx, h.command, &h.idle, params)
}

// openAgainBy is openAgain for the processes that a command starts.
func (h *host) openAgainBy(ctx context.Context, c bridge.Command, i *idle, params bridge.OpenParams) (spec.Store, error) {
	for p := i.take(); p != nil; p = i.take() {
		if p.Check(ctx) != nil {
			continue // the store that was closed has taken its process down
		}
		s, err := p.Open(ctx, params)
		if err == nil {
			return lent{s, p, i}, nil
		}
		_ = p.Close() // a new process shows whether the store is why
	}
	alone, err := h.openBy(ctx, c, params)
	if err != nil {
		return nil, err
	}
	return lent{alone.Store, alone.Process, i}, nil
}

// lent is a store that leaves its process to another one when it is closed.
type lent struct {
	*bridge.Store
	process *bridge.Process
	idle    *idle
}

func (l lent) Close() error {
	if err := l.Store.Close(); err != nil {
		return errors.Join(err, l.process.Close())
	}
	l.idle.put(l.process)
	return nil
}
