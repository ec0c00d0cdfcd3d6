package mutants

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// changesAll lets change alter each answer of all.
func changesAll(change func(all []*spec.Session, b *backend) ([]*spec.Session, error)) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		all := f.all
		f.all = func(ctx context.Context) ([]*spec.Session, error) {
			sessions, err := all(ctx)
			if err != nil {
				return nil, err
			}
			return change(sessions, b)
		}
	}
}

// listsGhosts makes all list ghosts too, until the next clear. keep makes a ghost of the session of an id.
func listsGhosts(f *faulty, b *backend) (keep func(id string)) {
	var mu sync.Mutex
	var kept []*spec.Session
	all, wipe := f.all, f.clear
	f.all = func(ctx context.Context) ([]*spec.Session, error) {
		sessions, err := all(ctx)
		mu.Lock()
		defer mu.Unlock()
		return append(sessions, kept...), err
	}
	f.clear = func(ctx context.Context) error {
		mu.Lock()
		kept = nil
		mu.Unlock()
		return wipe(ctx)
	}
	return func(id string) {
		row, ok := b.read(id)
		if s, err := spec.ParseSession([]byte(row.text)); ok && err == nil {
			mu.Lock()
			defer mu.Unlock()
			kept = append(kept, s)
		}
	}
}

// driftingLength makes length wrong, until the next clear, by the sum of what count was given.
func driftingLength(f *faulty) (count func(int)) {
	var off atomic.Int64
	length, wipe := f.length, f.clear
	f.length = func(ctx context.Context) (int, error) {
		n, err := length(ctx)
		return n + int(off.Load()), err
	}
	f.clear = func(ctx context.Context) error {
		off.Store(0)
		return wipe(ctx)
	}
	return func(n int) { off.Add(int64(n)) }
}

// onBothBackends plants a fault that sees the backend of another store beside its own.
func onBothBackends(fault func(f *faulty, own, other *backend)) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		open := func(own, other *backend) func(context.Context) (spec.Store, error) {
			return func(context.Context) (spec.Store, error) {
				f := own.open()
				fault(f, own, other)
				return f, nil
			}
		}
		s.Open, s.OpenForeign = open(r.backend, r.foreign), open(r.foreign, r.backend)
	}
}

var enumerationMutants = []Mutant{
	{
		Name: "all fails on what set has encrypted",
		Breaks: []*contract.Requirement{
			contract.EnumerationAllCollection, contract.EnumerationAllElements, contract.EnumerationAllLive, contract.EnumerationAllNothingElse,
			contract.EnumerationAllMany, contract.EnumerationAllOddIDs, contract.EnumerationOwnOnly, contract.ExpiryAllExcludes,
			contract.ExpiryAllProlonged,
		},
		From: "connect-mongo up to 4.4.0 (issues 410 and 411)",
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			if len(all) > 0 {
				return nil, errors.New("unexpected token in JSON at position 0")
			}
			return all, nil
		}),
	},
	{
		Name:   "all hands out one cookie with every session",
		Breaks: []*contract.Requirement{contract.EnumerationAllElements},
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			for _, s := range all {
				s.Cookie = all[len(all)-1].Cookie
			}
			return all, nil
		}),
	},
	{
		Name:   "all lists rows of the backend with the session inside",
		Breaks: []*contract.Requirement{contract.EnumerationAllElements},
		From:   "better-sqlite3-session-store, connect-lowdb",
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			for i, s := range all {
				row := spec.NewSession(spec.NewCookie())
				if err := row.Set("sess", s.String()); err != nil {
					return nil, err
				}
				all[i] = row
			}
			return all, nil
		}),
	},
	{
		Name:   "all lists a session twice when a page of keys overlaps the next",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive, contract.EnumerationAllMany},
		From:   "stores that page through keys with Redis's SCAN",
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			if len(all) >= 10 {
				all = append(all, all...)
			}
			return all, nil
		}),
	},
	{
		Name:   "all lists a record for every write",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive},
		fault: func(f *faulty, b *backend) {
			set, keep := f.set, listsGhosts(f, b)
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				keep(id)
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "all lists the store's own counter",
		Breaks: []*contract.Requirement{contract.EnumerationAllNothingElse},
		From:   "level-session-store, all versions (__length__)",
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			if len(all) > 0 {
				all = append(all, spec.NewSession(spec.NewCookie()))
			}
			return all, nil
		}),
	},
	{
		Name:   "all lists destroyed sessions",
		Breaks: []*contract.Requirement{contract.EnumerationAllNothingElse, contract.ResourcesMemory},
		From:   "connect-typeorm 2.0.0 deletes softly",
		fault: func(f *faulty, b *backend) {
			destroy, keep := f.destroy, listsGhosts(f, b)
			f.destroy = func(ctx context.Context, id string) error {
				keep(id)
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "all of an empty store is an error",
		Breaks: []*contract.Requirement{contract.EnumerationAllEmpty},
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			if len(all) == 0 {
				return nil, spec.ErrNotFound
			}
			return all, nil
		}),
	},
	{
		Name:   "all forgets the id __proto__",
		Breaks: []*contract.Requirement{contract.EnumerationAllOddIDs},
		From:   "memorystore, express-mysql-session",
		fault: changesAll(func(all []*spec.Session, b *backend) ([]*spec.Session, error) {
			row, ok := b.read("__proto__")
			return slices.DeleteFunc(all, func(s *spec.Session) bool { return ok && s.String() == row.text }), nil
		}),
	},
	{
		Name:   "all stops after the first page of 1,000",
		Breaks: []*contract.Requirement{contract.EnumerationAllMany},
		From:   "backends that answer in pages, such as DynamoDB's scan",
		fault: changesAll(func(all []*spec.Session, _ *backend) ([]*spec.Session, error) {
			return all[:min(len(all), 1000)], nil
		}),
	},
	{
		Name:   "length counts one page only",
		Breaks: []*contract.Requirement{contract.EnumerationLengthCounts},
		fault: func(f *faulty, _ *backend) {
			length := f.length
			f.length = func(ctx context.Context) (int, error) {
				n, err := length(ctx)
				return min(n, 8), err
			}
		},
	},
	{
		Name:   "length counts every set",
		Breaks: []*contract.Requirement{contract.EnumerationLengthReset},
		From:   "level-session-store, all versions",
		fault: func(f *faulty, b *backend) {
			set, count := f.set, driftingLength(f)
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := b.read(id); ok {
					count(1)
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "length goes down with every destroy",
		Breaks: []*contract.Requirement{contract.EnumerationLengthDestroy},
		From:   "level-session-store, all versions",
		fault: func(f *faulty, b *backend) {
			destroy, count := f.destroy, driftingLength(f)
			f.destroy = func(ctx context.Context, id string) error {
				if _, ok := b.read(id); !ok {
					count(-1)
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "length counts the whole server",
		Breaks: []*contract.Requirement{contract.EnumerationOwnOnly},
		From:   "connect-redis 4 and later with nested prefixes",
		subject: onBothBackends(func(f *faulty, _, other *backend) {
			length := f.length
			f.length = func(ctx context.Context) (int, error) {
				n, err := length(ctx)
				return n + len(other.live()), err
			}
		}),
	},
	{
		Name:   "all lists other stores' sessions",
		Breaks: []*contract.Requirement{contract.EnumerationOwnOnly},
		From:   "scs buntdbstore",
		subject: onBothBackends(func(f *faulty, _, other *backend) {
			all := f.all
			f.all = func(ctx context.Context) ([]*spec.Session, error) {
				sessions, err := all(ctx)
				theirs, otherErr := other.open().all(ctx)
				return append(sessions, theirs...), errors.Join(err, otherErr)
			}
		}),
	},
}
