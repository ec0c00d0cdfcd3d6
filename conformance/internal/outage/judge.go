package outage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// judgeOutages fails the check with the flaws that wrong finds in outages of these kinds. Outages in which the precondition does not hold
// are not judged.
func judgeOutages(t *engine.C, kinds []outageKind, wanted string, needs precondition, wrong func(*outage) []flaw) {
	t.SkipUnlessHas(kinds[0].need())
	if t.Depth() == subject.Quick {
		t.Skip("at depth quick no time is taken for outages of the backend")
	}
	outages := outagesOf(t, kinds)
	skipUnlessTold(t, outages)
	var faults, shown, unseen, broken []string
	for _, o := range outages {
		switch {
		case o.status == contract.Skip:
			unseen = append(unseen, o.reason)
			continue
		case o.status != contract.Pass:
			broken = append(broken, fmt.Sprintf("%s: %s", o.kind, o.reason))
			continue
		case needs >= needsLife && o.died != nil:
			unseen = append(unseen, fmt.Sprintf("%s: the store's process did not live: see %s", o.kind, o.kind.judgedBy(contract.FaultsProcessLives).ID))
			continue
		case needs >= needsService && o.idle != "":
			unseen = append(unseen, fmt.Sprintf("%s: the store did not serve again: see %s", o.kind, o.kind.judgedBy(contract.FaultsServesAgain).ID))
			continue
		}
		found := wrong(o)
		if needs >= needsCompany && found == nil && o.alone != "" {
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
	case broken != nil:
		t.Broken(errors.New(strings.Join(broken, "\n")))
	case unseen != nil:
		t.Skip("%s", strings.Join(slices.Compact(unseen), "; "))
	}
}

// skipUnlessTold skips a check that needs what the processes of the stores do not tell.
func skipUnlessTold(t *engine.C, outages []*outage) {
	for _, o := range outages {
		if o.status == contract.Pass {
			t.SetProber(o.prober)
			t.SkipUnlessHas(t.Requirement().Needs...)
		}
	}
}

// about returns the calls on an id, and the harms. Without an id it returns everything since the first harm.
func (o *outage) about(id string) []string {
	isHere := func(line string) bool { return strings.HasPrefix(line, linePrefix) }
	if id == "" {
		return o.calls[max(0, slices.IndexFunc(o.calls, isHere)):]
	}
	return slices.DeleteFunc(slices.Clone(o.calls), func(line string) bool { return !strings.Contains(line, id) && !isHere(line) })
}

// linePrefix begins the lines about harms.
const linePrefix = "here "

// A precondition must hold after an outage so that a check can judge it. Each one includes those before.
type precondition int

const (
	needsNothing precondition = iota
	needsLife                 // of the process
	needsService              // of the store
	needsCompany              // of another instance
)

// flawedCalls returns a flaw for each call of an outage for which wrong returns true.
func flawedCalls(wrong func(*exchange) bool) func(*outage) []flaw {
	return func(o *outage) []flaw { return flawsOf(o.asked, wrong) }
}

// flawsOf returns a flaw for each call for which wrong returns true.
func flawsOf(all []*exchange, wrong func(*exchange) bool) (found []flaw) {
	for _, a := range all {
		if wrong(a) {
			found = append(found, flaw{a.call.ID, a.String()})
		}
	}
	return found
}

// oneFlaw returns a flaw with a text, and none when the text is empty.
func oneFlaw(text string) []flaw {
	if text == "" {
		return nil
	}
	return []flaw{{"", text}}
}
