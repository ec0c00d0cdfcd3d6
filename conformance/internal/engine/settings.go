package engine

import (
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/profile"
)

// Settings are how a suite runs. All of them must be set but Profile and Rerun.
type Settings struct {
	// Profile is the contract by which the store is judged. Nil means profile.Default.
	Profile *profile.Profile
	// Seed is the root of all random values. Each requirement derives its own stream from the seed and its id.
	Seed uint64
	// Depth is how much is tried.
	Depth subject.Depth
	// CallTimeout bounds each call on the store.
	CallTimeout time.Duration
	// Rerun returns the command that runs one requirement again, or with an empty id the whole run. It is empty, or nil, for none.
	Rerun func(id string, seed uint64) string
}
