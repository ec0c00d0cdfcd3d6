package engine

import (
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
)

// Settings are how a suite runs. All of them must be set but Rerun.
type Settings struct {
	// Seed is the root of all random values. Each requirement derives its own stream from the seed and its id.
	Seed uint64
	// Depth is how much is tried.
	Depth subject.Depth
	// CallTimeout bounds each call on the store.
	CallTimeout time.Duration
	// Rerun returns the command that runs one requirement again, or with an empty id the whole run. It is empty, or nil, for none.
	Rerun func(id string, seed uint64) string
}
