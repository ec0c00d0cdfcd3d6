package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

// mostTime is how long an attempt of a check may take where the store is slow. Checks of stores that are not end by themselves.
func (s *Suite) mostTime() time.Duration {
	switch s.settings.Depth {
	case subject.Quick:
		return time.Minute
	case subject.Thorough:
		return 10 * time.Minute
	default:
		return 4 * time.Minute
	}
}

// errOverdue ends the context of an attempt that takes too long.
var errOverdue = errors.New("the store is slow")

// whileAffordable returns a context that ends when a check has taken too long because the store is slow.
func (s *Suite) whileAffordable(ctx context.Context, c Check) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(s.mostTime(), func() {
		if s.conditionOf(c).pace.slow() > 0 {
			cancel(errOverdue)
		}
	})
	return ctx, func() { timer.Stop(); cancel(nil) }
}

// undecided replaces a verdict that came when the check was overdue: what it says of a store that is not asked any more does not count.
func (s *Suite) undecided(c Check, v *contract.Verdict) {
	if v.Status == contract.Pass {
		return
	}
	v.Status, v.Message = contract.Inconclusive, ""
	v.Reason = fmt.Sprintf("the store is slow (%s), and %s were not enough", s.conditionOf(c).pace, s.mostTime())
}

// Notes are observations of the run beside the verdicts.
func (s *Suite) Notes() []string {
	slow := s.condition.pace.String()
	if slow == "" {
		return nil
	}
	return []string{fmt.Sprintf("the store is slow (%s, with nothing else going on): it was asked less at once, and given longer lives", slow)}
}
