package mutants

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// openKilled opens the store in a process that is killed. The namespace is the name of the store.
func openKilled(_ context.Context, p bridge.OpenParams) (spec.Store, error) {
	if open, ok := unusualKilled[p.Namespace]; ok {
		return open(p.Dir)
	}
	if p.Namespace == servedStore {
		return openServed(p.Backend.URL)
	}
	for _, m := range All() {
		if m.Name == p.Namespace {
			return m.killed(p.Dir)
		}
	}
	return nil, errors.New("there is no such store")
}

// openProcess opens a store, by name, in a process that is killed.
func openProcess(name, dir string) func(context.Context) (subject.Process, error) {
	return func(ctx context.Context) (subject.Process, error) {
		return bridge.OpenChild(ctx, bridge.OpenParams{Namespace: name, Dir: dir})
	}
}

// subjectIn is Subject with a folder for the store that is killed.
func (m Mutant) subjectIn(dir string) conformance.Subject {
	s := m.Subject()
	if m.killed != nil {
		s.OpenProcess = openProcess(m.Name, dir)
	}
	return s
}

// unusualKilled are correct stores in a process that is killed.
var unusualKilled = map[string]func(dir string) (spec.Store, error){
	"renames what is written": inFolder(func(*faulty, *sessionFolder) error { return nil }),
	"opens before it is connected": inFolder(func(s *faulty, _ *sessionFolder) error {
		connectsLater(s)
		return nil
	}),
	"keeps a journal":     inJournal(func(*faulty, *journal) {}),
	"numbers its changes": func(dir string) (spec.Store, error) { return openNumbered(dir, false) },
	"waits in a call until the lock of a record has aged": inFolder(func(s *faulty, f *sessionFolder) error {
		lockRecords(s, f, time.Second, time.Minute)
		return nil
	}),
	"refuses a call until the lock of a record has aged": inFolder(func(s *faulty, f *sessionFolder) error {
		lockRecords(s, f, time.Second, 0)
		return nil
	}),
	"waits until the lock of a process that is gone has aged": inFolder(func(s *faulty, f *sessionFolder) error {
		const age = time.Second
		lock := filepath.Join(f.dir, "lock")
		if info, err := os.Stat(lock); err == nil && time.Since(info.ModTime()) < age {
			return errors.New("another process has the store open")
		}
		s.close = func() error { return os.Remove(lock) }
		return os.WriteFile(lock, nil, 0o600)
	}),
}

// No correct store is accused after a kill.
func TestUnusualKilled(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	defer all.Wait()
	for name := range unusualKilled {
		waitingLane.run(t, &all, name, func(t *testing.T) {
			subject := newSubject(name, nil, nil)
			subject.OpenProcess = openProcess(name, t.TempDir())
			for _, seed := range Seeds(1) {
				for id, v := range crashVerdicts(t, subject, seed) {
					if v.Status != contract.Pass {
						t.Errorf("seed %d: %s %s: %s%s", seed, id, v.Status, v.Reason, v.Message)
					}
				}
			}
		})
	}
}

// A store with sessions of others is not cleared, and nothing is left in it, not even by calls that a kill has interrupted.
func TestKilledLeavesNothing(t *testing.T) {
	t.Parallel()
	const name = "renames what is written"
	var all sync.WaitGroup
	defer all.Wait()
	waitingLane.run(t, &all, name, func(t *testing.T) {
		dir := t.TempDir()
		subject := newSubject(name, nil, nil)
		subject.Disposable, subject.OpenProcess = false, openProcess(name, dir)
		others := filepath.Join(dir, "others.json")
		if err := os.WriteFile(others, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		for id, v := range crashVerdicts(t, subject, Seeds(1)[0]) {
			if v.Status != contract.Pass && v.Status != contract.Skip {
				t.Errorf("%s %s: %s%s", id, v.Status, v.Reason, v.Message)
			}
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*.json")); err != nil || len(left) != 1 || left[0] != others {
			t.Errorf("%d files are left: %q", len(left), left)
		}
	})
}

// crashVerdicts runs the chapter alone.
func crashVerdicts(t *testing.T, s conformance.Subject, seed uint64) map[string]contract.Verdict {
	t.Helper()
	verdicts, err := conformance.Record(t.Context(), s, conformance.Options{
		Seed: seed, Depth: Depth(subject.Normal),
		Select: func(r *contract.Requirement) bool { return r.Chapter() == contract.DurabilityCrashOpens.Chapter() },
	})
	if err != nil {
		t.Error(err)
	}
	found := map[string]contract.Verdict{}
	for _, v := range verdicts {
		found[v.ID] = v
	}
	return found
}
