package conformance

import (
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// Options choose what is checked and how. The zero value checks everything with a random seed.
type Options struct {
	// Seed is the root of all random values; zero chooses one. Each requirement derives its own stream from it and its id, so that one
	// id alone sees the same values.
	Seed uint64
	// Select chooses the requirements to run; nil means all. The others are left out of the run altogether.
	Select func(*contract.Requirement) bool
	// Extra are checks of other packages, such as those of conformance/property. Select chooses among their requirements as well.
	Extra []Check
	// Depth is how much is tried. What is no depth, such as the zero value, means Normal.
	Depth Depth
	// Level is what counts for Run and Describe: a failure at a weaker level is reported as skipped. Zero means contract.Must.
	Level contract.Level
	// Known are the requirements that the store is known to violate, by id, each with the reason. Such a failure is reported as skipped
	// by Run and Describe; a requirement that holds although it is listed fails.
	Known map[string]string
	// CallTimeout bounds each call on the store; zero means fifteen seconds, because a busy machine must not make a slow store a hung one.
	// A call that takes longer is the store's failure.
	CallTimeout time.Duration
	// Rerun returns the command that runs one requirement again with the same seed, for failure messages; empty leaves it out. The id is
	// empty where it takes the whole run to see the failure. Nil is the command of the driver: go test for Run and Describe, none for
	// Record.
	Rerun func(id string, seed uint64) string
}

// seedVariable sets the seed of Run and Describe, which have no flags of their own.
const seedVariable = "STORECHECK_SEED"

func (o *Options) complete() {
	if o.Seed == 0 {
		o.Seed, _ = strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64N(1<<31) + 1
	}
	if _, err := ParseDepth(string(o.Depth)); err != nil {
		o.Depth = Normal
	}
	if o.CallTimeout <= 0 {
		o.CallTimeout = 15 * time.Second
	}
	if o.Level == 0 {
		o.Level = contract.Must
	}
	if o.Select == nil {
		o.Select = func(*contract.Requirement) bool { return true }
	}
}

func formatSeed(seed uint64) string { return strconv.FormatUint(seed, 10) }
