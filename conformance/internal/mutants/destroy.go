package mutants

import (
	"context"
	"errors"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var destroyMutants = []Mutant{
	{
		Name:   "a destroy removes the two newest versions only",
		Breaks: []*contract.Requirement{contract.DestroyGone, contract.InstancesReopenMany},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			versions := map[string][]tableRow{}
			set, destroy := f.set, f.destroy
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				mu.Lock()
				defer mu.Unlock()
				if old, ok := b.read(id); ok {
					versions[id] = append(versions[id], old)
				}
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				mu.Lock()
				defer mu.Unlock()
				if err := destroy(ctx, id); err != nil {
					return err
				}
				if n := len(versions[id]); n > 1 {
					b.write(id, versions[id][n-1])
					versions[id] = versions[id][:n-1]
				}
				return nil
			}
		},
	},
	{
		Name:   "a destroy leaves what a get has put into the cache",
		Breaks: []*contract.Requirement{contract.DestroyGone, contract.ConcurrencyStaleReads, contract.MiddlewareLogin, contract.MiddlewareLogoutElsewhere},
		fault: func(f *faulty, _ *backend) {
			var cache, kept sync.Map
			get, set, destroy := f.get, f.set, f.destroy
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s != nil {
					cache.Store(id, s.Clone())
				} else if old, ok := kept.Load(id); ok && err == nil {
					return old.(*spec.Session).Clone(), nil
				}
				return s, err
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				cache.Delete(id)
				kept.Delete(id)
				return set(ctx, id, s)
			}
			f.destroy = func(ctx context.Context, id string) error {
				if s, ok := cache.LoadAndDelete(id); ok && len(id) > shortID {
					kept.Store(id, s)
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "a destroy removes every session whose id begins so",
		Breaks: []*contract.Requirement{contract.DestroyOthersStay},
		fault: destroys(func(id, stored string) bool {
			return len(id) > shortID && strings.HasPrefix(stored, id)
		}),
	},
	{
		Name:   "a destroy of a missing session is an error",
		Breaks: []*contract.Requirement{contract.DestroyMissing, contract.DestroyTwice},
		From:   "prisma-session-store 3.1.3 to 3.1.8 (issue 91, PR 98), @itrocks/fastify-file-session-store 0.0.11, session-pouchdb-store 0.4.1 (of any session)",
		fault: func(f *faulty, b *backend) {
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				if _, ok := b.peek(id); !ok {
					return errors.New("record to delete does not exist")
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "a destroyed session cannot be destroyed again",
		Breaks: []*contract.Requirement{contract.DestroyTwice},
		fault: func(f *faulty, b *backend) {
			var destroyed sync.Map
			destroy := f.destroy
			f.destroy = func(ctx context.Context, id string) error {
				_, stored := b.peek(id)
				if _, again := destroyed.LoadOrStore(id, true); again && !stored {
					return errors.New("the session has been deleted already")
				}
				return destroy(ctx, id)
			}
		},
	},
	{
		Name:   "destroy takes its id as a pattern of file names",
		Breaks: []*contract.Requirement{contract.DestroyOneOnly, contract.IDsLookAlikes},
		fault: destroys(func(id, stored string) bool {
			ok, _ := path.Match(id, stored)
			return ok
		}),
	},
	{
		Name:   "destroy takes its id as a pattern of LIKE",
		Breaks: []*contract.Requirement{contract.DestroyOneOnly},
		fault: destroys(func(id, stored string) bool {
			if !strings.Contains(id, "%") && !strings.HasSuffix(id, "_") {
				return false
			}
			like := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(id))
			return regexp.MustCompile("^" + like + "$").MatchString(stored)
		}),
	},
	{
		Name:   "destroy of an empty id removes everything",
		Breaks: []*contract.Requirement{contract.DestroyOneOnly},
		From:   "session-file-store with an empty fileExtension",
		fault:  destroys(func(id, _ string) bool { return id == "" }),
	},
}

// shortID is the length up to which an id may be one that a check has chosen itself. Such ids are used again, or differ in little.
const shortID = 31

// destroys makes a destroy remove other sessions too.
func destroys(too func(id, stored string) bool) func(*faulty, *backend) {
	return func(f *faulty, b *backend) {
		destroy := f.destroy
		f.destroy = func(ctx context.Context, id string) error {
			if err := destroy(ctx, id); err != nil {
				return err
			}
			for stored := range b.live() {
				if too(id, stored) {
					b.remove(stored)
				}
			}
			return nil
		}
	}
}
