package mutants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

func TestMain(m *testing.M) {
	bridge.ServeChild(openKilled)
	os.Exit(m.Run())
}

// openKilled opens the store of a process that is killed. The name of the store is the namespace.
func openKilled(_ context.Context, p bridge.OpenParams) (spec.Store, error) {
	if open, ok := correctKilled[p.Namespace]; ok {
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
func openProcess(name, dir string) func(context.Context) (conformance.Process, error) {
	return func(ctx context.Context) (conformance.Process, error) {
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

// correctKilled are stores that a kill does no harm.
var correctKilled = map[string]func(dir string) (spec.Store, error){
	"renames what is written": inFolder(func(*faulty, *folder) error { return nil }),
	"opens before it is connected": inFolder(func(s *faulty, _ *folder) error {
		connectLater(s)
		return nil
	}),
	"keeps a journal": func(dir string) (spec.Store, error) { return openJournal(dir, false, false) },
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

func TestCorrectKilled(t *testing.T) {
	t.Parallel()
	seeds := uint64(1)
	if thorough {
		seeds = 10
	}
	for name := range correctKilled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			subject := newSubject(name, nil, nil)
			subject.OpenProcess = openProcess(name, t.TempDir())
			for seed := range seeds {
				for id, v := range killed(t, subject, seed+1) {
					if v.Status != spec.Pass {
						t.Errorf("seed %d: %s %s: %s%s", seed+1, id, v.Status, v.Reason, v.Message)
					}
				}
			}
		})
	}
}

// Every fault of the chapter is caught, whatever the seed is.
func TestKilledMutants(t *testing.T) {
	if !thorough {
		t.Skip("TestMutants tries one seed; STORECHECK_THOROUGH=1 tries ten")
	}
	for _, m := range durabilityMutants {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(10) {
				v := killed(t, m.subjectIn(t.TempDir()), seed+1)[m.Breaks[0].ID]
				if v.Status != spec.Fail {
					t.Errorf("seed %d: %s %s", seed+1, v.Status, v.Reason)
				}
			}
		})
	}
}

func TestKilledJavaScriptMutants(t *testing.T) {
	if !thorough {
		t.Skip("TestJavaScriptMutants tries one seed; STORECHECK_THOROUGH=1 tries ten")
	}
	var mutants []JavaScriptMutant
	var runs []*run
	for _, m := range JavaScript() {
		for seed := range uint64(10) {
			if m.Breaks[0].Chapter() == spec.DurabilityCrashOpens.Chapter() {
				mutants = append(mutants, m)
				runs = append(runs, &run{file: m.File, options: conformance.Options{Select: m.mayRun, Seed: seed + 1}})
			}
		}
	}
	start(t, runs)
	for i, r := range runs {
		t.Run(fmt.Sprint(r.file, " ", r.options.Seed), func(t *testing.T) { r.expect(t, mutants[i].Breaks) })
	}
}

// killed runs the chapter alone.
func killed(t *testing.T, subject conformance.Subject, seed uint64) map[string]spec.Verdict {
	t.Helper()
	verdicts, err := conformance.Record(t.Context(), subject, conformance.Options{
		Seed:   seed,
		Select: func(r *spec.Requirement) bool { return r.Chapter() == spec.DurabilityCrashOpens.Chapter() },
	})
	if err != nil {
		t.Error(err)
	}
	found := map[string]spec.Verdict{}
	for _, v := range verdicts {
		found[v.ID] = v
	}
	return found
}
