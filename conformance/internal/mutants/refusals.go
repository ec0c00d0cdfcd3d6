package mutants

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// RefuseWrites lets the server answer writes with errors.
func (s *sessionServer) RefuseWrites(_ context.Context, everything bool) error {
	s.refuse(map[string]bool{"set": true, "touch": everything, "destroy": everything})
	return nil
}

// AllowWrites ends that.
func (s *sessionServer) AllowWrites(context.Context) error {
	s.refuse(nil)
	return nil
}

func (s *sessionServer) refuse(verbs map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses = verbs
}

// overRefusing builds a subject with a store over the network whose server can refuse writes. change may replace any part of the store.
func overRefusing(change func(f *faulty, r *remote)) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, _ *rig) {
		s.Refusing = func(context.Context) (spec.Store, subject.Refuser, error) {
			server, err := newSessionServer()
			if err != nil {
				return nil, nil, err
			}
			r := newRemote(server.listener.Addr().String())
			f := r.open()
			f.close = func() error { return errors.Join(r.Close(), server.Close()) }
			if change != nil {
				change(f, r)
			}
			return f, server, nil
		}
	}
}

var refusalMutants = []Mutant{
	{
		Name:   "what the server answers to a set is not looked at",
		Breaks: []*contract.Requirement{contract.FaultsRefusedWrites},
		subject: overRefusing(func(f *faulty, r *remote) {
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				_, err := r.ask(ctx, "set "+id+" "+s.String())
				return err
			}
		}),
	},
	{
		Name:   "what the server answers to a destroy is not looked at",
		Breaks: []*contract.Requirement{contract.FaultsRefusedWrites},
		subject: overRefusing(func(f *faulty, r *remote) {
			f.destroy = func(ctx context.Context, id string) error {
				_, err := r.ask(ctx, "destroy "+id)
				return err
			}
		}),
	},
	{
		Name:   "what the server answers to a touch is not looked at",
		Breaks: []*contract.Requirement{contract.FaultsRefusedWrites},
		subject: overRefusing(func(f *faulty, r *remote) {
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				_, err := r.ask(ctx, "touch "+id+" "+s.Cookie.String())
				return err
			}
		}),
	},
	{
		Name:   "a set removes the old session before it writes the new one, which a full server refuses",
		Breaks: []*contract.Requirement{contract.FaultsRefusedWrites},
		subject: overRefusing(func(f *faulty, _ *remote) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.destroy(ctx, id); err != nil {
					return err
				}
				return set(ctx, id, s)
			}
		}),
	},
	{
		Name:   "a set that was refused is tried again when it was reported to have failed",
		Breaks: []*contract.Requirement{contract.FaultsRefusedWrites},
		subject: overRefusing(func(f *faulty, _ *remote) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				s = s.Clone()
				err := set(ctx, id, s)
				if err != nil {
					time.AfterFunc(900*time.Millisecond, func() { _ = set(context.WithoutCancel(ctx), id, s) })
				}
				return err
			}
		}),
	},
	{
		Name:   "a get that cannot prolong its session finds none",
		Breaks: []*contract.Requirement{contract.FaultsRefusedWrites},
		subject: overRefusing(func(f *faulty, _ *remote) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s != nil && f.touch(ctx, id, s) != nil {
					return nil, nil
				}
				return s, err
			}
		}),
	},
	{
		Name:   "a pool loses a connection with each write that is refused",
		Breaks: []*contract.Requirement{contract.FaultsRefusedAnswered},
		subject: overRefusing(func(f *faulty, _ *remote) {
			pool := make(chan struct{}, 10)
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				pool <- struct{}{}
				if err := set(ctx, id, s); err != nil {
					return err
				}
				<-pool
				return nil
			}
		}),
	},
	{
		Name:   "after a write that was refused the store takes its server for read-only, for ever",
		Breaks: []*contract.Requirement{contract.FaultsRefusedAnswered},
		subject: overRefusing(func(f *faulty, _ *remote) {
			var mu sync.Mutex
			var failure error
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				if failure == nil {
					failure = set(ctx, id, s)
				}
				return failure
			}
		}),
	},
	{
		Name:   "a write that is refused is a panic",
		Breaks: []*contract.Requirement{contract.FaultsRefusedAnswered},
		subject: overRefusing(func(f *faulty, _ *remote) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := set(ctx, id, s); err != nil {
					panic(err)
				}
				return nil
			}
		}),
	},
}

// unusualRefusing are stores with ways of their own while their backend refuses writes.
func unusualRefusing() []Unusual {
	return []Unusual{
		unusual("tells what its server refuses", "the most common way", overRefusing(nil)),
		unusual("leaves a server alone that refuses", "a circuit breaker: after five refusals nothing is written for a second",
			overRefusing(func(f *faulty, _ *remote) {
				var mu sync.Mutex
				refused, until := 0, time.Time{}
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					mu.Lock()
					open := time.Now().Before(until)
					mu.Unlock()
					if open {
						return errors.New("the server is not asked")
					}
					err := set(ctx, id, s)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						refused = 0
					} else if refused++; refused >= 5 {
						until = time.Now().Add(time.Second)
					}
					return err
				}
			})),
		unusual("keeps what its server refuses, and writes it later", "as stores with a journal of their own do: what is acknowledged is found at once",
			overRefusing(writesLater)),
		unusual("tries a refused write three times", "the error is told after the third",
			overRefusing(func(f *faulty, _ *remote) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) (err error) {
					for range 3 {
						if err = set(ctx, id, s); err == nil {
							return nil
						}
						time.Sleep(20 * time.Millisecond)
					}
					return err
				}
			})),
	}
}

// writesLater lets a store acknowledge a set that its server refuses. The store answers gets from what it keeps until the server takes it.
func writesLater(f *faulty, _ *remote) {
	var mu sync.Mutex
	kept := map[string]*spec.Session{}
	get, set, destroy := f.get, f.set, f.destroy
	f.set = func(ctx context.Context, id string, s *spec.Session) error {
		mu.Lock()
		defer mu.Unlock()
		delete(kept, id)
		if set(ctx, id, s) == nil {
			return nil
		}
		kept[id] = s.Clone()
		return nil
	}
	f.get = func(ctx context.Context, id string) (*spec.Session, error) {
		mu.Lock()
		defer mu.Unlock()
		s, ok := kept[id]
		if !ok {
			return get(ctx, id)
		}
		if set(ctx, id, s) == nil {
			delete(kept, id)
		}
		return s.Clone(), nil
	}
	f.destroy = func(ctx context.Context, id string) error {
		mu.Lock()
		defer mu.Unlock()
		delete(kept, id)
		return destroy(ctx, id)
	}
}
