package report

import "github.com/storecheck/storecheck/spec/contract"

// An Outcome is what a status says about a store.
type Outcome int

const (
	// Unsure: the run cannot say. The check was flaky, inconclusive or in error.
	Unsure Outcome = iota
	// NotAsked: the requirement was skipped.
	NotAsked
	// Holds: the store does what is required.
	Holds
	// Violated: the store does not, whether somebody expected that or not.
	Violated
)

// OutcomeOf returns what a status says about a store.
func OutcomeOf(s contract.Status) Outcome {
	switch s {
	case contract.Pass, contract.Fixed:
		return Holds
	case contract.Fail, contract.Known:
		return Violated
	case contract.Skip:
		return NotAsked
	default:
		return Unsure
	}
}

// A Tally counts outcomes. What was skipped is in none of its numbers.
type Tally struct{ Held, Violated, Unsure int }

// Asked is how many requirements were asked.
func (t Tally) Asked() int { return t.Held + t.Violated + t.Unsure }

// Tally counts the outcomes of the requirements that pick accepts.
func (r *Result) Tally(pick func(*Requirement) bool) Tally {
	var t Tally
	for i := range r.Requirements {
		if q := &r.Requirements[i]; pick(q) {
			t.add(q.Status)
		}
	}
	return t
}

func (t *Tally) add(s contract.Status) {
	switch OutcomeOf(s) {
	case Holds:
		t.Held++
	case Violated:
		t.Violated++
	case Unsure:
		t.Unsure++
	case NotAsked:
	}
}
