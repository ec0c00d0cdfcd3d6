package crash

import (
	"fmt"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// An observation is everything that was seen of a store whose process was killed. Each check of the chapter looks in it for the finding
// against its own requirement.
type observation struct {
	capabilities    spec.Capabilities
	kills, inFlight int
	acknowledged    int // how many sets and destroys before a kill
	// idle says why there is nothing to judge.
	idle string
	// closed: the store did not open after a kill, and nothing else was seen.
	closed bool
	// stopped says why the observation ended early: only a finding decides then.
	stopped string
	// unlisted says why all and length could not be judged.
	unlisted string
	// uncleared says why clear could not be judged.
	uncleared string
	// found has the first finding against each requirement.
	found map[*contract.Requirement]finding
}

// A finding is a violation of a requirement: the text of the failure, and the calls that show it.
type finding struct {
	calls []string
	text  string
}

// find keeps a finding, unless there is one against the requirement already.
func (c *crasher) find(r *contract.Requirement, calls []string, format string, args ...any) {
	if _, known := c.seen.found[r]; !known {
		c.seen.found[r] = finding{calls, fmt.Sprintf(format, args...)}
	}
}
