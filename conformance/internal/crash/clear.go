package crash

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// killAfterClear clears the store, kills its process when no session is found any more, and looks again. It reports whether there is a
// process in the end. Trouble on the way leaves the other requirements alone.
func (c *crasher) killAfterClear() (alive bool) {
	if !c.t.Subject().Disposable || !c.t.Capabilities().Clear {
		return true
	}
	defer func() {
		if r := recover(); r != nil {
			gaveWay, ok := r.(engine.Ended)
			if !ok || c.t.Err() != nil {
				panic(r)
			}
			c.seen.uncleared, alive = gaveWay.Text, false
		}
	}()
	// A store that clears a moment later may be in time once, so there are two tries. A slow store has no time for the second.
	const tries, mostTime = 2, time.Second
	for start, n := time.Now(), 0; n < tries && time.Since(start) < mostTime; n++ {
		ids := c.toClear()
		if len(ids) == 0 {
			c.seen.uncleared = "there was nothing to clear: no session could be set, or none was found"
			return true
		}
		if err := c.tryToClear(); err != nil {
			c.seen.uncleared = fmt.Sprintf("clear is answered with an error before any kill: %v", err)
			return true
		}
		if left, _ := c.present(ids); len(left) > 0 {
			c.seen.uncleared = "clear leaves sessions before any kill: see " + contract.EnumerationClearEmpties.ID
			return true
		}
		c.process.Kill()
		c.seen.kills++
		killed := []string{"clear() → ok", "the process is killed; another opens the store"}
		if err := c.opens(killed); err != nil {
			c.seen.uncleared = fmt.Sprintf("after the kill the store did not open: %v", err)
			return false
		}
		back, err := c.present(ids)
		if len(back) > 0 {
			id := phrase.Quote(back[0])
			calls := slices.Concat([]string{fmt.Sprintf("get(%s) → a session", id)}, killed, []string{fmt.Sprintf("get(%s) → a session", id)})
			c.find(contract.DurabilityCrashCleared, calls, "wanted    of get(%s) no session\ngot       %d of the %d sessions that were there before the clear, this one too",
				id, len(back), len(ids))
			return true
		}
		if err != nil && !c.missingIsError {
			c.seen.uncleared = fmt.Sprintf("after the kill get of a session that was cleared is answered with the error %v", err)
			return true
		}
	}
	return true
}

// toClear sets some sessions. It returns their ids, and the ids of the rounds that are still stored.
func (c *crasher) toClear() []string {
	const each, most = 8, 64
	var ids []string
	for range each {
		ids = append(ids, c.t.ID())
	}
	set := func(n int) error {
		return c.process.TrySet(ids[n], newSession(c.t, engine.Marker, c.listing.prefix+"cleared."))
	}
	for n, err := range c.t.Parallel(each, set) {
		if err != nil {
			c.unsettled[ids[n]] = true
		}
	}
	stored := slices.Sorted(maps.Keys(c.listing.found))
	stored = slices.DeleteFunc(stored, func(id string) bool { return c.listing.found[id] == "" })
	ids = slices.DeleteFunc(append(ids, stored...), func(id string) bool { return c.unsettled[id] })
	ids, _ = c.present(ids[:min(len(ids), most)]) // only what is found can be cleared
	return ids
}

// tryToClear clears the store. Several tries are for a lock that somebody holds.
func (c *crasher) tryToClear() (err error) {
	for range engine.FewestTries {
		if err = c.process.TryClear(); err == nil {
			break
		}
		c.t.Pause(50 * time.Millisecond)
	}
	return err
}

// present returns the ids under which a get finds a session, and the first error of a get.
func (c *crasher) present(ids []string) (found []string, err error) {
	sessions := make([]*spec.Session, len(ids))
	errs := c.t.Parallel(len(ids), func(n int) (err error) {
		sessions[n], err = c.process.TryGet(ids[n])
		return err
	})
	for n, id := range ids {
		if sessions[n] != nil {
			found = append(found, id)
		}
		err = cmp.Or(err, errs[n])
	}
	return found, err
}
