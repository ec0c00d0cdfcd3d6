package mutants

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// A profileRun is a run of the suite on a store of folder js/profiles.
type profileRun struct {
	profile  *profile.Profile
	store    string
	options  conformance.Options
	verdicts []contract.Verdict
	err      error
}

func (r *profileRun) record(ctx context.Context, tmp string) (verdicts []contract.Verdict, err error) {
	root, err := filepath.Abs(filepath.Join("js", "profiles"))
	if err != nil {
		return nil, err
	}
	factory := fmt.Sprintf("(session, env) => new (require('./%s.js')['%s'])(env, session)", r.profile.Short, r.store)
	command, err := node.Command(ctx, node.Target{Profile: r.profile, Factory: factory, Root: root}, tmp)
	if err != nil {
		return nil, err
	}
	process, err := bridge.Start(ctx, command, bridge.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, process.Close()) }()
	open := func(namespace string) func(context.Context) (spec.Store, error) {
		return func(ctx context.Context) (spec.Store, error) {
			return process.Open(ctx, bridge.OpenParams{Namespace: namespace, Dir: tmp})
		}
	}
	return conformance.Record(ctx, conformance.Subject{
		Name: r.store, Open: open("own"), OpenForeign: open("own" + subject.ForeignSuffix), Shared: true, Durable: true, Disposable: true, Granularity: time.Millisecond,
	}, r.options)
}

// startProfiles checks stores side by side.
func startProfiles(t *testing.T, runs []*profileRun) {
	t.Helper()
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("it starts many Node processes with middlewares from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	var wg sync.WaitGroup
	const sideBySide = 3 // their time is real
	free := make(chan struct{}, sideBySide)
	for _, r := range runs {
		r.options.Profile = r.profile
		r.options.Seed = cmp.Or(r.options.Seed, Seeds(1)[0])
		tmp := t.TempDir()
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			r.verdicts, r.err = r.record(t.Context(), tmp)
		})
	}
	wg.Wait()
}

// expect fails the test for each verdict that is not as breaks says.
func (r *profileRun) expect(t *testing.T, breaks, mayBreak []*contract.Requirement) {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	has := func(all []*contract.Requirement, id string) bool {
		return slices.ContainsFunc(all, func(r *contract.Requirement) bool { return r.ID == id })
	}
	seen := 0
	for _, v := range r.verdicts {
		broken := has(breaks, v.ID)
		if broken {
			seen++
		}
		switch {
		case has(mayBreak, v.ID):
		case v.Status == contract.Inconclusive && !broken:
			t.Logf("seed %d: %s inconclusive: %s", r.options.Seed, v.ID, v.Reason) // their time is real, and the machine may be busy
		case broken && v.Status != contract.Fail:
			t.Errorf("seed %d: %s does not catch it: %s %s%s", r.options.Seed, v.ID, v.Status, v.Reason, v.Observed)
		case !broken && v.Status != contract.Pass && v.Status != contract.Skip:
			t.Errorf("seed %d: %s %s, although the store does not violate it:\n%s%s", r.options.Seed, v.ID, v.Status, v.Reason, v.Message)
		}
	}
	if seen != len(breaks) {
		t.Errorf("%d of the %d requirements that it breaks were checked", seen, len(breaks))
	}
}

// asked reports whether the stores of a profile are to be tried: STORECHECK_PROFILE has the Short of one, and without it all are.
func asked(p *profile.Profile) bool {
	short := os.Getenv("STORECHECK_PROFILE")
	return short == "" || short == p.Short
}

// quickChapters are those that a mutant of a profile runs beside the requirements that it breaks.
var quickChapters = []string{"expiry", "get", "set", "destroy", "isolation", "callbacks", "middleware", "http", "events", "enumeration"}

func (m ProfileMutant) mayRun(r *contract.Requirement) bool {
	is := func(other *contract.Requirement) bool { return other.ID == r.ID }
	heavy := slices.ContainsFunc(heavyRequirements, is) || slices.Contains([]string{"expiry/sweep-by-timer", "expiry/sweep-complete", "expiry/ended-records"}, r.ID)
	return slices.ContainsFunc(m.Breaks, is) || !m.Wholly && slices.Contains(quickChapters, r.Chapter()) && !heavy
}

// Every mutant of a profile fails the requirements that it breaks, and no others.
func TestProfileMutants(t *testing.T) {
	mutants := slices.DeleteFunc(ForProfiles(), func(m ProfileMutant) bool { return !asked(m.Profile) })
	var runs []*profileRun
	for _, m := range mutants {
		for _, seed := range Seeds(1) {
			runs = append(runs, &profileRun{profile: m.Profile, store: m.Store, options: conformance.Options{Seed: seed, Select: m.mayRun, CallTimeout: 6 * time.Second}})
		}
	}
	startProfiles(t, runs)
	for i, m := range mutants {
		t.Run(m.Profile.Short+"/"+m.Store, func(t *testing.T) {
			for j := range Seeds(1) {
				runs[i*len(Seeds(1))+j].expect(t, m.Breaks, m.MayBreak)
			}
		})
	}
}

// No correct store of a profile is accused, in whatever style it is written.
func TestUnusualForProfiles(t *testing.T) {
	stores := slices.DeleteFunc(UnusualForProfiles(), func(s ProfileStore) bool { return !asked(s.Profile) })
	var runs []*profileRun
	for _, s := range stores {
		for _, seed := range Seeds(1) {
			runs = append(runs, &profileRun{profile: s.Profile, store: s.Store, options: conformance.Options{Seed: seed, Depth: Depth(subject.Normal)}})
		}
	}
	startProfiles(t, runs)
	for i, s := range stores {
		t.Run(s.Profile.Short+"/"+s.Store, func(t *testing.T) {
			for j := range Seeds(1) {
				runs[i*len(Seeds(1))+j].expect(t, s.Breaks, nil)
			}
		})
	}
}
