package conformance

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec/contract"
)

// leave takes leave of a round of which every id was looked at. Those of calls that a kill has cut off are used in the end. From a store
// that holds others' sessions the rest is removed, and from others where it is too much to be listed.
func (c *crasher) leave(r *crashRound) {
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
	cut := r.cut()
	c.cut = append(append(c.cut, cut...), r.unfinished...)
	for _, by := range c.t.prolongers() {
		c.prolonged[by] = append(c.prolonged[by], r.prolonged[by])
		c.beside++
	}
	if !c.t.suite.subject.Disposable || c.rounds > listed {
		c.process.Remove(slices.DeleteFunc(slices.Clone(r.ids), func(id string) bool {
			return slices.ContainsFunc(cut, func(c cutID) bool { return c.id == id })
		})...)
	}
}

// lookForProlonged looks for the sessions that live by a second call alone, of which the earlier end is past.
func (c *crasher) lookForProlonged(by string) {
	const most = 64
	all := c.prolonged[by][:min(len(c.prolonged[by]), most)]
	found := make([]bool, len(all))
	errs := c.t.Parallel(len(all), func(n int) error {
		if all[n] == nil || time.Now().Before(all[n].expires.Add(c.t.Granularity()+slack+all[n].took)) {
			return errors.New("it says nothing")
		}
		got, err := c.process.TryGet(all[n].id)
		found[n] = got != nil
		return err
	})
	var over []string
	for _, l := range c.prolonged[by] {
		if l != nil {
			over = append(over, l.id)
		}
	}
	c.process.Remove(over...)
	c.beside -= len(over)
	if !found[0] {
		return // the store loses it without a kill, or it is not known whether it does
	}
	for n, l := range all {
		if found[n] || errs[n] != nil {
			continue
		}
		calls := []string{
			fmt.Sprintf("set(%s, %s) → ok", quote(l.id), short(l.session)),
			fmt.Sprintf("%s(%s, the same with a life of an hour) → ok", by, quote(l.id)),
			"the process is killed; another opens the store",
			fmt.Sprintf("get(%s), after the first end → missing", quote(l.id)),
		}
		c.find(contract.DurabilityCrashAcknowledged, calls, "wanted    of get(%s) the session, which a %s has prolonged\ngot       missing", quote(l.id), by)
		return
	}
}

// useCut sets, gets and destroys the ids of calls that a kill has cut off. What one store waits for when it is opened, another one waits for
// in a call: until a lock has aged.
func (c *crasher) useCut() {
	const (
		most    = 100
		lanes   = 8
		mostFor = 2 * time.Second
	)
	ids := c.cut[max(0, len(c.cut)-most):]
	if c.use(c.t.ID()) != nil {
		ids = nil // it is not the kill
	}
	var next atomic.Int64
	start, refused := time.Now(), make([]error, len(ids))
	ctx, cancel := awake.WithTimeout(c.t, reopening+reopeningSlack)
	defer cancel()
	c.t.Parallel(lanes, func(int) error {
		for n := int(next.Add(1)) - 1; n < len(ids) && time.Since(start) < mostFor; n = int(next.Add(1)) - 1 {
			for refused[n] = c.use(ids[n].id); refused[n] != nil && ctx.Err() == nil; refused[n] = c.use(ids[n].id) {
				c.t.pause(100 * time.Millisecond)
			}
		}
		return nil
	})
	for n, err := range refused {
		if err != nil {
			c.find(contract.DurabilityCrashOpens, append(ids[n].lines, fmt.Sprintf("the store is asked for %s again, until %v later", quote(ids[n].id), reopening)),
				"wanted    a set, a get and a destroy of %s to succeed\ngot       %v", quote(ids[n].id), err)
			break
		}
	}
	if c.t.suite.subject.Disposable {
		return
	}
	var left []string
	for _, cut := range c.cut {
		left = append(left, cut.id)
	}
	c.process.Remove(left...)
}

// use sets, gets and destroys an id.
func (c *crasher) use(id string) error {
	if err := c.process.TrySet(id, c.t.Session(markerName, c.listing.prefix+"used.")); err != nil {
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
