package engine

import (
	"sync"
	"time"
)

const (
	// timeoutAfterHang bounds the calls of a method that has hung before: once is enough to wait in full.
	timeoutAfterHang = 3 * time.Second
	// longerThanUsual times what an answer took lately is waited for in any case: a slow store has not hung.
	longerThanUsual = 3
	// timeoutAfterManyHangs bounds them once manyHangs calls were not answered, as in a store that answers no miss.
	timeoutAfterManyHangs = time.Second
	manyHangs             = 2
	// timeoutAfterMostHangs bounds them once mostHangs calls were not answered.
	timeoutAfterMostHangs = 300 * time.Millisecond
	mostHangs             = 4
	// timeoutIfNeverAnswered bounds the calls of a method that was never answered, as in a store that returns promises and takes no
	// callbacks.
	timeoutIfNeverAnswered = 300 * time.Millisecond
	// timeoutOfHopelessMiss bounds a get of an id that was never set, once the store is known to answer no miss.
	timeoutOfHopelessMiss = 100 * time.Millisecond
	// missesUntilHopeless is how many gets of ids that were never set hang, and no miss is answered, until misses count as never answered.
	missesUntilHopeless = 3
	// hangsUntilHopeless is how many unanswered calls, without an answered one, make a method count as never answered.
	hangsUntilHopeless = 2
)

// FewestTries is how often something is tried in vain before it is held against the store, however late the machine is.
const FewestTries = 10

// patience is how long the calls of a run are waited for.
type patience struct {
	full time.Duration

	mu      sync.Mutex
	methods map[string]*answerCount
	misses  answerCount // gets of ids that were never set, and all that were answered without a session
	givenUp bool        // some call was not waited for as long as it may take
}

// An answerCount is what became of the calls of a method.
type answerCount struct {
	answered bool          // some call was
	hung     int           // how many were not
	lastHung time.Time     // when the last of these was given up
	longest  time.Duration // that an answer took lately
}

// hang counts a call that was not answered in some time. Where others were, calls that hung at the same time count once: the process may have
// stood still for all of them.
func (a *answerCount) hang(took time.Duration) {
	now := time.Now()
	if together := now.Add(-took).Before(a.lastHung); !a.answered || !together {
		a.hung++
	}
	a.lastHung = now
}

// of returns what is known of a method. The caller holds the lock.
func (p *patience) of(method string) *answerCount {
	if p.methods == nil {
		p.methods = map[string]*answerCount{}
	}
	if p.methods[method] == nil {
		p.methods[method] = &answerCount{}
	}
	return p.methods[method]
}

// note remembers whether a call of a method was answered, after some time.
func (p *patience) note(method string, answered bool, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if count := p.of(method); answered {
		count.answered = true
		count.longest = max(took, count.longest*9/10) // a single late answer is soon no measure any more
	} else {
		count.hang(took)
	}
}

// noteGet remembers what became of a get beside its time: whether it was answered and with a session, and whether its id was never set.
func (p *patience) noteGet(answered, found, neverSet bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case answered && !found:
		p.misses.answered = true
	case !answered && neverSet:
		p.misses.hung++
	}
}

// missesHang reports whether the store answers no get of a session that is missing.
func (p *patience) missesHang() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.missesNeverAnswered()
}

// missesNeverAnswered is missesHang for a caller that holds the lock.
func (p *patience) missesNeverAnswered() bool {
	return !p.misses.answered && p.misses.hung >= missesUntilHopeless
}

// expects reports whether an answer to a call of a method is to be expected: the store has answered each such call so far, and those that get what
// is missing.
func (p *patience) expects(method string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	count := p.of(method)
	return count.answered && count.hung == 0 && p.misses.hung == 0
}

// limit is how long a call of a method is waited for.
func (p *patience) limit(method string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	count, limit := p.of(method), p.full
	switch {
	case count.hung > 0:
		limit = count.timeout()
	// The method may make calls of one that hangs, as a page does.
	case p.missesNeverAnswered():
		limit = timeoutAfterManyHangs
	case p.hung() >= mostHangs:
		limit = timeoutAfterHang
	}
	return min(max(limit, longerThanUsual*count.longest), p.full)
}

// hung is how many calls were not answered, of all methods. The caller holds the lock.
func (p *patience) hung() (calls int) {
	for _, count := range p.methods {
		calls += count.hung
	}
	return calls
}

// timeout is how long a call of a method is waited for that has hung before.
func (a *answerCount) timeout() time.Duration {
	switch {
	case a.hung >= hangsUntilHopeless && !a.answered:
		return timeoutIfNeverAnswered
	case a.hung >= mostHangs:
		return timeoutAfterMostHangs
	case a.hung >= manyHangs:
		return timeoutAfterManyHangs
	}
	return timeoutAfterHang
}

// giveUp remembers that a call was not waited for any longer, though it may still be answered.
func (p *patience) giveUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.givenUp = true
}

// lostCallback reports whether some call of the run was left without its callback. Then a late callback need not be the second one.
func (p *patience) lostCallback() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.givenUp {
		return true
	}
	for _, count := range p.methods {
		if count.hung > 0 {
			return true
		}
	}
	return false
}

// firstHang reports whether a single call has hung, and none was answered.
func (p *patience) firstHang() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	hung := 0
	for _, count := range p.methods {
		if count.answered {
			return false
		}
		hung += count.hung
	}
	return hung == 1
}

// MissesHang reports whether the store has shown that it answers no get of a session that is missing.
func (t *C) MissesHang() bool { return t.condition.patience.missesHang() }

// Note remembers how a call ended that was not made through an Instance, after some time: for the timeouts of calls to come, and for what a
// busy machine may have brought about.
func (t *C) Note(method string, err error, took time.Duration) {
	t.condition.patience.note(method, answered(err), took)
	t.condition.giveUps.note(err, took, false)
}
