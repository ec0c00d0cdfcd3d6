package report

import "github.com/storecheck/storecheck/spec/contract"

// breach says what the store does that violates the requirement. It is the title where the contract does not know the requirement any more.
func (q *Requirement) breach() string {
	if c, ok := contract.Lookup(q.ID); ok && c.Breach != "" {
		return c.Breach
	}
	return oneLine(q.Title)
}

// harm is what a violation does to users.
func (q *Requirement) harm() contract.Harm {
	if c, ok := contract.Lookup(q.ID); ok {
		return c.Harm
	}
	return contract.Inconvenient
}
