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
		Name:   "two sets at the same time count the sessions without a lock",
		Breaks: []*contract.Requirement{contract.GoNoDataRace},
		From:   "go-session/session 3.2.1, whose sweep reads an end while an update writes it",
		fault: inWindow(func(f *faulty, b *backend, w *window) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				b.setting.Add(1)
				defer b.setting.Add(-1)
				w.await(func() bool { return b.setting.Load() > 1 })
				if b.setting.Load() > 1 {
					b.raced.Store(true) // a detector would have seen it
				}
				return set(ctx, id, s)
			}
		}),
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
