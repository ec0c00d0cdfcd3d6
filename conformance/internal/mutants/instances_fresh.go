package mutants

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// freshMutants write a session beside, under a name that another instance uses as well.
var freshMutants = []Mutant{
	{
		Name:    "the temporary files of each instance are numbered from one",
		Breaks:  []*contract.Requirement{contract.InstancesFreshWriters},
		subject: besides(func(count int64, _ int64) string { return fmt.Sprint("tmp-", count) }, false),
	},
	{
		Name:    "there is one temporary file, and a lock on it in each instance",
		Breaks:  []*contract.Requirement{contract.InstancesFreshWriters},
		subject: besides(func(int64, int64) string { return "tmp" }, true),
	},
	{
		Name:    "there are eight temporary files that take turns",
		Breaks:  []*contract.Requirement{contract.InstancesFreshWriters},
		subject: besides(func(count int64, _ int64) string { return fmt.Sprint("tmp-", count%8) }, true),
	},
}

// unusualFresh are stores that write beside, and mix nothing.
func unusualFresh() []Unusual {
	return []Unusual{
		unusual("the temporary files of each instance are numbered from one, behind the number of the process", "as of most stores on files",
			besides(func(count, process int64) string { return fmt.Sprint("tmp-", process, "-", count) }, false)),
		unusual("a set takes the lock of the whole store", "SQLite with a busy timeout",
			func(s *conformance.Subject, r *rig) {
				var mu sync.Mutex
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					set := f.set
					f.set = func(ctx context.Context, id string, s *spec.Session) error {
						mu.Lock()
						defer mu.Unlock()
						time.Sleep(50 * time.Microsecond)
						return set(ctx, id, s)
					}
					return f
				})
			}),
	}
}

// besides lets each set write a temporary file and rename it. name makes its name of the number of the set and of the process. A store that
// is locked has one set at a time in each instance.
func besides(name func(count, process int64) string, locked bool) func(*conformance.Subject, *rig) {
	return func(s *conformance.Subject, r *rig) {
		var processes atomic.Int64
		folders := map[*backend]*sync.Map{r.backend: {}, r.foreign: {}}
		wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
			var count atomic.Int64
			var mu sync.Mutex
			process, folder := processes.Add(1), folders[b]
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				if locked {
					mu.Lock()
					defer mu.Unlock()
				}
				temporary := name(count.Add(1), process)
				folder.Store(temporary, rowOf(s))
				time.Sleep(50 * time.Microsecond)
				written, ok := folder.LoadAndDelete(temporary)
				if !ok {
					return errRename
				}
				b.write(id, written.(tableRow))
				return nil
			}
			return f
		})
	}
}

var errRename = errors.New("there is no file to rename")
