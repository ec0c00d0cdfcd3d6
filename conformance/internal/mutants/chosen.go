package mutants

import (
	"os"
	"strconv"

	"github.com/storecheck/storecheck/conformance/subject"
)

// Seeds are what the tests of the suite take: the seed 1 or the first few of them, so that what fails has failed because of the change that
// is tried and not of the ids that chance has made. Whoever looks for such ids names the first in STORECHECK_SEED and how many in
// STORECHECK_SEEDS.
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

// Depth is the usual one, or what STORECHECK_DEPTH says, for whoever looks for a false alarm.
func Depth(usual subject.Depth) subject.Depth {
	if chosen, err := subject.ParseDepth(os.Getenv("STORECHECK_DEPTH")); err == nil {
		return chosen
	}
	return usual
}
