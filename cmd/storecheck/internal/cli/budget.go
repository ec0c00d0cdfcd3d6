package cli

import (
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

const (
	// leastBudget is what a target needs to be opened and closed.
	leastBudget = 5 * time.Second
	// usualBudget is many times what a store takes, and thoroughBudget what a slow one takes.
	usualBudget, thoroughBudget = 10 * time.Minute, time.Hour
)

// budgetOf is how long the check of a target may take.
func (f *runFlags) budgetOf() time.Duration {
	switch {
	case f.budget > 0:
		return f.budget
	case f.depth == subject.Thorough:
		return thoroughBudget
	}
	return usualBudget
}

// leaveUnreached gives every requirement without a verdict one, when the time of the target is used up.
func (c *targetCheck) leaveUnreached(reason string) {
	for _, q := range c.result.Requirements {
		if q.Status == "" {
			c.result.Add(contract.Verdict{ID: q.ID, Status: contract.Inconclusive, Reason: "not checked: " + reason})
		}
	}
}
