package crash

import (
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A crasher kills the process of a store again and again.
type crasher struct {
	t       *engine.C
	process *engine.Instance
	seen    *observation
	// missingIsError: the store answers with an error for an id that was never set. get/missing judges that.
	missingIsError bool
	// usual is how long the store takes to open when no process was killed.
	usual   time.Duration
	rounds  int // how many were begun
	listing listing
	// interrupted and prolonged come from the rounds that are over.
	interrupted []interruptedID
	prolonged   map[string][]*prolongedSession // by the kind of call; the first was prolonged without a kill, nil was not prolonged
	beside      int                            // how many sessions to be prolonged may still be stored
	// unsettled are the ids with a call that failed or was interrupted. Such a call may still take effect: it may be on its way to a server.
	unsettled map[string]bool
}

func newCrasher(t *engine.C) *crasher {
	return &crasher{
		t: t, seen: &observation{found: map[*contract.Requirement]finding{}},
		listing: newListing(t), prolonged: map[string][]*prolongedSession{}, unsettled: map[string]bool{},
	}
}

// killAgainAndAgain plays rounds: clients make calls, the process is killed in the middle of them, another one opens the store, and all ids
// are looked at. It ends when there were enough kills. An id of a round is looked at again after the next kill, or changed before it.
func killAgainAndAgain(t *engine.C) *observation {
	t.Reseed(t.Requirement().Chapter(), 0)
	c := newCrasher(t)
	k := killBudgets[t.Depth()]
	if !c.withoutKill() {
		return c.seen
	}
	start := time.Now()
	var before *round
	for !k.enough(c.seen.kills, time.Since(start), c.usual) {
		r := c.beginRound()
		if before != nil {
			r.inherit(before)
		}
		r.playUntilKilled(c.process)
		c.seen.kills++
		c.seen.inFlight += r.inFlight()
		c.seen.acknowledged += r.acknowledged()
		switch err := c.opens(r.lines("")); {
		case errors.Is(err, probe.ErrNotStarted):
			c.seen.stopped = fmt.Sprintf("after a kill no process could be started for the store: %v", err)
			return c.seen
		case err != nil:
			c.seen.closed = true
			return c.seen
		}
		if before == nil {
			c.look(r)
		} else {
			before.reopened++
			c.look(r, before)
			c.retire(before)
		}
		before = r
		t.ShowCalls()
	}
	c.retire(before)
	c.lookForProlonged()
	c.lookAtList()
	c.reuseInterrupted()
	if c.killAfterClear() {
		c.process.Close()
	}
	return c.seen
}

// roundEndings are the calls before the kills, in turn; "" is any call. A store that keeps an acknowledged set for a moment may write it when
// another kind of call comes: no other kind comes before some kills. The same goes for a destroy. Most faults show more often when any call
// may come.
var roundEndings = []string{"set", "", "", "", "set", "", "destroy", ""}

// beginRound begins a round.
func (c *crasher) beginRound() *round {
	c.rounds++
	r := newRound(c.t)
	r.number = c.rounds
	r.prefix = fmt.Sprintf("%s%d-", c.listing.prefix, c.rounds)
	r.last = roundEndings[c.rounds%len(roundEndings)]
	return r
}

// withoutKill plays a round that ends with a close, and reports whether the store lost nothing in it. What a store loses without a kill
// is the matter of other requirements.
func (c *crasher) withoutKill() bool {
	t := c.t
	open := func() bool {
		var err error
		start := time.Now()
		if c.process, err = t.TryOpenProcess(t); err != nil {
			t.Broken(fmt.Errorf("the store could not be opened in a process of its own: %w", err))
		}
		ctx, cancel := awake.WithTimeout(t, timeToReopen+timeToReopenSlack)
		defer cancel()
		if err = c.serves(ctx); err != nil {
			c.seen.idle = fmt.Sprintf("the store in a process of its own does not serve, without a kill: %v", err)
		}
		c.usual = time.Since(start)
		c.seen.capabilities = spec.CapabilitiesOf(c.process.Store())
		t.SetCapabilities(c.seen.capabilities)
		return err == nil
	}
	if !open() {
		return false
	}
	c.missingIsError = c.process.MissingIsError()
	c.beginList()
	r := c.beginRound()
	const each = 8
	r.play(c.process, each, nil, r.prolonging(c.process)...)
	c.process.Close()
	if !open() {
		return false
	}
	c.look(r)
	c.retire(r)
	c.lookAtList()
	for r := range c.seen.found {
		c.seen.idle = "calls in flight together and a close lose sessions already, without a kill: see " + r.ID
	}
	return c.seen.idle == ""
}

// look gets every id of some rounds, and judges the answers.
func (c *crasher) look(rounds ...*round) {
	type place struct {
		round *round
		id    string
	}
	var places []place
	for _, r := range rounds {
		for _, id := range r.ids {
			places = append(places, place{r, id})
		}
	}
	got := make([]*spec.Session, len(places))
	errs := c.t.Parallel(len(places), func(n int) (err error) {
		got[n], err = c.process.TryGet(places[n].id)
		return err
	})
	for n, at := range places {
		if c.missingIsError {
			errs[n] = nil
		}
		c.lookAt(at.round, at.id, got[n], errs[n])
	}
}

// lookAt judges the answer to a get of one id.
func (c *crasher) lookAt(r *round, id string, got *spec.Session, err error) {
	c.listing.keep(id, got)
	violated, saw := r.judge(id, got, err)
	if violated == nil {
		if err == nil {
			r.found[id] = got
		}
		return
	}
	c.find(violated, append(r.lines(id), fmt.Sprintf("get(%s) → %s", phrase.Quote(id), saw)),
		"wanted    of get(%s) %s\ngot       %s", phrase.Quote(id), r.wanted(id), saw)
}
