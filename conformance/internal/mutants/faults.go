package mutants

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var faultsMutants = []Mutant{
	{
		Name:     "an answer that takes more than 100 ms is an error",
		Breaks:   []*contract.Requirement{contract.FaultsSlow},
		MayBreak: []*contract.Requirement{contract.FaultsServesAgain}, // a busy machine may take that long to answer
		subject:  overNetwork(func(_ *faulty, r *remote) { r.patience = 100 * time.Millisecond }),
	},
	{
		Name:   "a call whose connection breaks is forgotten",
		Breaks: []*contract.Requirement{contract.FaultsAnswered},
		subject: overNetwork(func(_ *faulty, r *remote) {
			ask := r.ask
			r.ask = func(ctx context.Context, request string) (string, error) {
				answer, err := ask(ctx, request)
				if err != nil {
					select {} // waits for an answer that never comes
				}
				return answer, err
			}
		}),
	},
	{
		Name:   "an answer is read without a look at whether there is one",
		Breaks: []*contract.Requirement{contract.FaultsProcessLives},
		subject: overNetwork(func(_ *faulty, r *remote) {
			ask := r.ask
			r.ask = func(ctx context.Context, request string) (string, error) {
				answer, err := ask(ctx, request)
				return answer[:1] + answer[1:], err
			}
		}),
	},
	{
		Name:   "when a call was tried in vain for some seconds the store panics",
		Breaks: []*contract.Requirement{contract.FaultsProcessLives},
		long:   true,
		subject: overNetwork(func(_ *faulty, r *remote) {
			ask := r.ask
			r.ask = func(ctx context.Context, request string) (string, error) {
				for start := time.Now(); time.Since(start) < 4200*time.Millisecond; time.Sleep(50 * time.Millisecond) {
					if answer, err := ask(ctx, request); err == nil {
						return answer, nil
					}
				}
				panic("no try is left")
			}
		}),
	},
	{
		Name:     "a connection is used on after its answer was given up",
		Breaks:   []*contract.Requirement{contract.FaultsRightData},
		MayBreak: []*contract.Requirement{contract.FaultsNotMissing, contract.FaultsServesAgain, contract.FaultsAcknowledged},
		subject:  overNetwork(func(_ *faulty, r *remote) { r.givenUp = r.put }),
	},
	{
		Name:     "a connection is used on after its answer was given up, for which a client waits two seconds",
		Breaks:   []*contract.Requirement{contract.FaultsRightData},
		MayBreak: []*contract.Requirement{contract.FaultsNotMissing, contract.FaultsServesAgain, contract.FaultsAcknowledged},
		subject:  overNetwork(func(_ *faulty, r *remote) { r.patience, r.givenUp = 2*time.Second, r.put }),
	},
	{
		Name:   "half an answer is made a session",
		Breaks: []*contract.Requirement{contract.FaultsRightData},
		subject: overNetwork(func(f *faulty, r *remote) {
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				answer, err := r.ask(ctx, "get "+id)
				text, found := strings.CutPrefix(answer, "= ")
				if !found {
					return nil, err
				}
				s, err := spec.ParseSession([]byte(text))
				if err != nil {
					return spec.NewSession(spec.NewCookie()), nil
				}
				return s, nil
			}
		}),
	},
	{
		Name:   "after an outage the first get of an id is given what waits for another get",
		Breaks: []*contract.Requirement{contract.FaultsRightData},
		subject: overNetwork(func(_ *faulty, r *remote) {
			var mu sync.Mutex
			failed := map[string]bool{}
			last := ""
			ask := r.ask
			r.ask = func(ctx context.Context, request string) (string, error) {
				answer, err := ask(ctx, request)
				id := strings.Fields(request)[1]
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					failed[id] = true
				case strings.HasPrefix(answer, "= "):
					if failed[id] && last != "" {
						answer = last
					} else {
						last = answer
					}
					delete(failed, id)
				}
				return answer, err
			}
		}),
	},
	{
		Name:   "a get that fails is a missing session",
		Breaks: []*contract.Requirement{contract.FaultsNotMissing},
		From:   "prisma-session-store",
		subject: overNetwork(func(f *faulty, _ *remote) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if err != nil {
					return nil, nil
				}
				return s, nil
			}
		}),
	},
	{
		Name:   "a set that fails is reported as a success",
		Breaks: []*contract.Requirement{contract.FaultsAcknowledged},
		From:   "connect-pg-simple 5.0.0 and 6.0.0",
		subject: overNetwork(func(f *faulty, _ *remote) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				_ = set(ctx, id, s)
				return nil
			}
		}),
	},
	{
		Name:   "a set that has failed is tried again later",
		Breaks: []*contract.Requirement{contract.FaultsAcknowledged},
		subject: overNetwork(func(f *faulty, _ *remote) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				s = s.Clone()
				err := set(ctx, id, s)
				ctx = context.WithoutCancel(ctx)
				var again func(tries int)
				again = func(tries int) {
					time.AfterFunc(800*time.Millisecond, func() {
						if set(ctx, id, s) != nil && tries > 1 {
							again(tries - 1)
						}
					})
				}
				if err != nil {
					again(10)
				}
				return err
			}
		}),
	},
	{
		Name:   "a destroy that fails is reported as a success",
		Breaks: []*contract.Requirement{contract.FaultsAcknowledged},
		subject: overNetwork(func(f *faulty, _ *remote) {
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				_ = destroy(ctx, id)
				return nil
			}
		}),
	},
	{
		Name:    "a cache that hears of changes no more is trusted",
		Breaks:  []*contract.Requirement{contract.FaultsSeesChanges},
		subject: overNetwork(withCache(func(*watchingCache) bool { return false })),
	},
	{
		Name:    "a cache is kept when changes may have been missed",
		Breaks:  []*contract.Requirement{contract.FaultsSeesChanges},
		subject: overNetwork(withCache(func(*watchingCache) bool { return true })),
	},
	{
		Name:   "after a failure the backend is given up for good",
		Breaks: []*contract.Requirement{contract.FaultsServesAgain},
		From:   "sessionstore 1.3.8 with Redis",
		subject: overNetwork(func(_ *faulty, r *remote) {
			var mu sync.Mutex
			var failure error
			ask := r.ask
			r.ask = func(ctx context.Context, request string) (string, error) {
				mu.Lock()
				failed := failure
				mu.Unlock()
				if failed != nil {
					return "", failed
				}
				answer, err := ask(ctx, request)
				if err != nil {
					mu.Lock()
					failure = errors.Join(errors.New("the connection was lost"), err)
					mu.Unlock()
				}
				return answer, err
			}
		}),
	},
	{
		Name:    "a call waits until the backend is back, however long that takes",
		Breaks:  []*contract.Requirement{contract.FaultsGivesUp},
		long:    true,
		From:    "connect-redis 9.0.0, in node-redis 6.3.1, for a backend that keeps silent",
		subject: overNetwork(func(_ *faulty, r *remote) { r.retry(0) }),
	},
}

// retry makes the store try each request so many times; 0 means for ever.
func (r *remote) retry(times int) {
	ask := r.ask
	r.ask = func(ctx context.Context, request string) (answer string, err error) {
		for n := 1; n != times; n++ {
			if answer, err = ask(ctx, request); err == nil {
				return answer, nil
			}
			time.Sleep(50 * time.Millisecond)
		}
		return ask(ctx, request)
	}
}
