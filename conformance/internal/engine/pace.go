package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

const (
	// firstCalls come one after the other, so that they show how fast the store is. So do those of a method whose first call was slow: it
	// may have connected.
	firstCalls = 3
	// keptPaces bounds the calls of a method whose times are kept: its latest.
	keptPaces = 9
	// slowCall is what a call of a slow store takes, with nothing else going on.
	slowCall = 250 * time.Millisecond
	// noticed is what a call takes on average before it matters how many checks run side by side.
	noticed = 100 * time.Millisecond
	// roundOfCalls is how long the calls of all checks that run side by side may take together, one of each, if they wait for one another.
	roundOfCalls = time.Second
	// abreast is how many calls a store answers in the time of one when they do not wait for one another.
	abreast = 6
	// delayed is from which multiple of its usual time on a call has waited for others.
	delayed = 1.5
)

// notOfStore are the calls that the process of a store answers, and not the store.
var notOfStore = []string{"resources"}

// A pace is how fast a store answers, measured on the calls that had the store for themselves. A store that is slow, or makes its calls
// wait for one another, is asked less at once: calls in flight together would else wait longer than a call may take.
type pace struct {
	full time.Duration // what a call may take

	mu       sync.Mutex
	waiting  []*turn       // in the order in which they were asked for
	inFlight map[any]int   // the calls of each caller
	flights  int           // all of these calls
	load     time.Duration // what the calls in flight take when they wait for one another
	measures bool          // the call in flight is to be alone
	begun    int           // calls so far
	answered int
	alone    map[string]tempo // by method
	crowded  []float64        // the times of the latest calls that had others beside them, as multiples of the usual
	wide     bool             // these show that the store answers several calls in the time of one
	checks   int              // that run side by side
	freed    chan struct{}    // closed, and made anew, when a check has ended
}

// A tempo is what the latest calls of a method took that were alone, and their median.
type tempo struct {
	times  []time.Duration
	median time.Duration
}

// with returns the tempo after one more call.
func (m tempo) with(took time.Duration) tempo {
	times := latest(append(m.times, took))
	return tempo{times, slices.Sorted(slices.Values(times))[(len(times)-1)/2]}
}

// unsure reports whether too few calls show that the method is slow.
func (m tempo) unsure() bool {
	return len(m.times) > 0 && len(m.times) < firstCalls && m.median >= slowCall
}

func newPace(full time.Duration) *pace {
	return &pace{full: full, inFlight: map[any]int{}, alone: map[string]tempo{}, freed: make(chan struct{})}
}

// A turn is the right of a caller to make a call.
type turn struct {
	pace   *pace
	caller any
	method string
	come   chan struct{} // closed when the call may begin
	load   time.Duration // its own
	queue  time.Duration // what it and all calls ahead of it take, if they wait for one another
	alone  bool          // at its begin
	crowd  bool          // several others were in flight at its begin
	begun  int
}

// begin waits until a caller may make a call of a method: the calls in flight take a part of the time that one may take, even if they wait for
// one another. The turn of a ctx that ends is there at once.
func (p *pace) begin(ctx context.Context, caller any, method string) *turn {
	t := &turn{pace: p, caller: caller, method: method, come: make(chan struct{})}
	p.mu.Lock()
	p.waiting = append(p.waiting, t)
	p.grant()
	p.mu.Unlock()
	select {
	case <-t.come:
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		if i := slices.Index(p.waiting, t); i >= 0 {
			p.waiting = slices.Delete(p.waiting, i, i+1)
			p.start(t)
		}
	}
	return t
}

// beginApart is begin for the caller of a store in a process to be killed: nothing there waits, unless the store is slow, because a kill is to
// meet as many calls as can be.
func (p *pace) beginApart(ctx context.Context, caller any, method string) *turn {
	p.mu.Lock()
	fast := p.mean() < noticed
	p.mu.Unlock()
	if fast {
		return &turn{}
	}
	return p.begin(ctx, caller, method)
}

// grant lets calls begin, as many as may: first those of the callers with the fewest in flight, so that one that makes many calls at once
// does not keep the others from their moments. The caller of grant holds the lock.
func (p *pace) grant() {
	for len(p.waiting) > 0 {
		next := 0
		for i, t := range p.waiting {
			if p.inFlight[t.caller] < p.inFlight[p.waiting[next].caller] {
				next = i
			}
		}
		t := p.waiting[next]
		first := p.answered < firstCalls || p.alone[t.method].unsure() || p.measures
		if p.flights > 0 && (first || p.load+p.of(t.method) > p.most(t.caller)) {
			return
		}
		p.waiting = slices.Delete(p.waiting, next, next+1)
		p.start(t)
	}
}

// most returns how long the calls in flight may take together: half of the time of one, so that it is answered, and less where the calls of
// others wait for theirs. The caller of most holds the lock.
func (p *pace) most(caller any) time.Duration {
	if len(p.inFlight) == 1 && p.inFlight[caller] > 0 {
		return p.full / 2 * p.width()
	}
	return p.full / 4 * p.width()
}

// width returns how many calls the store answers in the time of one. The caller holds the lock.
func (p *pace) width() time.Duration {
	if p.wide {
		return abreast
	}
	return 1
}

// start begins the call of a turn. The caller holds the lock.
func (p *pace) start(t *turn) {
	t.load, t.alone, t.crowd = p.of(t.method), p.flights == 0, p.flights > 1
	p.measures = t.alone && p.alone[t.method].unsure()
	p.inFlight[t.caller]++
	p.flights++
	p.load += t.load
	t.queue = p.load
	p.begun++
	t.begun = p.begun
	close(t.come)
}

// end ends a call, which took some time for an answer. The turn of a call that did not wait for others ends without a trace.
func (t *turn) end(took time.Duration, answered bool) {
	p := t.pace
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.inFlight[t.caller]--; p.inFlight[t.caller] == 0 {
		delete(p.inFlight, t.caller)
	}
	p.flights--
	p.load -= t.load
	p.measures = false
	switch {
	case !answered:
		p.answered = max(p.answered, firstCalls) // a store that does not answer shows no pace
	case slices.Contains(notOfStore, t.method):
	case t.alone && t.begun == p.begun:
		p.alone[t.method] = p.alone[t.method].with(took)
	case t.crowd && t.load > 0:
		p.crowded = latest(append(p.crowded, float64(took)/float64(t.load)))
		p.wide = len(p.crowded) == keptPaces && slices.Sorted(slices.Values(p.crowded))[keptPaces/2] <= delayed
	}
	if answered {
		p.answered++
	}
	p.grant()
}

// of returns what a call of a method takes: the median. A method that was not called yet is no better than the others. The caller holds
// the lock.
func (p *pace) of(method string) time.Duration {
	if m := p.alone[method]; len(m.times) > 0 {
		return m.median
	}
	return p.slowest()
}

// slowest returns what a call of the slowest method takes. The caller holds the lock.
func (p *pace) slowest() (longest time.Duration) {
	for _, m := range p.alone {
		if !m.unsure() {
			longest = max(longest, m.median)
		}
	}
	return longest
}

// mean returns what a call of any method takes. The caller holds the lock.
func (p *pace) mean() time.Duration {
	var sum time.Duration
	for _, m := range p.alone {
		if !m.unsure() {
			sum += m.median
		}
	}
	return sum / time.Duration(max(1, len(p.alone)))
}

// latest returns the last of some figures.
func latest[T any](all []T) []T { return all[max(0, len(all)-keptPaces):] }

// beginCheck waits until one more check may run beside others, or ctx ends.
func (p *pace) beginCheck(ctx context.Context) {
	for {
		p.mu.Lock()
		freed := p.freed
		if p.checks == 0 || p.mean() < noticed || time.Duration(p.checks+1)*p.mean() <= roundOfCalls*p.width() || ctx.Err() != nil {
			p.checks++
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
		}
	}
}

func (p *pace) endCheck() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.checks--
	close(p.freed)
	p.freed = make(chan struct{})
}

// expected returns how long a call takes when one of each check that runs now comes first, and zero where that is too short to matter.
func (p *pace) expected() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	pace := p.mean()
	if pace < noticed {
		return 0
	}
	return max(pace, pace*time.Duration(p.checks)/p.width())
}

// slow returns what a call of the slowest method takes where the store is slow, and zero where it is not.
func (p *pace) slow() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pace := p.slowest(); pace >= slowCall {
		return pace
	}
	return 0
}

// String names the slow methods and what a call of each takes. It is empty where the store is not slow.
func (p *pace) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var slow []string
	for method, m := range p.alone {
		if m.median >= slowCall && !m.unsure() {
			slow = append(slow, fmt.Sprintf("%s takes %s", method, phrase.Milliseconds(m.median)))
		}
	}
	slices.Sort(slow)
	return strings.Join(slow, ", ")
}
