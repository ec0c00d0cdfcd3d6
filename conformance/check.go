package conformance

import (
	"slices"

	"github.com/storecheck/storecheck/spec"
)

// A check is the body that proves one requirement.
type check struct {
	requirement *spec.Requirement
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
	// last: after everything else, because it judges the whole run or harms the store.
	last
)

// checks returns the body of every requirement, in the order of the catalogue.
func checks() []check {
	var all []check
	for _, chapter := range [][]check{
		getChecks, setChecks, destroyChecks, touchChecks, expiryChecks, enumerationChecks, enumerationProbeChecks, fidelityChecks,
		fidelityProbeChecks, isolationChecks, callbacksChecks, idsChecks, instancesChecks, concurrencyChecks, eventsChecks,
		expressChecks, resourcesChecks, resourcesProbeChecks, goChecks,
	} {
		all = append(all, chapter...)
	}
	place := map[*spec.Requirement]int{}
	for i, r := range spec.All() {
		place[r] = i
	}
	slices.SortFunc(all, func(a, b check) int { return place[a.requirement] - place[b.requirement] })
	return all
}
