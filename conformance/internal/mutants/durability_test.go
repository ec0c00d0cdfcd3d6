package mutants

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

func TestMain(m *testing.M) {
	bridge.ServeChild(openKilled)
	os.Exit(m.Run())
}

// openKilled opens the store of a process that is killed. The name of the store is the namespace.
func openKilled(_ context.Context, p bridge.OpenParams) (spec.Store, error) {
	if open, ok := unusualKilled[p.Namespace]; ok {
		return open(p.Dir)
	}
	if p.Namespace == served {
		return openServed(p.Backend.URL)
	}
	for _, m := range All() {
		if m.Name == p.Namespace {
			return m.killed(p.Dir)
		}
	}
	return nil, errors.New("there is no such store")
}

// openProcess opens the store of a name in a process that is killed.
func openProcess(name, dir string) func(context.Context) (subject.Process, error) {
	return func(ctx context.Context) (subject.Process, error) {
		return bridge.OpenChild(ctx, bridge.OpenParams{Namespace: name, Dir: dir})
	}
}

// subjectIn is Subject, with the store that is killed in a folder of its own.
func (m Mutant) subjectIn(dir string) conformance.Subject {
	s := m.Subject()
	if m.killed != nil {
		s.OpenProcess = openProcess(m.Name, dir)
	}
	return s
}

// unusualKilled are stores that a kill does no harm.
var unusualKilled = map[string]func(dir string) (spec.Store, error){
	"renames what is written": inFolder(func(*faulty, *folder) error { return nil }),
	"opens before it is connected": inFolder(func(s *faulty, _ *folder) error {
		connectLater(s)
		return nil
	}),
	"keeps a journal":     inJournal(func(*faulty, *journal) {}),
	"numbers its changes": func(dir string) (spec.Store, error) { return openNumbered(dir, false) },
	"waits in a call until the lock of a record has aged": inFolder(func(s *faulty, f *folder) error {
		lockRecords(s, f, time.Second, time.Minute)
		return nil
	}),
	"refuses a call until the lock of a record has aged": inFolder(func(s *faulty, f *folder) error {
		lockRecords(s, f, time.Second, 0)
		return nil
	}),
	"waits until the lock of a process that is gone has aged": inFolder(func(s *faulty, f *folder) error {
		const age = time.Second
		lock := filepath.Join(f.dir, "lock")
		if info, err := os.Stat(lock); err == nil && time.Since(info.ModTime()) < age {
			return errors.New("another process has the store open")
		}
		s.close = func() error { return os.Remove(lock) }
		return os.WriteFile(lock, nil, 0o600)
	}),
}

// No kill is held against a store that it does no harm.
func TestUnusualKilled(t *testing.T) {
	t.Parallel()
	for name := range unusualKilled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			subject := newSubject(name, nil, nil)
			subject.OpenProcess = openProcess(name, t.TempDir())
			for _, seed := range Seeds(1) {
				for id, v := range killed(t, subject, seed) {
					if v.Status != contract.Pass {
						t.Errorf("seed %d: %s %s: %s%s", seed, id, v.Status, v.Reason, v.Message)
					}
				}
			}
		})
	}
}

// Where others' sessions are stored too nothing is left behind, not even by calls that a kill has cut off, and nothing is cleared.
func TestKilledLeavesNothing(t *testing.T) {
	t.Parallel()
	const name = "renames what is written"
	dir := t.TempDir()
	subject := newSubject(name, nil, nil)
	subject.Disposable, subject.OpenProcess = false, openProcess(name, dir)
	others := filepath.Join(dir, "others.json")
	if err := os.WriteFile(others, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for id, v := range killed(t, subject, Seeds(1)[0]) {
		if v.Status != contract.Pass && v.Status != contract.Skip {
			t.Errorf("%s %s: %s%s", id, v.Status, v.Reason, v.Message)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.json")); err != nil || len(left) != 1 || left[0] != others {
		t.Errorf("%d files are left: %q", len(left), left)
	}
}

// killed runs the chapter alone.
func killed(t *testing.T, s conformance.Subject, seed uint64) map[string]contract.Verdict {
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
