package mutants

import (
	"slices"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// A JavaScriptMutant is a store for Node with one fault.
type JavaScriptMutant struct {
	// Name says what the store does wrong.
	Name string
	// File is its file in folder js.
	File string
	// Breaks are the requirements that the fault violates. The first one is there to catch it. Others may fail only if mayBreak has them.
	Breaks []*contract.Requirement
	// From names real stores that have or had the fault.
	From string
}

// JavaScript returns every mutant for Node, in the order of the catalogue.
func JavaScript() []JavaScriptMutant { return javaScript }

var javaScript = slices.Concat(
	javaScriptData, javaScriptCallbacks, javaScriptKilled, javaScriptExpress, javaScriptPrototypes, javaScriptClose, javaScriptNetwork, javaScriptPlaces,
	javaScriptTimers, javaScriptCalendar, javaScriptWhole,
)

// mayBreak has, by file, requirements that the store violates too. Their checks do not always meet the fault.
var mayBreak = map[string][]*contract.Requirement{
	"create-session-plain-cookie.js": {contract.HTTPRolling}, // which cannot decide where a busy machine is late
	"create-session-copies.js":       {contract.HTTPRolling},
	"create-session-touchless.js":    {contract.HTTPRolling},
	"create-session-other-id.js":     {contract.HTTPRolling},

	"close-leaves-watcher.js":  {contract.ResourcesTimers}, // which sees what others have closed
	"touch-crashes-later.js":   {contract.HTTPParallel},
	"network-keeps-half.js":    {contract.FaultsServesAgain, contract.FaultsNotMissing, contract.FaultsAcknowledged},
	"network-unheard-error.js": {contract.EventsReconnect},
	// What other checks have set, and look for later, is swept too.
	"sweep-in-seconds.js":     {contract.CallbacksSetWithout},
	"sweep-waits-for-list.js": {contract.CallbacksSetWithout},
}

// needsServer reports whether a file of folder js is a store that needs a server.
func needsServer(file string) bool { return strings.HasPrefix(file, "network") }

// keepsFiles reports whether a file of folder js is a store that can be killed and opened again.
func keepsFiles(file string) bool { return strings.Contains(file, "files") }
