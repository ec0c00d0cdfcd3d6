package contract

import "time"

// A Status is how the check of one requirement ended. The set is closed; only Pass is green.
type Status string

const (
	// Pass: the requirement holds as far as the check could see.
	Pass Status = "pass"
	// Fail: the store violates the requirement.
	Fail Status = "fail"
	// Skip: the check does not apply to this store; the reason says why.
	Skip Status = "skip"
	// Known: the store violates the requirement, and that was expected, with a reason.
	Known Status = "known"
	// Fixed: a violation was expected and did not happen, so the expectation is out of date.
	Fixed Status = "fixed"
	// Flaky: the requirement held in some attempts and not in others.
	Flaky Status = "flaky"
	// Inconclusive: the check could not decide, as when it looked too late.
	Inconclusive Status = "inconclusive"
	// Broken: the harness or the process around the store gave way; this says nothing about the store. It is written "error".
	Broken Status = "error"
)

// Statuses returns every status, in the order of the declaration.
func Statuses() []Status {
	return []Status{Pass, Fail, Skip, Known, Fixed, Flaky, Inconclusive, Broken}
}

// A Verdict is what the check of one requirement found.
type Verdict struct {
	// ID is the requirement's.
	ID string `json:"id"`
	// Status is how it ended.
	Status Status `json:"status"`
	// Reason is why a check was skipped, is inconclusive, known, or broken: one sentence for a person.
	Reason string `json:"reason,omitempty"`
	// Message is the full text of a failure: what was required, the calls made, wanted, got.
	Message string `json:"message,omitempty"`
	// Cause is what lies behind a failure, in one sentence, where the check has seen it.
	Cause string `json:"cause,omitempty"`
	// Observed is what a May requirement recorded.
	Observed string `json:"observed,omitempty"`
	// WholeRun says that it was found in what other checks brought about: checked alone, the requirement may seem to hold.
	WholeRun bool `json:"wholeRun,omitempty"`
	// Calls are the calls that the check made on the store, as a person would type them, with their answers.
	Calls []string `json:"calls,omitempty"`
	// Duration is the time that the check took, waits on the shared timeline included. In JSON it is a number of nanoseconds.
	Duration time.Duration `json:"duration"`
}

// Repeatable reports whether a failure comes again, or does not, when the check runs again by itself: neither the calls of other checks have
// brought it about nor random ones.
func (v Verdict) Repeatable() bool {
	r, _ := Lookup(v.ID)
	return !v.WholeRun && (r == nil || !r.ByChance)
}
