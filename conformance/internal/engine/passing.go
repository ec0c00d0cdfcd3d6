package engine

import (
	"context"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
)

// A passing moves a running clock for all checks that live by it: when each of them waits for a moment, the clock goes to the first of these
// moments. No call is in flight then. A nil passing does nothing.
type passing struct {
	clock subject.RunningClock
	// calls is held for reading by each call, and for writing while the clock moves.
	calls sync.RWMutex

	mu      sync.Mutex
	busy    int // goroutines of checks that do not wait
	awaited int // checks that are to begin before the clock moves
	waiting map[*moment]bool
	moving  bool
}

// A moment is what a goroutine of a check waits for.
type moment struct {
	when time.Time
	come chan struct{} // closed when it has come
}

// newPassing returns what moves a clock, nil for one that does not run.
func newPassing(c subject.Clock) *passing {
	clock, runs := c.(subject.RunningClock)
	if !runs {
		return nil
	}
	return &passing{clock: clock, waiting: map[*moment]bool{}}
}

// enter counts goroutines that do something from now on, until leave is called. With -1 one that was counted does nothing.
func (p *passing) enter(n int) (leave func()) {
	p.count(n)
	return func() { p.count(-n) }
}

func (p *passing) count(n int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy += n
	p.move()
}

// await keeps the clock where it is until n checks have arrived.
func (p *passing) await(n int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awaited += n
}

// arrive counts one of the checks that are awaited, which has entered.
func (p *passing) arrive() { p.await(-1) }

// call begins a call, which ends with end.
func (p *passing) call() (end func()) {
	if p == nil {
		return func() {}
	}
	p.calls.RLock()
	return p.calls.RUnlock
}

// wait waits for a moment. It returns why ctx has ended, if that comes first.
func (p *passing) wait(ctx context.Context, when time.Time) error {
	m := &moment{when, make(chan struct{})}
	p.mu.Lock()
	p.waiting[m] = true
	p.busy--
	p.move()
	p.mu.Unlock()
	timer := time.NewTimer(when.Sub(p.clock.Now())) // the clock goes by itself too
	defer timer.Stop()
	select {
	case <-m.come:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wake(m)
	return context.Cause(ctx)
}

// wake ends the waiting of a goroutine. The caller holds the lock.
func (p *passing) wake(m *moment) {
	if p.waiting[m] {
		delete(p.waiting, m)
		p.busy++
		close(m.come)
	}
}

// move has the clock move if everybody waits. The caller holds the lock.
func (p *passing) move() {
	if p.busy > 0 || p.awaited > 0 || p.moving || len(p.waiting) == 0 {
		return
	}
	p.moving = true
	go p.moveOn()
}

// moveOn moves the clock from moment to moment for as long as everybody waits.
func (p *passing) moveOn() {
	p.calls.Lock()
	defer p.calls.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.busy == 0 && p.awaited == 0 && len(p.waiting) > 0 {
		first := time.Time{}
		for m := range p.waiting {
			if first.IsZero() || m.when.Before(first) {
				first = m.when
			}
		}
		p.mu.Unlock()
		if d := first.Sub(p.clock.Now()); d > 0 {
			p.clock.Advance(d)
		}
		p.mu.Lock()
		now := p.clock.Now()
		for m := range p.waiting {
			if !m.when.After(now) {
				p.wake(m)
			}
		}
	}
	p.moving = false
}
