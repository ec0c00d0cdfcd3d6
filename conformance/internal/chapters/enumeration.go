package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
)

var enumerationChecks = []engine.Check{
	{Requirement: contract.EnumerationAllCollection, Body: enumerationAllCollection},
	{Requirement: contract.EnumerationAllElements, Body: enumerationAllElements},
	{Requirement: contract.EnumerationAllLive, Body: enumerationAllLive, When: engine.Exclusive},
	{Requirement: contract.EnumerationAllNothingElse, Body: enumerationAllNothingElse, When: engine.Exclusive},
	{Requirement: contract.EnumerationAllEmpty, Body: enumerationAllEmpty, When: engine.Exclusive},
	{Requirement: contract.EnumerationAllOddIDs, Body: enumerationAllOddIDs},
	{Requirement: contract.EnumerationAllMany, Body: enumerationAllMany, When: engine.Exclusive},
	{Requirement: contract.EnumerationLengthCounts, Body: enumerationLengthCounts, When: engine.Exclusive},
	{Requirement: contract.EnumerationLengthReset, Body: enumerationLengthReset, When: engine.Exclusive},
	{Requirement: contract.EnumerationLengthDestroy, Body: enumerationLengthDestroy, When: engine.Exclusive},
	{Requirement: contract.EnumerationLengthMany, Body: enumerationLengthMany, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearEmpties, Body: enumerationClearEmpties, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearEmpty, Body: enumerationClearEmpty, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearLaterSets, Body: enumerationClearLaterSets, When: engine.Exclusive},
	{Requirement: contract.EnumerationClearMany, Body: enumerationClearMany, When: engine.Exclusive},
	{Requirement: contract.EnumerationOwnOnly, Body: enumerationOwnOnly, When: engine.Exclusive},
}

// emptyStore clears a disposable store that has clear, and reports whether the store is empty. Other checks judge clear.
func emptyStore(t *engine.C) (empty bool) {
	if !t.Capabilities().Clear {
		return false
	}
	l := setMarked(t, t.Instance, 1)[0]
	if err := t.TryClear(); err != nil {
		return false
	}
	got, _ := t.TryGet(l.id)
	return got == nil
}
