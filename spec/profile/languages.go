package profile

import (
	"maps"

	"github.com/storecheck/storecheck/spec/contract"
)

// ofNoScript are the requirements that have no meaning for a layer in another language than JavaScript, which calls the methods of a store and
// waits for what they return.
var ofNoScript = []string{
	// There is no callback, no Session object and no prototype, and nobody listens for events.
	"callbacks", "express", "events", "isolation/prototypes", "faults/answered-once", "faults/connect-event",
	"set/real-session", "set/unserialisable", "set/argument-unchanged", "fidelity/javascript-values", "fidelity/dates", "fidelity/proto-key", "fidelity/proto-key-kept",
	"resources/timers", "resources/timer-too-long", "resources/let-go", "expiry/plain-cookie", "expiry/sweep-by-timer", "expiry/sweep-complete",
	// The web sites of the suite are Node's.
	"http",
}

// ofNoCookie are the requirements that have no meaning for a layer whose sessions hold no cookie.
var ofNoCookie = []string{
	"get/usable-cookie", "set/cookie-only", "fidelity/cookie", "fidelity/nested-cookie", "expiry/over-original-max-age",
	"middleware/cookie-kept", "middleware/browser-session", "middleware/max-age-change",
}

// ofSeconds are the requirements that have no meaning for a layer whose lifetimes are whole seconds, more than none, that begin with the write.
var ofSeconds = []string{"expiry/sub-second", "expiry/fractional", "expiry/max-age-zero", "expiry/max-age-zero-accepted"}

// ofPastEnds are the requirements that have no meaning for a layer that cannot say that a session is over already.
var ofPastEnds = []string{"expiry/past-is-missing", "expiry/past-removes-old"}

// ofOwnIDs are the requirements that have no meaning for a layer that lets nobody else choose an id.
var ofOwnIDs = []string{"ids"}

// ofScriptLists are the requirements of lists that have no meaning in another language.
var ofScriptLists = []string{"enumeration/all-array", "enumeration/all-ids"}

// ofLists are the requirements that have no meaning where nobody lists sessions.
var ofLists = []string{
	"enumeration/all-collection", "enumeration/all-array", "enumeration/all-elements", "enumeration/all-live", "enumeration/all-nothing-else", "enumeration/all-empty",
	"enumeration/all-odd-ids", "enumeration/all-many", "enumeration/all-ids", "expiry/all-excludes", "expiry/all-prolonged", "isolation/all", "durability/crash-lists",
}

// ofLengths are the requirements that have no meaning where nobody counts sessions.
var ofLengths = []string{
	"enumeration/length-counts", "enumeration/length-reset", "enumeration/length-destroy", "enumeration/length-many", "expiry/length-excludes",
}

// ofClears are the requirements that have no meaning where nobody removes all sessions.
var ofClears = []string{"enumeration/clear-empties", "enumeration/clear-empty", "enumeration/clear-later-sets", "enumeration/clear-many", "durability/crash-cleared"}

// ofOtherLanguages are the requirements that have no meaning for the layers of other languages than JavaScript and Go.
var ofOtherLanguages = with(ofNoScript, ofNoCookie, ofSeconds, ofLists, ofLengths, ofClears, []string{
	"isolation", "enumeration/own-only", "go", "resources/memory", "resources/close-twice", "resources/after-close",
	// No key of the store's own is handed over.
	"instances/wrong-secret", "instances/moved-record",
})

// endsInLayers are the requirements that a session ends, for layers that leave open when a store forgets it.
var endsInLayers = []*contract.Requirement{
	contract.ExpiryGoneAfter, contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.InstancesReopenExpiry,
	contract.CalendarLivesEnd, contract.CalendarProlongedDaily, contract.CalendarClockChanges, contract.CalendarOddDates,
}

// layersTexts are the texts that differ for a layer whose sessions hold no cookie. missing says how a store answers that there is no session.
func layersTexts(missing string, texts map[*contract.Requirement]string) map[*contract.Requirement]string {
	all := map[*contract.Requirement]string{
		contract.GetMissing:             "A get of an id that was never set answers without a session and without an error: " + missing + ".",
		contract.ExpiryGoneAfter:        "A get after the lifetime is over is missing.",
		contract.ExpiryNotEarly:         "A get before the lifetime is over finds the session.",
		contract.ExpiryFromExpires:      "A session that is set anew with a shorter lifetime is missing when that is over.",
		contract.ExpiryBrowserSession:   "A session without a lifetime of its own is stored and found two seconds later.",
		contract.ExpiryMilliseconds:     "A session with a lifetime of twenty minutes is alive seconds later, and one with a lifetime of some seconds is missing after them.",
		contract.ExpiryLong:             "A session with a lifetime of 25 days, 31 days or 10 years is stored and found.",
		contract.ExpiryVeryLong:         "A session with a lifetime of 100 years or of thousands is stored and found, or refused with an error.",
		contract.ExpiryRolling:          "A session that is set again and again, each time with the whole lifetime, lives past its first end.",
		contract.ExpiryGetDoesNotExtend: "A session that is read again and again is missing after its end all the same.",
		contract.ExpiryLatestWins: "After a set with a shorter life over a longer one, the session is missing when the shorter life is over; after a set without a lifetime of its own " +
			"over one that has one, it is found beyond that end.",
	}
	maps.Copy(all, texts)
	return all
}
