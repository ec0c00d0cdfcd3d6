package engine

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// queue makes n calls at once on a store that takes some time for each, one at a time where they wait for one another, and returns how long
// the slowest was in flight and how many were in flight together.
func queue(p *pace, n int, takes time.Duration, one bool) (slowest time.Duration, together int64) {
	lock := make(chan struct{}, 1)
	var inFlight, most atomic.Int64
	var longest atomic.Int64
	var running sync.WaitGroup
	for range n {
		running.Go(func() {
			turn := p.begin(context.Background(), 0, "set")
			start := time.Now()
			most.Store(max(most.Load(), inFlight.Add(1)))
			if one {
				lock <- struct{}{}
			}
			time.Sleep(takes)
			if one {
				<-lock
			}
			inFlight.Add(-1)
			took := time.Since(start)
			longest.Store(max(longest.Load(), int64(took)))
			turn.end(took, true)
		})
	}
	running.Wait()
	return time.Duration(longest.Load()), most.Load()
}

// No call waits so long for others that it is not answered in time, and a fast store is asked as much at once as ever.
func TestPace(t *testing.T) {
	const full = 15 * time.Second
	for _, c := range []struct {
		name  string
		takes time.Duration
		one   bool
		least int64 // in flight together
		slow  bool
	}{
		{"fast", time.Millisecond, false, 90, false},
		{"fast, one at a time", 10 * time.Millisecond, true, 90, false},
		{"another town", 100 * time.Millisecond, false, 70, false},
		{"slow", time.Second, false, 7, true},
		{"slow, one at a time", time.Second, true, 7, true},
		{"very slow, one at a time", 3 * time.Second, true, 2, true},
		{"slower than half of the time", 10 * time.Second, true, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPace(full)
				slowest, together := queue(p, 100, c.takes, c.one)
				if slowest > full || together < c.least {
					t.Errorf("the slowest call took %s, and %d were in flight together", slowest, together)
				}
				if slow := p.slow() > 0; slow != c.slow {
					t.Errorf("slow: %t", slow)
				}
				if said := p.String(); (said != "") != c.slow || c.slow && !strings.HasPrefix(said, "set takes "+c.takes.String()[:1]) {
					t.Errorf("%q", said)
				}
			})
		})
	}
}

// A first call that connects makes no slow store, and neither does a hang.
func TestPaceOfOneSlowCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(15 * time.Second)
		p.begin(t.Context(), 0, "set").end(2*time.Second, true)
		p.begin(t.Context(), 0, "get").end(15*time.Second, false)
		queue(p, 10, time.Millisecond, false)
		if p.slow() > 0 || p.String() != "" {
			t.Errorf("%s %q", p.slow(), p)
		}
	})
}

// Few checks run beside others where the store is slow.
func TestPaceOfChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for takes, want := range map[time.Duration]int{time.Millisecond: 50, 125 * time.Millisecond: 8, 3 * time.Second: 1} {
			p := newPace(15 * time.Second)
			queue(p, 5, takes, true)
			var running, most int
			var mu sync.Mutex
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() {
					p.beginCheck(t.Context())
					defer p.endCheck()
					mu.Lock()
					running++
					most = max(most, running)
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					running--
					mu.Unlock()
				})
			}
			all.Wait()
			if most != want {
				t.Errorf("%s a call: %d checks at once, want %d", takes, most, want)
			}
		}
	})
}

// A caller that makes many calls at once does not keep another waiting for all of them.
func TestPaceIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(15 * time.Second)
		queue(p, 5, time.Second, false)
		go queue(p, 100, time.Second, false)
		synctest.Wait()
		start := time.Now()
		p.begin(t.Context(), 1, "set").end(time.Second, true)
		if waited := time.Since(start); waited > time.Second {
			t.Errorf("waited %s", waited)
		}
		time.Sleep(time.Minute)
	})
}
