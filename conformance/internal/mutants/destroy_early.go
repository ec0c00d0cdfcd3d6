package mutants

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// answersEarly makes some destroys call back a moment before the record is gone.
func answersEarly(early func(n, inFlight int64) bool) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		var turn, inFlight atomic.Int64
		destroy := f.destroy
		f.destroy = func(ctx context.Context, id string) error {
			defer inFlight.Add(-1)
			if met := inFlight.Add(1); !early(turn.Add(1), met) {
				time.Sleep(time.Millisecond / 5)
				return destroy(ctx, id)
			}
			if err := f.enter(ctx); err != nil {
				return err
			}
			row, ok := b.peek(id)
			time.AfterFunc(5*time.Millisecond, func() {
				if now, still := b.peek(id); ok && still && now == row {
					b.remove(id)
				}
			})
			return nil
		}
	}
}

var earlyMutants = []Mutant{
	{
		Name:   "now and then a destroy calls back before the record is gone",
		Breaks: []*contract.Requirement{contract.DestroyGone},
		MayBreak: []*contract.Requirement{
			contract.DestroyTwice, contract.MiddlewareLogin, contract.MiddlewareLogoutElsewhere, contract.EnumerationAllNothingElse,
			contract.EnumerationLengthDestroy, contract.ConcurrencyStaleReads, contract.ConcurrencyDestroyAndTouch, contract.TouchNoResurrection,
			contract.InstancesSeeDestroys, contract.IDsLookAlikes, contract.IDsLongApart, contract.IDsBookkeeping, contract.IDsPrototypeNames,
		},
		From:  "a store on an ORM, with which 9 of 100 destroyed sessions were found right after",
		fault: answersEarly(func(n, _ int64) bool { return n%50 == 0 }),
	},
	{
		Name:   "a destroy that meets twenty others calls back before the record is gone",
		Breaks: []*contract.Requirement{contract.DestroyGone},
		fault:  answersEarly(func(_, met int64) bool { return met > 20 }),
	},
}
