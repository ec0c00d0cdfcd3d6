package conformance

import (
	"fmt"
	"maps"
	"slices"

	"github.com/storecheck/storecheck/spec"
)

// killAfterClear clears the store, kills its process when nothing is found any more, and looks again. It reports whether there is a process
// in the end.
func (c *crasher) killAfterClear() bool {
	if !c.t.suite.subject.Disposable || !c.t.Capabilities().Clear {
		return true
	}
	const tries, each = 3, 8 // a store that clears a moment later may be in time
	for range tries {
		c.t.ShowCalls()
		var ids []string
		for range each {
			id := c.t.ID()
			if err := c.process.TrySet(id, c.t.Session(markerName, c.listing.prefix+"cleared.")); err != nil {
				c.crashes.uncleared = fmt.Sprintf("set is answered with an error without a kill: %v", err)
				return true
			}
			ids = append(ids, id)
		}
		ids = c.present(append(ids, c.stored()...))
		if err := c.process.TryClear(); err != nil {
			c.crashes.uncleared = fmt.Sprintf("clear is answered with an error without a kill: %v", err)
			return true
		}
		if len(c.present(ids)) > 0 {
			c.crashes.uncleared = "clear leaves sessions without a kill: see " + spec.EnumerationClearEmpties.ID
			return true
		}
		c.process.Kill()
		c.crashes.kills++
		killed := []string{"clear() → ok", "the process is killed; another opens the store"}
		if !c.opens(killed) {
			return false
		}
		if back := c.present(ids); len(back) > 0 {
			id := quote(back[0])
			calls := slices.Concat([]string{fmt.Sprintf("get(%s) → a session", id)}, killed, []string{fmt.Sprintf("get(%s) → a session", id)})
			c.find(spec.DurabilityCrashCleared, calls, "wanted    of get(%s) no session\ngot       %d of the %d sessions that were there before the clear, this one too",
				id, len(back), len(ids))
			return true
		}
	}
	return true
}

// stored returns some of the ids under which a get has found a session, none on which a call may still be on its way to a server.
func (c *crasher) stored() (ids []string) {
	const most = 64
	for _, id := range slices.Sorted(maps.Keys(c.listing.found)) {
		cut := slices.ContainsFunc(c.cut, func(cut cutID) bool { return cut.id == id })
		if c.listing.found[id] != "" && !cut && len(ids) < most {
			ids = append(ids, id)
		}
	}
	return ids
}

// present returns those of the ids under which a get finds a session.
func (c *crasher) present(ids []string) (found []string) {
	sessions := make([]*spec.Session, len(ids))
	c.t.Parallel(len(ids), func(n int) (err error) {
		sessions[n], err = c.process.TryGet(ids[n])
		return err
	})
	for n, id := range ids {
		if sessions[n] != nil {
			found = append(found, id)
		}
	}
	return found
}
