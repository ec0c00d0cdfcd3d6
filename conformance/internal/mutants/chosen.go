package mutants

import (
	"os"
	"strconv"

	"github.com/storecheck/storecheck/conformance/subject"
)

// Seeds returns the seeds of the tests: 1 up to few. The ids are always the same then, so a test that fails after a change fails because of
// the change. STORECHECK_SEED sets another first seed, STORECHECK_SEEDS another number.
func Seeds(few uint64) []uint64 {
	first, n := uint64(1), few
	if chosen, err := strconv.ParseUint(os.Getenv("STORECHECK_SEED"), 10, 64); err == nil {
		first, n = chosen, 1
	}
	if chosen, err := strconv.ParseUint(os.Getenv("STORECHECK_SEEDS"), 10, 64); err == nil {
		n = chosen
	}
	var all []uint64
	for i := range n {
		all = append(all, first+i)
	}
	return all
}

// Depth returns the depth that STORECHECK_DEPTH names, or else the usual one. More depth finds more false alarms.
func Depth(usual subject.Depth) subject.Depth {
	if chosen, err := subject.ParseDepth(os.Getenv("STORECHECK_DEPTH")); err == nil {
		return chosen
	}
	return usual
}
