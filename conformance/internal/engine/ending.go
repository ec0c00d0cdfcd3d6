package engine

import "github.com/storecheck/storecheck/spec/contract"

// A cutShort is why a run has ended before its checks, although its store and the backend may be well.
type cutShort struct{ error }

func (c *cutShort) Unwrap() error { return c.error }

// End ends the run early. A check that has a verdict keeps it. Every other one is inconclusive, and why is its reason. Checks that still run end
// because their contexts do, and the store removes what they have stored.
func (s *Suite) End(why error) { s.watch.end(&cutShort{why}) }

// notReached is the verdict on a requirement whose check did not end before the run did.
func (s *Suite) notReached(c Check) contract.Verdict {
	v := contract.Verdict{ID: c.Requirement.ID, Status: contract.Broken, Reason: "not checked: " + s.watch.ended().Error()}
	if s.watch.down() == nil {
		v.Status = contract.Inconclusive
	}
	return v
}

// reached is the verdict of a check in a run that has ended early: its own, if it came before and nothing speaks against it.
func (s *Suite) reached(c Check) contract.Verdict {
	if s.watch.down() != nil {
		return s.notReached(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range []*timeline{s.apart, s.timeline, s.ages} {
		pending := t.verdict(c.Requirement.ID)
		select {
		case v := <-pending:
			pending <- v
			return v
		default:
		}
	}
	return s.notReached(c)
}
