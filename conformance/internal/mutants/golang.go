package mutants

import (
	"context"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var goMutants = []Mutant{
	{
		Name:   "set does not look at its context",
		Breaks: []*contract.Requirement{contract.GoCancelledContext},
		From:   "drivers of gofiber/storage before 1928d025",
		fault: func(f *faulty, _ *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				return set(context.WithoutCancel(ctx), id, s)
			}
		},
	},
	{
		Name:   "destroy has removed the session when it sees that its context has ended",
		Breaks: []*contract.Requirement{contract.GoCancelledContext},
		fault: func(f *faulty, _ *backend) {
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				if err := destroy(context.WithoutCancel(ctx), id); err != nil {
					return err
				}
				return ctx.Err()
			}
		},
	},
	{
		Name:   "a directory is chosen by the first character of the id",
		Breaks: []*contract.Requirement{contract.GoEmptyID},
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				_ = id[0]
				return get(ctx, id)
			}
		},
	},
	{
		Name:   "a sweeper outlives its store",
		Breaks: []*contract.Requirement{contract.GoNoGoroutineLeak},
		From:   "alexedwards/scs (#228, #231)",
		fault: func(*faulty, *backend) {
			go func() {
				// Longer than the suite waits, and short enough for other tests.
				<-time.After(30 * time.Second)
			}()
		},
	},
}
