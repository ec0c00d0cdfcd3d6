package conformance

import (
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

// A Check proves a requirement that this package has no check of its own for, such as those of conformance/property, which need more than
// an importer of this package shall have to take in. [Options].Extra adds it to a run.
type Check struct {
	// Requirement is what Body proves. No other check of the run proves the same.
	Requirement *contract.Requirement
	// Body works with the C alone. It may be called several times, for attempts that could not decide.
	Body func(*C)
	// Alone says that the check clears, counts, closes instances or moves the clock. It is run with nothing else going on, after what
	// shares the store. Of a subject that is not shared the shared instance is closed meanwhile: then Body opens one of its own.
	Alone bool
}

// A check is the body that proves one requirement.
type check struct {
	requirement *contract.Requirement
	body        func(*C)
	when        when
	// reopens: it closes instances and opens them again. Of a store that is not shared only one can be open at a time, so it is
	// exclusive there, unless it is last, and the shared instance is closed for it.
	reopens bool
}

// when says how a check shares the store with others.
type when int

const (
	// beside: side by side with some others of its kind, while the timed ones wait for their moments.
	beside when = iota
	// timed: on the shared timeline, together with all other timed checks.
	timed
	// exclusive: with nothing else going on, because it clears, counts or closes.
	exclusive
	// late: like exclusive, and after all that is neither late nor last, because it asks a lot of the store.
	late
	// last: after everything else, because it judges the whole run or harms the store.
	last
)

// checks returns the body of every requirement, in the order of the catalogue.
func checks(extra []Check) []check {
	var all []check
	for _, c := range extra {
		mine := check{requirement: c.Requirement, body: c.Body}
		if c.Alone {
			mine.when, mine.reopens = late, true
		}
		all = append(all, mine)
	}
	for _, chapter := range [][]check{
		getChecks, setChecks, destroyChecks, touchChecks, expiryChecks, enumerationChecks, enumerationProbeChecks, fidelityChecks,
		fidelityProbeChecks, isolationChecks, callbacksChecks, idsChecks, instancesChecks, concurrencyChecks, durabilityChecks,
		eventsChecks, expressChecks, middlewareChecks, httpChecks, resourcesChecks, resourcesProbeChecks, faultsChecks, goChecks,
	} {
		all = append(all, chapter...)
	}
	place := map[*contract.Requirement]int{}
	for i, r := range contract.All() {
		place[r] = i
	}
	slices.SortFunc(all, func(a, b check) int { return place[a.requirement] - place[b.requirement] })
	return all
}
