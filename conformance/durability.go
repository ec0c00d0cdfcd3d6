package conformance

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var durabilityChecks = []check{
	{requirement: contract.DurabilityCrashOpens, body: afterKills, when: late, reopens: true},
	{requirement: contract.DurabilityCrashWhole, body: afterKills, when: late, reopens: true},
	{requirement: contract.DurabilityCrashAcknowledged, body: afterKills, when: late, reopens: true},
	{requirement: contract.DurabilityCrashNoRevival, body: afterKills, when: late, reopens: true},
	{requirement: contract.DurabilityCrashLists, body: afterKills, when: late, reopens: true},
	{requirement: contract.DurabilityCrashCleared, body: afterKills, when: late, reopens: true},
}

// A killing bounds how often a process is killed, and the time for it. The fewest kills may take as long again three times, and beside that
// what it takes to open the store so often, which is long on a busy machine.
type killing struct {
	fewest, most int
	time         time.Duration
}

var killings = map[Depth]killing{
	Normal:   {16, 60, 4 * time.Second},
	Thorough: {60, 600, time.Minute},
}

// endings are what is done before the kills, in turn. A store that keeps an acknowledged set for a moment may write it when it is asked for
// something else: nothing else may come then. The same goes for a destroy. Most faults show more often where anything comes.
var endings = []string{"set", "", "", "", "set", "", "destroy", ""}

// longOpening is how long a store takes to open that gets no more time for it.
const longOpening = 5 * time.Second

// enough reports whether n kills are enough after a time, of a store that takes so long to open.
func (k killing) enough(n int, took, opening time.Duration) bool {
	opening = min(opening, longOpening)
	return n >= k.most || took > k.time && (n >= k.fewest || took > 4*k.time+time.Duration(k.fewest)*opening)
}

// crashes is what was seen of a store whose process was killed, for several checks to judge: it is made once, because it takes time.
type crashes struct {
	kills, inFlight int
	acknowledged    int // sets and destroys before a kill
	// idle is why there is nothing to judge.
	idle string
	// closed: the store did not open after a kill, so that nothing else was seen.
	closed bool
	// stopped is why nothing can be said of what was not found until then.
	stopped string
	// unlisted is why nothing can be said of what the store lists.
	unlisted string
	// uncleared is why nothing can be said of what clear has removed.
	uncleared string
	// found is what was seen first that violates a requirement.
	found map[*contract.Requirement]finding
}

type finding struct {
	calls []string
	text  string
}

// afterKills is the body of every check of the chapter. Each looks for violations of its own requirement.
func afterKills(t *C) {
	if _, some := killings[t.suite.options.Depth]; !some {
		t.Skip("at depth %s no process is killed", t.suite.options.Depth)
	}
	made := &t.suite.crashes[t.attempt]
	if *made == nil {
		*made = sync.OnceValue(t.crash)
	}
	c := (*made)()
	if found, ok := c.found[t.check.requirement]; ok {
		t.ShowCalls(found.calls...)
		t.Fail("%s", found.text)
	}
	t.ShowCalls()
	switch {
	case c.idle != "":
		t.Skip("%s", c.idle)
	case t.check.requirement == contract.DurabilityCrashLists && c.unlisted != "":
		t.Skip("%s", c.unlisted)
	case c.closed:
		t.Skip("the store does not open after a kill: see %s", contract.DurabilityCrashOpens.ID)
	case c.stopped != "":
		t.Inconclusive("%s", c.stopped)
	case t.check.requirement == contract.DurabilityCrashCleared:
		if c.uncleared != "" {
			t.Skip("%s", c.uncleared)
		}
		return // it was killed between calls
	case c.inFlight == 0:
		t.Inconclusive("the process was killed %d times, and never with a call in flight", c.kills)
	case c.acknowledged == 0:
		t.Inconclusive("the process was killed %d times, and no set or destroy was acknowledged before", c.kills)
	}
	t.Log("killed %d times, with %d calls in flight", c.kills, c.inFlight)
}

// A crasher kills the process of a store again and again.
type crasher struct {
	t       *C
	process *Instance
	crashes *crashes
	// missingIsError: the store answers with an error for an id that was never set, which is get/missing's matter.
	missingIsError bool
	// usual is how long the store takes to open where no process was killed.
	usual   time.Duration
	rounds  int // that were begun
	listing listing
	// cut and prolonged are of the rounds that are over.
	cut       []cutID
	prolonged map[string][]*life // by the kind of call. What was prolonged without a kill comes first; nil is what was not
	beside    int                // how many sessions may be stored that were to be prolonged
	// unsettled are the ids with a call that failed or was cut off: it may still take effect, where it was on its way to a server.
	unsettled map[string]bool
}

func newCrasher(t *C) *crasher {
	return &crasher{
		t: t, crashes: &crashes{found: map[*contract.Requirement]finding{}},
		listing: t.newListing(), prolonged: map[string][]*life{}, unsettled: map[string]bool{},
	}
}

// reopening is how long a store may take to open after a kill, and how long it is tried, beside what it takes to open in any case: a lock
// that ages counts as one that nobody holds after ten seconds in a library that many use.
const (
	reopening      = 10 * time.Second
	reopeningSlack = 2 * time.Second
)

// crash lets clients make calls, kills the process in the middle of them, opens the store again and looks at what is there; all over again
// until the depth is reached. What was looked at once is looked at again after the next kill, or changed before it.
func (t *C) crash() *crashes {
	// Whichever check asks first, they see the same values.
	h := fnv.New64a()
	h.Write([]byte(t.check.requirement.Chapter()))
	t.Rand = rand.New(rand.NewPCG(t.suite.options.Seed, h.Sum64()+uint64(t.attempt)))
	c := newCrasher(t)
	k := killings[t.suite.options.Depth]
	start := time.Now()
	if !c.withoutKill() {
		return c.crashes
	}
	var before *crashRound
	for !k.enough(c.crashes.kills, time.Since(start), c.usual) {
		r := c.round()
		if before != nil {
			r.inherit(before)
		}
		r.playUntilKilled(c.process)
		c.crashes.kills++
		c.crashes.inFlight += r.inFlight()
		c.crashes.acknowledged += r.acknowledged()
		switch err := c.opens(r.lines("")); {
		case errors.Is(err, probe.ErrNotStarted):
			c.crashes.stopped = fmt.Sprintf("after a kill no process could be started for the store: %v", err)
			return c.crashes
		case err != nil:
			c.crashes.closed = true
			return c.crashes
		}
		c.look(r)
		if before != nil {
			before.reopened++
			c.look(before)
			c.leave(before)
		}
		before = r
		t.ShowCalls()
	}
	c.leave(before)
	for _, by := range c.t.prolongers() {
		c.lookForProlonged(by)
	}
	c.lookAtList()
	c.useCut()
	if c.killAfterClear() {
		c.process.Close()
	}
	return c.crashes
}

// round begins a round.
func (c *crasher) round() *crashRound {
	c.rounds++
	r := c.t.crashRound()
	r.number = c.rounds
	r.prefix = fmt.Sprintf("%s%d-", c.listing.prefix, c.rounds)
	r.last = endings[c.rounds%len(endings)]
	return r
}

// withoutKill plays a round that ends in a close. A store that loses something there does so without a kill, which other requirements tell.
func (c *crasher) withoutKill() bool {
	t := c.t
	open := func() bool {
		var err error
		start := time.Now()
		if c.process, err = t.TryOpenProcess(t); err != nil {
			t.broken(fmt.Errorf("the store could not be opened in a process of its own: %w", err))
		}
		ctx, cancel := awake.WithTimeout(t, reopening+reopeningSlack)
		defer cancel()
		if err = c.serves(ctx); err != nil {
			c.crashes.idle = fmt.Sprintf("the store in a process of its own does not serve, without a kill: %v", err)
		}
		c.usual = time.Since(start)
		t.capabilities = spec.CapabilitiesOf(c.process.store)
		return err == nil
	}
	if !open() {
		return false
	}
	_, err := c.process.TryGet(neverSet)
	c.missingIsError = err != nil
	c.beginList()
	r := c.round()
	const each = 8
	r.play(c.process, each, nil, r.prolonging(c.process)...)
	c.process.Close()
	if !open() {
		return false
	}
	c.look(r)
	c.leave(r)
	c.lookAtList()
	for r := range c.crashes.found {
		c.crashes.idle = "calls in flight together and a close lose sessions already, without a kill: see " + r.ID
	}
	return c.crashes.idle == ""
}

// opens opens the store after a kill that has met these calls. That it stays closed is held against the store, unless no process was started.
func (c *crasher) opens(calls []string) error {
	err := c.reopen()
	if err != nil && !errors.Is(err, probe.ErrNotStarted) {
		c.find(contract.DurabilityCrashOpens, calls, "wanted    the store to open within %v of the kill\ngot       %v", reopening, err)
	}
	return err
}

// reopen opens the store after a kill. Of a store that stays closed it returns the last that was said, and the end of the time where there is
// nothing else.
func (c *crasher) reopen() (last error) {
	ctx, cancel := awake.WithTimeout(c.t, reopening+reopeningSlack+2*c.usual)
	defer cancel()
	for {
		i, err := c.t.TryOpenProcess(ctx)
		if err == nil {
			c.process = i
			return c.serves(ctx)
		}
		if c.t.Err() != nil {
			c.t.broken(err)
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return last
		case <-time.After(100 * time.Millisecond): // a lock that ages, ages by itself
		}
	}
}

// serves waits until the store serves: one that is open may not have reached its server yet.
func (c *crasher) serves(ctx context.Context) error {
	for {
		err := c.tryToServe()
		if err == nil || ctx.Err() != nil {
			return err
		}
		c.t.pause(20 * time.Millisecond)
	}
}

// tryToServe sets, gets and removes a session that nothing else is asked of.
func (c *crasher) tryToServe() error {
	id := c.t.ID()
	defer c.process.Remove(id)
	if err := c.process.TrySet(id, c.t.Session(markerName, c.listing.prefix+"serves.")); err != nil {
		return fmt.Errorf("set is answered with the error %w", err)
	}
	if _, err := c.process.TryGet(id); err != nil {
		return fmt.Errorf("get is answered with the error %w", err)
	}
	return nil
}

// look judges what a get finds of every id of a round.
func (c *crasher) look(r *crashRound) {
	got := make([]*spec.Session, len(r.ids))
	errs := c.t.Parallel(len(r.ids), func(n int) (err error) {
		got[n], err = c.process.TryGet(r.ids[n])
		return err
	})
	for n, id := range r.ids {
		err := errs[n]
		if c.missingIsError {
			err = nil
		}
		c.listing.keep(id, got[n])
		violated, saw := r.judge(id, got[n], err)
		if violated == nil {
			if err == nil {
				r.found[id] = got[n]
			}
			continue
		}
		c.find(violated, append(r.lines(id), fmt.Sprintf("get(%s) → %s", quote(id), saw)),
			"wanted    of get(%s) %s\ngot       %s", quote(id), r.wanted(id), saw)
	}
}

// find keeps what is the first of its kind.
func (c *crasher) find(r *contract.Requirement, calls []string, format string, args ...any) {
	if _, known := c.crashes.found[r]; !known {
		c.crashes.found[r] = finding{calls, fmt.Sprintf(format, args...)}
	}
}
