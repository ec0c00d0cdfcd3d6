package conformance

import (
	"cmp"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// Options choose what is checked and how. The zero value checks everything with a random seed.
type Options struct {
	// Profile is the contract by which the store is judged: that of the middleware that calls it. Nil means profile.Default, which is
	// express-session's.
	Profile *profile.Profile
	// Seed is the root of all random values; zero chooses one. Each requirement derives its own stream from it and its id, so that one
	// id alone sees the same values.
	Seed uint64
	// Select chooses the requirements to check; nil means all. The others are left out of the run altogether.
	Select func(*contract.Requirement) bool
	// Depth is how much is tried: "quick", "normal" or "thorough". Any other value, such as the zero value, means normal.
	Depth subject.Depth
	// Level is what counts for RunWith and ginkgosuite.DescribeWith: a failure at a weaker level is reported as skipped. Zero means contract.Must.
	Level contract.Level
	// Known are the requirements that the store is known to violate, by id, each with the reason. RunWith and
	// ginkgosuite.DescribeWith report such a failure as skipped, and fail when a requirement holds although it is listed.
	Known map[string]string
	// CallTimeout bounds each call on the store; zero means fifteen seconds, because a busy machine must not make a slow store a hung one.
	// A call that takes longer is the store's failure.
	CallTimeout time.Duration
	// Rerun returns the command that runs one requirement again with the same seed, for failure messages; empty leaves it out. An empty
	// id stands for the whole run. Nil is the command of the driver: go test for RunWith, and for
	// ginkgosuite.DescribeWith with its focus; none for Record.
	Rerun func(id string, seed uint64) string

	// Replay are sequences of calls that failed before. They are run before random ones.
	Replay []property.Sequence
	// Artifacts is a folder for a failing sequence and the picture of a failing history. It is made when there is something to write, and
	// files of an earlier run are replaced. Empty means that nothing is written.
	Artifacts string
	// Unhurried lets random sequences, and calls at the same time, end after a number of them only, however long they take. Without it a
	// slow store, or a busy machine, sees fewer: then a seed need not find the same again.
	Unhurried bool
}

// SeedVariable is the environment variable that sets the seed where Options.Seed does not: drivers for tests have no flags of their own.
const SeedVariable = "STORECHECK_SEED"

// complete puts a meaning in the place of zero values.
func (o *Options) complete() {
	if o.Seed == 0 {
		o.Seed, _ = strconv.ParseUint(os.Getenv(SeedVariable), 10, 64)
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64N(1<<31) + 1
	}
	if _, err := subject.ParseDepth(string(o.Depth)); err != nil {
		o.Depth = subject.Normal
	}
	if o.CallTimeout <= 0 {
		o.CallTimeout = 15 * time.Second
	}
	o.Level = cmp.Or(o.Level, contract.Must)
	o.Profile = cmp.Or(o.Profile, profile.Default)
}

func (o *Options) settings() engine.Settings {
	return engine.Settings{Profile: o.Profile, Seed: o.Seed, Depth: o.Depth, CallTimeout: o.CallTimeout, Rerun: o.Rerun}
}

func (o *Options) search() property.Options {
	return property.Options{Depth: o.Depth, Unhurried: o.Unhurried, Replay: o.Replay, Artifacts: o.Artifacts}
}
