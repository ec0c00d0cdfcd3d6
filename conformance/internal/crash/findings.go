package crash

import (
	"fmt"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// An observation is what was seen of a store whose process was killed. Each check of the chapter looks in it for violations of its own
// requirement.
type observation struct {
	capabilities    spec.Capabilities
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

// find keeps what is the first of its kind.
func (c *crasher) find(r *contract.Requirement, calls []string, format string, args ...any) {
	if _, known := c.seen.found[r]; !known {
		c.seen.found[r] = finding{calls, fmt.Sprintf(format, args...)}
	}
}
