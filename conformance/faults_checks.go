package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

var faultsChecks = []check{
	{requirement: contract.FaultsSlow, body: faultsSlow, when: timed},
	{requirement: contract.FaultsAnswered, body: faultsAnswered, when: timed},
	{requirement: contract.FaultsAnsweredOnce, body: faultsAnsweredOnce, when: timed},
	{requirement: contract.FaultsProcessLives, body: faultsProcessLives, when: timed},
	{requirement: contract.FaultsRightData, body: faultsRightData, when: timed},
	{requirement: contract.FaultsNotMissing, body: faultsNotMissing, when: timed},
	{requirement: contract.FaultsAcknowledged, body: faultsAcknowledged, when: timed},
	{requirement: contract.FaultsSeesChanges, body: faultsSeesChanges, when: timed},
	{requirement: contract.FaultsServesAgain, body: faultsServesAgain, when: timed},
	{requirement: contract.FaultsConnectEvent, body: faultsConnectEvent, when: timed},
	{requirement: contract.FaultsGivesUp, body: faultsGivesUp, when: timed},
}

// judgeOutages fails the check with what wrong says about outages of these kinds. It has nothing to say where it needs a process that lives,
// a store that serves again, or another instance, and there was none.
func (t *C) judgeOutages(kinds []disturbance, wanted string, needs state, wrong func(*outage) []flaw) {
	if t.suite.options.Depth == Quick {
		t.Skip("at depth quick no time is taken for outages of the backend")
	}
	var faults, shown, unseen []string
	for _, o := range t.outages(kinds) {
		switch {
		case o.status == contract.Skip:
			t.Skip("%s", o.reason)
		case o.status != contract.Pass:
			t.broken(fmt.Errorf("%s: %s", o.kind, o.reason))
		case needs >= aLife && o.died != nil:
			unseen = append(unseen, fmt.Sprintf("%s: the store's process did not live: see %s", o.kind, contract.FaultsProcessLives.ID))
			continue
		case needs >= inService && o.idle != "":
			unseen = append(unseen, fmt.Sprintf("%s: the store did not serve again: see %s", o.kind, contract.FaultsServesAgain.ID))
			continue
		}
		found := wrong(o)
		if needs >= company && found == nil && o.alone != "" {
			unseen = append(unseen, fmt.Sprintf("%s: %s", o.kind, o.alone))
		}
		const most = 3
		for _, f := range found[:min(most, len(found))] {
			faults = append(faults, o.kind.String()+": "+f.text)
		}
		if more := len(found) - most; more > 0 {
			faults = append(faults, fmt.Sprintf("and %d more", more))
		}
		if found != nil && shown == nil {
			shown = o.about(found[0].id)
		}
	}
	switch {
	case faults != nil:
		t.ShowCalls(shown...)
		t.Fail("wanted    %s\ngot       %s", wanted, strings.Join(faults, "\n"))
	case unseen != nil:
		t.Skip("%s", strings.Join(unseen, "; "))
	}
}

// about returns the calls on an id, with what was done to the way to the backend; without an id all calls since that began.
func (o *outage) about(id string) []string {
	isHere := func(line string) bool { return strings.HasPrefix(line, here) }
	if id == "" {
		return o.calls[max(0, slices.IndexFunc(o.calls, isHere)):]
	}
	return slices.DeleteFunc(slices.Clone(o.calls), func(line string) bool { return !strings.Contains(line, id) && !isHere(line) })
}

// here begins the lines about what was done to the way to the backend.
const here = "here "

// A state is what a store must be in after an outage for a check to say something.
type state int

const (
	anyState state = iota
	aLife
	inService
	company // of another instance
)

// calls tells the calls of an outage of which wrong says that they are.
func calls(wrong func(*asked) bool) func(*outage) []flaw {
	return func(o *outage) []flaw { return those(o.asked, wrong) }
}

func those(all []*asked, wrong func(*asked) bool) (found []flaw) {
	for _, a := range all {
		if wrong(a) {
			found = append(found, flaw{a.call.ID, a.String()})
		}
	}
	return found
}

func faultsSlow(t *C) {
	t.judgeOutages([]disturbance{slow}, "the answers as they are when the backend is not slow", aLife, func(o *outage) []flaw {
		return those(o.asked[o.latest:], func(a *asked) bool { return a.failed(t) })
	})
}

// disturbances are all that the depth has time for.
func (t *C) disturbances() []disturbance {
	all := []disturbance{slow, interrupted, gone, silent}
	if t.suite.options.Depth == Thorough {
		all = append(all, goneForGood, silentForGood)
	}
	return all
}

func faultsAnswered(t *C) {
	limit := t.suite.options.CallTimeout
	t.judgeOutages(t.disturbances()[1:], fmt.Sprintf("an answer to each call, at most %s after the backend is back", milliseconds(limit)), aLife,
		func(o *outage) []flaw {
			givesUp := o.kind == goneForGood || o.kind == silentForGood // another requirement's matter
			return calls(func(a *asked) bool { return !a.answered() && (a.after || !givesUp) })(o)
		})
}

func faultsAnsweredOnce(t *C) {
	t.judgeOutages(t.disturbances(), "one callback for each call", anyState, answeredAgain)
}

// answeredAgain tells the callbacks after the first one of each call.
func answeredAgain(o *outage) []flaw {
	again := calls(func(a *asked) bool { return a.outcome.Callbacks > 1 })(o)
	pending := map[string]int{} // calls of which a late callback is the first
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
		text := describe(probe.Call{Method: e.Method, ID: e.ID}) + " called back a second time"
		if e.Fault != nil {
			text += " with " + e.Fault.String()
		}
		again = append(again, flaw{e.ID, text})
	}
	return again
}

func faultsProcessLives(t *C) {
	t.judgeOutages(t.disturbances(), "nothing that ends the process", anyState, func(o *outage) []flaw {
		if o.died != nil {
			return []flaw{{"", o.died.Error()}}
		}
		found := calls(func(a *asked) bool {
			return a.outcome.Thrown != nil || a.outcome.Rejected != nil || len(a.outcome.Uncaught) > 0
		})(o)
		for _, e := range o.events {
			if e.Kind == "uncaughtException" || e.Kind == "unhandledRejection" {
				if f := (flaw{e.ID, e.Kind + ": " + faultText(e.Fault)}); !slices.Contains(found, f) {
					found = append(found, f)
				}
			}
		}
		return found
	})
}

func faultsRightData(t *C) {
	t.judgeOutages(t.disturbances(), "from get the session that was set, if any", aLife, calls(func(a *asked) bool { return a.strange(t) }))
}

func faultsNotMissing(t *C) {
	t.judgeOutages(t.disturbances(), "the session, or an error, from get of a stored session", aLife, calls(func(a *asked) bool {
		return a.call.Method == "get" && a.before != nil && !a.after && a.missing()
	}))
}

func faultsAcknowledged(t *C) {
	t.judgeOutages(t.disturbances(), "each session as the calls on it left it", inService, func(o *outage) []flaw { return o.lost })
}

func faultsSeesChanges(t *C) {
	limit := milliseconds(t.suite.options.CallTimeout)
	t.judgeOutages(t.disturbances()[1:], "at most "+limit+" after the backend is back, each session as another instance left it", company,
		func(o *outage) []flaw { return o.stale })
}

func faultsServesAgain(t *C) {
	limit := milliseconds(t.suite.options.CallTimeout)
	t.judgeOutages(t.disturbances(), "set and get to work at most "+limit+" after the backend is back", aLife, func(o *outage) []flaw {
		return some(o.idle)
	})
}

func faultsConnectEvent(t *C) {
	limit := milliseconds(t.suite.options.CallTimeout)
	t.judgeOutages(t.disturbances(), "connect at most "+limit+" after the store serves again after disconnect", inService, func(o *outage) []flaw {
		return some(o.disconnected)
	})
}

func faultsGivesUp(t *C) {
	if t.suite.options.Depth == Normal {
		t.Skip("it takes half a minute, which depth thorough has")
	}
	limit := milliseconds(2 * t.suite.options.CallTimeout)
	t.judgeOutages([]disturbance{goneForGood, silentForGood}, "an answer within "+limit+", although the backend is not back", aLife,
		calls(func(a *asked) bool { return !a.after && !a.answered() }))
}

// some returns what is wrong in a list, and none where nothing is.
func some(text string) []flaw {
	if text == "" {
		return nil
	}
	return []flaw{{"", text}}
}
