package mutants

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// poolOfStore is the size of a pool that loses a connection with some of the calls that fail. Other checks make fewer such calls.
const poolOfStore = 20

// losesPlaces makes each call of a method take a place in a pool. Calls whose error the store does not expect never give theirs back.
func losesPlaces(expected func(error) bool) func(do func() error) error {
	pool := make(chan struct{}, poolOfStore)
	return func(do func() error) error {
		pool <- struct{}{}
		err := do()
		if err == nil || expected(err) {
			<-pool
		}
		return err
	}
}

var failuresMutants = []Mutant{
	{
		Name:   "a pool loses a connection with each destroy whose context has ended",
		Breaks: []*contract.Requirement{contract.ResourcesAfterFailures},
		fault: func(f *faulty, _ *backend) {
			take := losesPlaces(func(err error) bool { return !errors.Is(err, context.Canceled) })
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error { return take(func() error { return destroy(ctx, id) }) }
		},
	},
	{
		Name:   "a pool loses a connection with each get of a record that cannot be read",
		Breaks: []*contract.Requirement{contract.ResourcesAfterFailures},
		fault: func(f *faulty, _ *backend) {
			take := losesPlaces(func(err error) bool {
				return errors.Is(err, context.Canceled) || errors.Is(err, errClosed) || errors.Is(err, errDown)
			})
			get := f.get
			f.get = func(ctx context.Context, id string) (s *spec.Session, err error) {
				err = take(func() error {
					s, err = get(ctx, id)
					return err
				})
				return s, err
			}
		},
	},
	{
		Name:   "a pool loses a connection with each call that its backend fails",
		Breaks: []*contract.Requirement{contract.ResourcesAfterFailures},
		fault: func(f *faulty, _ *backend) {
			take := losesPlaces(func(err error) bool { return !errors.Is(err, errDown) })
			touch := f.touch
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				return take(func() error { return touch(ctx, id, s) })
			}
		},
	},
	{
		Name:   "after ten touches of a record that cannot be read the store gives up for good",
		Breaks: []*contract.Requirement{contract.ResourcesAfterFailures},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			failed := 0
			touch, enter := f.touch, f.enter
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				err := touch(ctx, id, s)
				if row, ok := b.peek(id); ok && row.text == unreadable {
					mu.Lock()
					defer mu.Unlock()
					failed++
				}
				return err
			}
			f.enter = func(ctx context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				if failed >= 10 {
					return errors.New("too many errors")
				}
				return enter(ctx)
			}
		},
	},
}

// unusualFailures are stores with ways of their own of calls that fail.
func unusualFailures() []Unusual {
	return []Unusual{
		unusual("a pool of two connections", "each is given back, also after an error",
			changeInstances(func(f *faulty, _ *backend) {
				pool := make(chan struct{}, 2)
				take := func(do func() error) error {
					pool <- struct{}{}
					defer func() { <-pool }()
					return do()
				}
				get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
				f.get = func(ctx context.Context, id string) (s *spec.Session, err error) {
					err = take(func() error {
						s, err = get(ctx, id)
						return err
					})
					return s, err
				}
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					return take(func() error { return set(ctx, id, s) })
				}
				f.destroy = func(ctx context.Context, id string) error { return take(func() error { return destroy(ctx, id) }) }
				f.touch = func(ctx context.Context, id string, s *spec.Session) error {
					return take(func() error { return touch(ctx, id, s) })
				}
			})),
		unusual("leaves its backend alone for some seconds after ten unreadable records", "a circuit breaker",
			changeInstances(func(f *faulty, b *backend) {
				var mu sync.Mutex
				failed, until := 0, time.Time{}
				get := f.get
				f.get = func(ctx context.Context, id string) (*spec.Session, error) {
					mu.Lock()
					open := b.clock.Now().Before(until)
					mu.Unlock()
					if open {
						return nil, errors.New("the backend is not asked")
					}
					s, err := get(ctx, id)
					if row, ok := b.peek(id); ok && row.text == unreadable {
						mu.Lock()
						defer mu.Unlock()
						if failed++; failed%10 == 0 {
							until = b.clock.Now().Add(4 * time.Second)
						}
					}
					return s, err
				}
			})),
	}
}
