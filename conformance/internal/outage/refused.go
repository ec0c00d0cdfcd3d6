package outage

import (
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

func faultsRefusedWrites(t *engine.C) {
	wanted := "what was acknowledged to take effect, and each session whole"
	judgeOutages(t, []outageKind{backendRefuses}, wanted, needsService, func(o *outage) []flaw {
		return slices.Concat(o.lost, flawsOf(o.asked, func(a *exchange) bool {
			return a.strange(t) || a.call.Method == "get" && a.before != nil && !a.after && a.missing()
		}))
	})
	skipUnlessRefused(t)
	for _, o := range outagesOf(t, []outageKind{backendRefuses}) {
		if o.late {
			t.Inconclusive("a touch was answered too late to tell whether it was carried out")
		}
	}
}

func faultsRefusedAnswered(t *engine.C) {
	wanted := "one answer to each call, and set and get to work at most " + phrase.Milliseconds(t.FullTimeout()) + " after the backend takes writes again"
	judgeOutages(t, []outageKind{backendRefuses}, wanted, needsNothing, func(o *outage) []flaw {
		if found := fatalities(o); found != nil {
			return found
		}
		return slices.Concat(flawsOf(o.asked, func(a *exchange) bool { return !a.answered() }), answeredAgain(o), oneFlaw(o.idle))
	})
	skipUnlessRefused(t)
}

// skipUnlessRefused ends the check as skipped when no call has failed while the backend refused writes: the store has nothing of it, because it
// keeps sessions elsewhere or writes later.
func skipUnlessRefused(t *engine.C) {
	for _, o := range outagesOf(t, []outageKind{backendRefuses}) {
		if !slices.ContainsFunc(o.asked, func(a *exchange) bool { return !a.after && a.answered() && !a.succeeded() }) {
			t.Skip("no call failed while writes were refused: the store keeps its sessions elsewhere, or writes later")
		}
	}
}
