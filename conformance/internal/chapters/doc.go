// Package chapters holds the checks of all chapters but durability, faults and property. A chapter has a file with its name. Its helpers stand beside
// it, in files that begin with the name. All other files help several chapters.
package chapters

import (
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// Checks returns the checks of these chapters.
func Checks() []engine.Check {
	return slices.Concat(
		getChecks, setChecks, destroyChecks, touchChecks, expiryChecks, calendarChecks, enumerationChecks, enumerationProbeChecks, fidelityChecks,
		fidelityProbeChecks, isolationChecks, isolationProbeChecks, callbacksChecks, idsChecks, instancesChecks, concurrencyChecks, eventsChecks, expressChecks,
		middlewareChecks, httpChecks, resourcesChecks, resourcesProbeChecks, goChecks,
	)
}
