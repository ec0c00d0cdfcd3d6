package conformance

import (
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/chapters"
	"github.com/storecheck/storecheck/conformance/internal/crash"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/outage"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/spec/contract"
)

// newSuite returns a run of the checks that the options choose.
func newSuite(s Subject, o Options) *engine.Suite {
	var chosen []engine.Check
	for _, c := range o.checks() {
		if o.Select == nil || o.Select(c.Requirement) {
			chosen = append(chosen, c)
		}
	}
	return engine.New(s, o.settings(), chosen)
}

// checks returns the check of every requirement, in the order of the contract.
func (o *Options) checks() []engine.Check {
	all := slices.Concat(chapters.Checks(), crash.Checks, outage.Checks, property.Checks(o.search()))
	place := map[*contract.Requirement]int{}
	for i, r := range contract.All() {
		place[r] = i
	}
	slices.SortFunc(all, func(a, b engine.Check) int { return place[a.Requirement] - place[b.Requirement] })
	return all
}
