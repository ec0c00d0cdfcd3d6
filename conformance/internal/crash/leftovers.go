package crash

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/contract"
)

// retire ends a round whose ids have all been checked. Interrupted ids are used again in the end. The others are removed from a store that is
// not disposable, and from any store once there are too many to be listed.
func (c *crasher) retire(r *round) {
	const listed = 60
	if r == nil {
		return
	}
	for _, w := range r.writings {
		if w.err != nil {
			c.unsettled[w.id] = true
		}
		if w.writer != "" {
			c.listing.ids[c.listing.mark(r.prefix+w.writer+".")] = w.id
		}
	}
	interrupted := r.interruptedIDs()
	c.interrupted = append(append(c.interrupted, interrupted...), r.unfinished...)
	for _, by := range prolongers(c.t) {
		c.prolonged[by] = append(c.prolonged[by], r.prolonged[by])
		c.beside++
	}
	if !c.t.Subject().Disposable || c.rounds > listed {
		c.process.Remove(slices.DeleteFunc(slices.Clone(r.ids), func(id string) bool {
			return slices.ContainsFunc(interrupted, func(i interruptedID) bool { return i.id == id })
		})...)
	}
}

// reuseInterrupted sets, gets and destroys the ids with an interrupted call. One store waits for an old lock when it is opened. Another one
// waits for it in a call.
func (c *crasher) reuseInterrupted() {
	const (
		most    = 100
		lanes   = 8
		mostFor = 2 * time.Second
	)
	ids := c.interrupted[max(0, len(c.interrupted)-most):]
	if c.use(c.t.ID()) != nil {
		ids = nil // the kill is not to blame
	}
	var next atomic.Int64
	start, refused := time.Now(), make([]error, len(ids))
	ctx, cancel := awake.WithTimeout(c.t, timeToReopen+timeToReopenSlack)
	defer cancel()
	c.t.Parallel(lanes, func(int) error {
		for n := int(next.Add(1)) - 1; n < len(ids) && time.Since(start) < mostFor; n = int(next.Add(1)) - 1 {
			for refused[n] = c.use(ids[n].id); refused[n] != nil && ctx.Err() == nil; refused[n] = c.use(ids[n].id) {
				c.t.Pause(100 * time.Millisecond)
			}
		}
		return nil
	})
	for n, err := range refused {
		if err != nil {
			c.find(contract.DurabilityCrashOpens, append(ids[n].lines, fmt.Sprintf("the store is asked for %s again, until %v later", phrase.Quote(ids[n].id), timeToReopen)),
				"wanted    a set, a get and a destroy of %s to succeed\ngot       %v", phrase.Quote(ids[n].id), err)
			break
		}
	}
	if c.t.Subject().Disposable {
		return
	}
	var left []string
	for _, i := range c.interrupted {
		left = append(left, i.id)
	}
	c.process.Remove(left...)
}

// use sets, gets and destroys an id.
func (c *crasher) use(id string) error {
	if err := c.process.TrySet(id, c.t.Session(engine.Marker, c.listing.prefix+"used.")); err != nil {
		return fmt.Errorf("set is answered with the error %w", err)
	}
	if _, err := c.process.TryGet(id); err != nil && !c.missingIsError {
		return fmt.Errorf("get is answered with the error %w", err)
	}
	if err := c.process.TryDestroy(id); err != nil {
		return fmt.Errorf("destroy is answered with the error %w", err)
	}
	return nil
}
