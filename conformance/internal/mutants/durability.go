package mutants

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// The stores here keep their sessions in a folder. Each lives in a process of its own, which is killed; the rest of its subject is a correct
// store.

var durabilityMutants = []Mutant{
	{
		Name:   "a lock file that a killed process has left keeps the store closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashOpens},
		killed: inFolder(func(s *faulty, f *sessionFolder) error {
			lock := filepath.Join(f.dir, "lock")
			file, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return fmt.Errorf("another process has the store open: %w", err)
			}
			s.close = func() error { return errors.Join(file.Close(), os.Remove(lock)) }
			return nil
		}),
	},
	{
		Name:   "a folder with an unfinished file is refused",
		Breaks: []*contract.Requirement{contract.DurabilityCrashOpens},
		killed: inFolder(func(_ *faulty, f *sessionFolder) error {
			if left, err := filepath.Glob(filepath.Join(f.dir, "*"+unfinishedSuffix)); err != nil || len(left) > 0 {
				return fmt.Errorf("the folder is damaged: %v", left)
			}
			return nil
		}),
	},
	{
		Name:   "the lock of a record that a killed process has left is never broken",
		Breaks: []*contract.Requirement{contract.DurabilityCrashOpens},
		killed: inFolder(func(s *faulty, f *sessionFolder) error {
			lockRecords(s, f, math.MaxInt64, 5*time.Millisecond)
			return nil
		}),
	},
	{
		Name:   "a set writes a record in place",
		Breaks: []*contract.Requirement{contract.DurabilityCrashWhole},
		From:   "session-file-store up to 0.0.22; @itrocks/fastify-file-session-store, all versions",
		killed: inFolder(func(_ *faulty, f *sessionFolder) error {
			f.write = func(path string, text []byte) error { return os.WriteFile(path, text, 0o600) }
			return nil
		}),
	},
	{
		Name:   "a set removes the old record before the new one is written beside",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: inFolder(func(_ *faulty, f *sessionFolder) error {
			f.write = func(path string, text []byte) error {
				if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
				return f.beside(path, text)
			}
			return nil
		}),
	},
	{
		Name:     "a set is acknowledged when it is queued",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed:   queuesSets(0),
	},
	{
		Name:     "sets are gathered and written now and then",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		From:     "connect-loki, which saves every few seconds",
		killed:   queuesSets(50 * time.Millisecond),
	},
	{
		Name:     "a set is acknowledged when it is queued, by a store that opens before it is connected",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: func(dir string) (spec.Store, error) {
			s, err := queuesSets(50 * time.Millisecond)(dir)
			if err != nil {
				return nil, err
			}
			connectsLater(s.(*faulty))
			return s, nil
		},
	},
	{
		Name:   "a set is written a moment later, or before what is called next and is no set",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: notesCalls("set"),
	},
	{
		Name:     "an open throws the journal away before the records that it has read from it are written",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: func(dir string) (spec.Store, error) {
			_, s, err := openJournal(dir, true)
			if err != nil {
				return nil, err
			}
			return s, nil
		},
	},
	{
		Name:   "touches are written when the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: defersTouches(false),
	},
	{
		Name:   "a set that changes nothing but the cookie is written when the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashAcknowledged},
		killed: defersTouches(true),
	},
	{
		Name:   "a destroy is a mark in memory until the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashNoRevival},
		killed: inFolder(func(s *faulty, f *sessionFolder) error {
			var marks sync.Map // by id
			get, set, touch := s.get, s.set, s.touch
			s.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if _, gone := marks.Load(id); gone {
					return nil, nil
				}
				return get(ctx, id)
			}
			s.set = func(ctx context.Context, id string, session *spec.Session) error {
				err := set(ctx, id, session)
				marks.Delete(id)
				return err
			}
			s.touch = func(ctx context.Context, id string, session *spec.Session) error {
				if _, gone := marks.Load(id); gone {
					return nil
				}
				return touch(ctx, id, session)
			}
			s.destroy = func(_ context.Context, id string) error {
				marks.Store(id, true)
				return nil
			}
			s.close = func() (err error) {
				marks.Range(func(id, _ any) bool {
					err = errors.Join(err, f.remove(id.(string)))
					return true
				})
				return err
			}
			return nil
		}),
	},
	{
		Name:   "a destroy is done a moment later, or before what is called next and is no destroy",
		Breaks: []*contract.Requirement{contract.DurabilityCrashNoRevival},
		killed: notesCalls("destroy"),
	},
	{
		Name:   "a destroy leaves the record in the journal, from which the next open writes it again",
		Breaks: []*contract.Requirement{contract.DurabilityCrashNoRevival},
		killed: inJournal(func(s *faulty, j *journal) {
			s.destroy = func(_ context.Context, id string) error {
				j.mu.Lock()
				defer j.mu.Unlock()
				delete(j.sessions, id)
				return nil
			}
		}),
	},
	{
		Name:     "the highest number of a change counts, and each process counts from one",
		Breaks:   []*contract.Requirement{contract.DurabilityCrashNoRevival, contract.DurabilityCrashAcknowledged},
		MayBreak: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed:   func(dir string) (spec.Store, error) { return openNumbered(dir, true) },
	},
	{
		Name:   "all reads unfinished files like any other",
		Breaks: []*contract.Requirement{contract.DurabilityCrashLists},
		killed: inFolder(func(_ *faulty, f *sessionFolder) error {
			f.pattern = "*"
			return nil
		}),
	},
	{
		Name:   "length counts unfinished files",
		Breaks: []*contract.Requirement{contract.DurabilityCrashLists},
		killed: inFolder(func(s *faulty, f *sessionFolder) error {
			s.length = func(context.Context) (int, error) {
				entries, err := os.ReadDir(f.dir)
				return len(entries), err
			}
			return nil
		}),
	},
	{
		Name:   "a clear empties the memory, and the journal when the store is closed",
		Breaks: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: inJournal(func(s *faulty, j *journal) {
			s.clear = func(context.Context) error {
				j.mu.Lock()
				defer j.mu.Unlock()
				clear(j.sessions)
				return nil
			}
		}),
	},
	{
		Name:   "a clear removes the records a moment later",
		Breaks: []*contract.Requirement{contract.DurabilityCrashCleared},
		killed: inFolder(func(s *faulty, f *sessionFolder) error {
			var cleared sync.Map // paths
			get, set := s.get, s.set
			s.clear = func(context.Context) error {
				all, err := f.paths()
				for _, path := range all {
					cleared.Store(path, true)
				}
				time.AfterFunc(50*time.Millisecond, func() {
					for _, path := range all {
						if _, still := cleared.LoadAndDelete(path); still {
							_ = os.Remove(path)
						}
					}
				})
				return err
			}
			s.get = func(ctx context.Context, id string) (*spec.Session, error) {
				if _, gone := cleared.Load(f.path(id)); gone {
					return nil, nil
				}
				return get(ctx, id)
			}
			s.set = func(ctx context.Context, id string, session *spec.Session) error {
				cleared.Delete(f.path(id))
				return set(ctx, id, session)
			}
			return nil
		}),
	},
}
