package engine

import "time"

// A condition is what a run has learnt of the stores that share a backend: how long their calls are waited for, when they gave up, how their
// process ended. The processes that run apart have a condition of their own: what a kill brings about there says nothing of the shared store.
type condition struct {
	patience patience
	pace     *pace // of all stores of the run: they may wait for one backend
	giveUps  giveUps
	flight   flight
	deaths   deaths
}

func newCondition(callTimeout time.Duration, p *pace) *condition {
	return &condition{patience: patience{full: callTimeout}, pace: p}
}

// conditionOf returns the condition of the stores that a check works with.
func (s *Suite) conditionOf(c Check) *condition {
	if c.When == apart {
		return s.apartCondition
	}
	return s.condition
}
