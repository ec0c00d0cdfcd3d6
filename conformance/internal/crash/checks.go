// Package crash holds the checks of the chapter durability. A crasher plays rounds: clients make calls, the process of the store is killed in
// the middle of them, another one opens the store. The register of each id says which sessions a get may show after that.
package crash

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
)

// Checks are the checks of the chapter durability.
var Checks = []engine.Check{
	{Requirement: contract.DurabilityCrashOpens, Body: afterKills, When: engine.Late, Reopens: true, OwnProcess: true},
	{Requirement: contract.DurabilityCrashWhole, Body: afterKills, When: engine.Late, Reopens: true, OwnProcess: true},
	{Requirement: contract.DurabilityCrashAcknowledged, Body: afterKills, When: engine.Late, Reopens: true, OwnProcess: true},
	{Requirement: contract.DurabilityCrashNoRevival, Body: afterKills, When: engine.Late, Reopens: true, OwnProcess: true},
	{Requirement: contract.DurabilityCrashLists, Body: afterKills, When: engine.Late, Reopens: true, OwnProcess: true},
	{Requirement: contract.DurabilityCrashCleared, Body: afterKills, When: engine.Late, Reopens: true, OwnProcess: true},
}

// killsOfRun is the observation that all checks of the chapter judge.
var killsOfRun engine.Shared[*observation]

// afterKills is the body of every check of the chapter. It fails a check when a finding violates its requirement.
func afterKills(t *engine.C) {
	t.SkipUnlessHas(contract.NeedDurable, contract.NeedKill)
	if _, has := killBudgets[t.Depth()]; !has {
		t.Skip("at depth %s no process is killed", t.Depth())
	}
	o := killsOfRun.Observe(t, func() *observation { return killAgainAndAgain(t) })
	t.SetCapabilities(o.capabilities)
	t.SkipUnlessHas(t.Requirement().Needs...)
	if found, ok := o.found[t.Requirement()]; ok {
		t.ShowCalls(found.calls...)
		t.Fail("%s", found.text)
	}
	t.ShowCalls()
	switch {
	case o.idle != "":
		t.Skip("%s", o.idle)
	case t.Requirement() == contract.DurabilityCrashLists && o.unlisted != "":
		t.Skip("%s", o.unlisted)
	case o.closed:
		t.Skip("the store does not open after a kill: see %s", contract.DurabilityCrashOpens.ID)
	case o.stopped != "":
		t.Inconclusive("%s", o.stopped)
	case t.Requirement() == contract.DurabilityCrashCleared:
		if o.uncleared != "" {
			t.Skip("%s", o.uncleared)
		}
		return // the process was killed between calls
	case o.inFlight == 0:
		t.Inconclusive("the process was killed %d times, and never with a call in flight", o.kills)
	case o.acknowledged == 0:
		t.Inconclusive("the process was killed %d times, and no set or destroy was acknowledged before", o.kills)
	}
	t.Log("killed %d times, with %d calls in flight", o.kills, o.inFlight)
}
