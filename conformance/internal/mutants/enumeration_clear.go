package mutants

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// enumerationClearMutants have faults of clear.
var enumerationClearMutants = []Mutant{
	{
		Name:   "clear removes nothing",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties, contract.EnumerationClearMany},
		From:   "level-session-store, all versions",
		fault: func(f *faulty, _ *backend) {
			f.clear = func(ctx context.Context) error { return ctx.Err() }
		},
	},
	{
		Name:   "clear forgets the counter of length",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties},
		fault: func(f *faulty, b *backend) {
			var forgotten atomic.Int64
			wipe, length := f.clear, f.length
			f.clear = func(ctx context.Context) error {
				forgotten.Add(int64(len(b.live())))
				return wipe(ctx)
			}
			f.length = func(ctx context.Context) (int, error) {
				n, err := length(ctx)
				return n + int(forgotten.Load()), err
			}
		},
	},
	{
		Name:   "clear leaves sessions without an end",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties},
		fault: func(f *faulty, b *backend) {
			wipe := f.clear
			f.clear = func(ctx context.Context) error {
				rows := b.live()
				if err := wipe(ctx); err != nil {
					return err
				}
				for id, r := range rows {
					if s, err := spec.ParseSession([]byte(r.text)); err == nil {
						if _, ends := s.Cookie.Expires(); !ends {
							b.write(id, r)
						}
					}
				}
				return nil
			}
		},
	},
	{
		Name:   "clear leaves a list beside the sessions, which all reads",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties, contract.EnumerationAllEmpty, contract.EnumerationAllNothingElse},
		fault: func(f *faulty, _ *backend) {
			var mu sync.Mutex
			var left []*spec.Session
			wipe, all := f.clear, f.all
			f.clear = func(ctx context.Context) error {
				sessions, _ := all(ctx)
				mu.Lock()
				left = append(left, sessions...)
				mu.Unlock()
				return wipe(ctx)
			}
			f.all = func(ctx context.Context) ([]*spec.Session, error) {
				sessions, err := all(ctx)
				mu.Lock()
				defer mu.Unlock()
				return append(sessions, left...), err
			}
		},
	},
	{
		Name:   "length counts a record of the store's own",
		Breaks: []*contract.Requirement{contract.EnumerationLengthCounts},
		fault: func(f *faulty, _ *backend) {
			length := f.length
			f.length = func(ctx context.Context) (int, error) {
				n, err := length(ctx)
				return n + 1, err
			}
		},
	},
	{
		Name:   "clear without sessions is an error",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpty},
		From:   "connect-redis 4 to 6 (DEL without keys), connect-mongo up to 5.1.0 (it drops the collection)",
		fault: func(f *faulty, b *backend) {
			wipe := f.clear
			f.clear = func(ctx context.Context) error {
				if len(b.live()) == 0 && ctx.Err() == nil {
					return errors.New("ERR wrong number of arguments for 'del' command")
				}
				return wipe(ctx)
			}
		},
	},
	{
		Name:   "what clear removed cannot be set again",
		Breaks: []*contract.Requirement{contract.EnumerationClearLaterSets},
		fault: func(f *faulty, b *backend) {
			var buried sync.Map
			wipe, set := f.clear, f.set
			f.clear = func(ctx context.Context) error {
				for id := range b.live() {
					buried.Store(id, true)
				}
				return wipe(ctx)
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := buried.Load(id); ok {
					return ctx.Err()
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name:   "clear goes on after it has answered",
		Breaks: []*contract.Requirement{contract.EnumerationClearLaterSets},
		fault: func(f *faulty, b *backend) {
			wipe := f.clear
			f.clear = func(ctx context.Context) error {
				ids := b.live()
				err := wipe(ctx)
				time.AfterFunc(30*time.Millisecond, func() {
					for id := range ids {
						b.remove(id)
					}
				})
				return err
			}
		},
	},
	{
		Name:   "clear flushes the whole server",
		Breaks: []*contract.Requirement{contract.EnumerationOwnOnly},
		From:   "connect-memcached up to 3.0.0, connect-redis 4 and later with a glob in its prefix",
		subject: onBothBackends(func(f *faulty, _, other *backend) {
			wipe := f.clear
			f.clear = func(ctx context.Context) error {
				if err := wipe(ctx); err != nil {
					return err
				}
				for id := range other.live() {
					other.remove(id)
				}
				return nil
			}
		}),
	},
}
