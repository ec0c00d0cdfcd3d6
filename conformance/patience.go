package conformance

import (
	"sync"
	"time"
)

// hurried bounds the calls of a method that has hung before: once is enough to wait in full. Where it was never answered, not enough
// times, it is not going to be, as in a store that returns promises and takes no callbacks.
const (
	hurried  = 3 * time.Second
	resigned = 300 * time.Millisecond
	enough   = 2
)

// patience is how long the calls of a run are waited for.
type patience struct {
	full time.Duration

	mu      sync.Mutex
	methods map[string]*answers
}

// answers are what came of the calls of a method.
type answers struct {
	some   bool // some call was answered
	missed int  // so many were not
}

// of returns what is known of a method. The caller holds the lock.
func (p *patience) of(method string) *answers {
	if p.methods == nil {
		p.methods = map[string]*answers{}
	}
	if p.methods[method] == nil {
		p.methods[method] = &answers{}
	}
	return p.methods[method]
}

// note remembers whether a call of a method was answered.
func (p *patience) note(method string, answered bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.of(method); answered {
		a.some = true
	} else {
		a.missed++
	}
}

// limit is how long a call of a method is waited for.
func (p *patience) limit(method string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch a := p.of(method); {
	case a.missed == 0:
		return p.full
	case a.missed < enough || a.some:
		return min(hurried, p.full)
	}
	return min(resigned, p.full)
}

// lost reports whether some call of the run was left without its callback, so that a late one need not be the second.
func (p *patience) lost() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.methods {
		if a.missed > 0 {
			return true
		}
	}
	return false
}
