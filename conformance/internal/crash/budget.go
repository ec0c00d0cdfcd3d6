package crash

import (
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
)

// A killBudget bounds how often a process is killed, and the time for it. The fewest kills may take four times as long, and beside that the
// time to open the store so often, which is long on a busy machine.
type killBudget struct {
	fewest, most int
	time         time.Duration
}

var killBudgets = map[subject.Depth]killBudget{
	subject.Normal:   {16, 60, 4 * time.Second},
	subject.Thorough: {60, 600, time.Minute},
}

// enough reports whether n kills are enough. took is the time since the first, opening is how long the store takes to open.
func (k killBudget) enough(n int, took, opening time.Duration) bool {
	opening = min(opening, longOpening)
	return n >= k.most || took > k.time && (n >= k.fewest || took > 4*k.time+time.Duration(k.fewest)*opening)
}

// longOpening bounds the time that a store is given for each opening.
const longOpening = 5 * time.Second
