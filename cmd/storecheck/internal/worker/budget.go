package worker

import (
	"context"
	"fmt"
	"time"
)

const (
	// tidying is how long the store may take to remove the sessions of a run that was stopped.
	tidying = 900 * time.Millisecond
	// mostReserve and leastReserve bound the part of the budget that is kept for the end of the run.
	leastReserve, mostReserve = time.Second, 10 * time.Second
)

// reserve is the part of a budget in which the run ends: sessions are removed, the store is closed.
func reserve(budget time.Duration) time.Duration {
	return min(max(budget/10, leastReserve), mostReserve, budget/2)
}

// withBudget returns a context that ends when the checks are to end.
func withBudget(ctx context.Context, budget time.Duration) (context.Context, context.CancelFunc) {
	if budget <= 0 {
		return context.WithCancel(context.WithoutCancel(ctx))
	}
	return context.WithTimeout(context.WithoutCancel(ctx), budget-reserve(budget))
}

// WithBudget returns a context that ends when a worker is to be stopped that has not ended by itself.
func WithBudget(ctx context.Context, budget time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, budget-reserve(budget)/2, overBudget(budget))
}

// overBudget is why a run ends that has used up its time.
type overBudget time.Duration

func (o overBudget) Error() string {
	return fmt.Sprintf("the budget of %s is used up; a greater --budget gives the checks more time", time.Duration(o))
}

// tidy waits for the end of checks that were ended, for a while, and reports whether it came.
func tidy(checked <-chan error, patience time.Duration, ended func(error)) bool {
	select {
	case err := <-checked:
		ended(err)
		return true
	case <-time.After(patience):
		return false
	}
}

// OverBudget returns why the context of [WithBudget] has ended, if the budget was the reason.
func OverBudget(ctx context.Context) (reason string, over bool) {
	cause, over := context.Cause(ctx).(overBudget) //nolint:errorlint // it is never wrapped
	if !over {
		return "", false
	}
	return cause.Error(), true
}
