package conformance

import (
	"github.com/storecheck/storecheck/conformance/subject"
)

// A Subject is a store under test and what is true of it: see [subject.Subject] for its fields.
type Subject = subject.Subject

// NewManualClock returns a clock that stands still until it is advanced, for Subject.Clock: see [subject.ManualClock].
func NewManualClock() *subject.ManualClock { return subject.NewManualClock() }
