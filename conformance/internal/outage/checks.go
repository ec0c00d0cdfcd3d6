// Package outage holds the checks of the chapter faults. An outage does harm to the way between a store and its backend, and keeps all calls
// and events of that time. Each check judges the outages for one kind of flaw.
package outage

import (
	"fmt"
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// Checks are the checks of the chapter faults.
var Checks = []engine.Check{
	{Requirement: contract.FaultsSlow, Body: faultsSlow, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsAnswered, Body: faultsAnswered, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsAnsweredOnce, Body: faultsAnsweredOnce, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsProcessLives, Body: faultsProcessLives, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsRightData, Body: faultsRightData, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsNotMissing, Body: faultsNotMissing, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsAcknowledged, Body: faultsAcknowledged, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsSeesChanges, Body: faultsSeesChanges, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsServesAgain, Body: faultsServesAgain, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsConnectEvent, Body: faultsConnectEvent, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsGivesUp, Body: faultsGivesUp, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsRefusedWrites, Body: faultsRefusedWrites, When: engine.Timed, OwnProcess: true},
	{Requirement: contract.FaultsRefusedAnswered, Body: faultsRefusedAnswered, When: engine.Timed, OwnProcess: true},
}

func faultsSlow(t *engine.C) {
	judgeOutages(t, []outageKind{backendSlow}, "the answers as they are when the backend is not slow", needsLife, func(o *outage) []flaw {
		return flawsOf(o.asked[o.latest:], func(a *exchange) bool { return a.failed(t) })
	})
}

// kindsAt returns the kinds of outages for which the depth has time.
func kindsAt(t *engine.C) []outageKind {
	all := []outageKind{backendSlow, backendCut, backendGone, backendSilent}
	if t.Depth() == subject.Thorough {
		all = append(all, backendGoneForGood, backendSilentForGood)
	}
	return all
}

func faultsAnswered(t *engine.C) {
	limit := t.FullTimeout()
	judgeOutages(t, kindsAt(t)[1:], fmt.Sprintf("an answer to each call, at most %s after the backend is back", phrase.Milliseconds(limit)), needsLife,
		func(o *outage) []flaw {
			givesUp := o.kind == backendGoneForGood || o.kind == backendSilentForGood // another requirement judges that
			return flawedCalls(func(a *exchange) bool { return !a.answered() && (a.after || !givesUp) })(o)
		})
}

func faultsAnsweredOnce(t *engine.C) {
	judgeOutages(t, kindsAt(t), "one callback for each call", needsNothing, answeredAgain)
}

// answeredAgain returns a flaw for each callback after the first one of its call.
func answeredAgain(o *outage) []flaw {
	again := flawedCalls(func(a *exchange) bool { return a.outcome.Callbacks > 1 })(o)
	pending := map[string]int{} // calls whose first callback is late
	for _, a := range o.asked {
		if !a.answered() {
			pending[a.call.Method+" "+a.call.ID]++
		}
	}
	for _, e := range o.events {
		if e.Kind != "lateCallback" {
			continue
		}
		if name := e.Method + " " + e.ID; pending[name] > 0 {
			pending[name]--
			continue
		}
		text := phrase.Call(probe.Call{Method: e.Method, ID: e.ID}) + " called back a second time"
		if e.Fault != nil {
			text += " with " + e.Fault.String()
		}
		again = append(again, flaw{e.ID, text})
	}
	return again
}

func faultsProcessLives(t *engine.C) {
	judgeOutages(t, kindsAt(t), "nothing that ends the process", needsNothing, fatalities)
}

// fatalities returns a flaw for each thing that ends an ordinary process.
func fatalities(o *outage) []flaw {
	if o.died != nil {
		return []flaw{{"", o.died.Error()}}
	}
	found := flawedCalls(func(a *exchange) bool {
		return a.outcome.Thrown != nil || a.outcome.Rejected != nil || len(a.outcome.Uncaught) > 0
	})(o)
	for _, e := range o.events {
		if e.Kind == "uncaughtException" || e.Kind == "unhandledRejection" {
			if f := (flaw{e.ID, e.Kind + ": " + phrase.Fault(e.Fault)}); !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	return found
}

func faultsRightData(t *engine.C) {
	judgeOutages(t, kindsAt(t), "from get the session that was set, if any", needsLife, flawedCalls(func(a *exchange) bool { return a.strange(t) }))
}

func faultsNotMissing(t *engine.C) {
	judgeOutages(t, kindsAt(t), "the session, or an error, from get of a stored session", needsLife, flawedCalls(func(a *exchange) bool {
		return a.call.Method == "get" && a.before != nil && !a.after && a.missing()
	}))
}

func faultsAcknowledged(t *engine.C) {
	judgeOutages(t, kindsAt(t), "each session as the calls on it left it", needsService, func(o *outage) []flaw { return o.lost })
}

func faultsSeesChanges(t *engine.C) {
	limit := phrase.Milliseconds(t.FullTimeout())
	judgeOutages(t, kindsAt(t)[1:], "at most "+limit+" after the backend is back, each session as another instance left it", needsCompany,
		func(o *outage) []flaw { return o.stale })
}

func faultsServesAgain(t *engine.C) {
	limit := phrase.Milliseconds(t.FullTimeout())
	judgeOutages(t, kindsAt(t), "set and get to work at most "+limit+" after the backend is back", needsLife, func(o *outage) []flaw {
		return oneFlaw(o.idle)
	})
}

func faultsConnectEvent(t *engine.C) {
	limit := phrase.Milliseconds(t.FullTimeout())
	judgeOutages(t, kindsAt(t), "connect at most "+limit+" after the store serves again after disconnect", needsService, func(o *outage) []flaw {
		return oneFlaw(o.disconnected)
	})
}

func faultsGivesUp(t *engine.C) {
	if t.Depth() == subject.Normal {
		t.Skip("it takes half a minute, which depth thorough has")
	}
	limit := phrase.Milliseconds(2 * t.FullTimeout())
	judgeOutages(t, []outageKind{backendGoneForGood, backendSilentForGood}, "an answer within "+limit+", although the backend is not back", needsLife,
		flawedCalls(func(a *exchange) bool { return !a.after && !a.answered() }))
}
