package conformance

import (
	"github.com/onsi/gomega/types"

	"github.com/storecheck/storecheck/conformance/internal/compare"
	"github.com/storecheck/storecheck/spec"
)

// BeMissing succeeds for a nil *spec.Session, which is what a missing session is.
func BeMissing() types.GomegaMatcher { return compare.BeMissing() }

// HaveDataOf succeeds for a *spec.Session with the same members as want beside the cookie: the order of members does not count, and
// neither do the members named in ignoring, which a store adds by design.
func HaveDataOf(want *spec.Session, ignoring ...string) types.GomegaMatcher {
	return compare.HaveDataOf(want, ignoring...)
}
