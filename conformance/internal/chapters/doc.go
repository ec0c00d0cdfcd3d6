// Package chapters holds the checks of all chapters but durability and faults, one file a chapter. What helps a chapter stands beside it in
// a file that begins with its name; find, files, life, live and refusal help several.
package chapters

import (
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
)

// Checks returns the checks of these chapters.
func Checks() []engine.Check {
	return slices.Concat(
		getChecks, setChecks, destroyChecks, touchChecks, expiryChecks, enumerationChecks, enumerationProbeChecks, fidelityChecks,
		fidelityProbeChecks, isolationChecks, callbacksChecks, idsChecks, instancesChecks, concurrencyChecks, eventsChecks, expressChecks,
		middlewareChecks, httpChecks, resourcesChecks, resourcesProbeChecks, goChecks,
	)
}
