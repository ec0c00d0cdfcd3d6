package mutants

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	servers "github.com/storecheck/storecheck/backend"
	"github.com/storecheck/storecheck/bridge"
	"github.com/storecheck/storecheck/bridge/node"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// recordNode checks a store of folder js in a process of its own. Without claims nothing is said about the store.
func recordNode(ctx context.Context, file, tmp string, claims bool, options conformance.Options) (verdicts []contract.Verdict, err error) {
	command, err := node.Command(ctx, nodeTarget(file), tmp)
	if err != nil {
		return nil, err
	}
	moved, err := moveTime(ctx, file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, moved.close()) }()
	process, err := bridge.Start(ctx, moved.command(command), bridge.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, process.Close()) }()
	place := func(namespace string) bridge.OpenParams {
		dir := filepath.Join(tmp, namespace)
		if mkdir := os.MkdirAll(dir, 0o700); mkdir != nil {
			err = mkdir
		}
		return bridge.OpenParams{Namespace: namespace, Dir: dir}
	}
	open := func(namespace string) func(context.Context) (spec.Store, error) {
		params := place(namespace)
		return func(ctx context.Context) (spec.Store, error) { return process.Open(ctx, params) }
	}
	store := conformance.Subject{Name: file, Open: open("own"), Granularity: time.Millisecond}
	if claims {
		store.OpenForeign, store.Durable, store.Shared, store.Disposable = open("own"+subject.ForeignSuffix), true, true, true
	}
	if claims && !keepsFiles(file) {
		store.OpenSecret = func(ctx context.Context, secret string) (spec.Store, error) {
			return process.Open(ctx, bridge.OpenParams{Namespace: "sealed", Secret: secret})
		}
	}
	if needsServer(file) {
		server, err := newSessionServer()
		if err != nil {
			return nil, err
		}
		defer func() { _ = server.Close() }()
		store.Open = func(ctx context.Context) (spec.Store, error) {
			return process.Open(ctx, bridge.OpenParams{Backend: &bridge.Backend{URL: "tcp://" + server.listener.Addr().String()}})
		}
		store.OpenForeign, store.Faulty, store.Refusing, store.ProcessApart = nil, faultyIn(command), refusingIn(command), true
	}
	if claims && keepsFiles(file) {
		store.OpenInZone, store.ProcessApart = inZone(command, place("zones")), true
		own := place("own").Dir
		store.Corrupt = func(_ context.Context, id string) error {
			name := fmt.Sprintf("%x.json", sha256.Sum256([]byte(id)))
			return os.WriteFile(filepath.Join(own, name), []byte(unreadable), 0o600)
		}
		full := place("full")
		store.Refusing = func(ctx context.Context) (spec.Store, subject.Refuser, error) {
			p, err := bridge.Start(ctx, command, bridge.Options{})
			if err != nil {
				return nil, nil, err
			}
			alone, err := bridge.OpenAlone(ctx, p, full)
			return alone, p, err
		}
		params := place("killed")
		store.OpenProcess = func(ctx context.Context) (subject.Process, error) {
			p, err := bridge.Start(ctx, command, bridge.Options{})
			if err != nil {
				return nil, err
			}
			return bridge.OpenAlone(ctx, p, params)
		}
	}
	moved.claim(&store, command, process, place)
	if err != nil {
		return nil, err
	}
	return conformance.Record(ctx, store, options)
}

// inZone opens stores in processes of their own that live in a time zone.
func inZone(command bridge.Command, params bridge.OpenParams) func(context.Context, string) (spec.Store, error) {
	return func(ctx context.Context, zone string) (spec.Store, error) {
		there := command
		there.Env = append(slices.Clone(command.Env), "TZ="+zone)
		p, err := bridge.Start(ctx, there, bridge.Options{})
		if err != nil {
			return nil, err
		}
		return bridge.OpenAlone(ctx, p, params)
	}
}

// openBehindProxy opens a store in its own process, with a server of its own behind a proxy.
func openBehindProxy(ctx context.Context, command bridge.Command) (behindProxy, error) {
	server, proxy, err := newNetwork()
	if err != nil {
		return behindProxy{}, err
	}
	var store *bridge.Alone
	process, err := bridge.Start(ctx, command, bridge.Options{})
	if err == nil {
		store, err = bridge.OpenAlone(ctx, process, bridge.OpenParams{Backend: &bridge.Backend{URL: "tcp://" + proxy.Address}})
	}
	if err != nil {
		return behindProxy{}, errors.Join(err, proxy.Close(), server.Close())
	}
	return behindProxy{store, proxy, server}, nil
}

// faultyIn opens stores whose way to their server can be disturbed.
func faultyIn(command bridge.Command) func(context.Context) (spec.Store, subject.Link, error) {
	return func(ctx context.Context) (spec.Store, subject.Link, error) {
		store, err := openBehindProxy(ctx, command)
		if err != nil {
			return nil, nil, err
		}
		return store, store.proxy, nil
	}
}

// refusingIn opens stores whose server can refuse writes.
func refusingIn(command bridge.Command) func(context.Context) (spec.Store, subject.Refuser, error) {
	return func(ctx context.Context) (spec.Store, subject.Refuser, error) {
		store, err := openBehindProxy(ctx, command)
		if err != nil {
			return nil, nil, err
		}
		return store, store.server, nil
	}
}

// behindProxy is a store that closes its proxy and its server too.
type behindProxy struct {
	*bridge.Alone
	proxy  *servers.Proxy
	server *sessionServer
}

func (b behindProxy) Close() error {
	return errors.Join(b.Alone.Close(), b.proxy.Close(), b.server.Close())
}

func nodeTarget(file string) node.Target { return node.Target{Module: filepath.Join("js", file)} }

// nodeChapters are the chapters whose mutants are written in JavaScript.
var nodeChapters = []string{"isolation", "callbacks", "events", "express", "http"}

// mayRun chooses the requirements for a mutant. All of them would take seconds for each mutant, because time is real.
func (m JavaScriptMutant) mayRun(r *contract.Requirement) bool {
	if !concerns(r, m.Breaks) {
		return false
	}
	switch chapter := m.Breaks[0].Chapter(); chapter {
	case contract.DurabilityCrashOpens.Chapter(), contract.FaultsSlow.Chapter():
		return r.Chapter() == chapter
	}
	return slices.Contains(nodeChapters, r.Chapter()) || slices.Contains(m.Breaks, r) || slices.ContainsFunc(r.Needs, func(n contract.Need) bool {
		return n == contract.NeedCallbacks || n == contract.NeedHandles || n == contract.NeedExpressions || n == contract.NeedExpress || n == contract.NeedEvents
	})
}

// sideBySide is the number of stores that run at the same time if they mostly wait.
const sideBySide = 8

// A nodeRun is a run of the suite on a store for Node.
type nodeRun struct {
	file     string
	options  conformance.Options
	modest   bool // nothing is claimed of the store
	done     chan struct{}
	verdicts []contract.Verdict
	err      error
}

// startNode checks stores of folder js side by side, more at once than go test would.
func startNode(t *testing.T, runs []*nodeRun) {
	t.Helper()
	if os.Getenv("STORECHECK_NPM_TESTS") != "1" {
		t.Skip("it starts many Node processes with express-session from the npm registry: set STORECHECK_NPM_TESTS=1")
	}
	if _, err := node.Command(t.Context(), nodeTarget("base.js"), t.TempDir()); err != nil {
		t.Skipf("Node and express-session are needed: %v", err)
	}
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	free := make(chan struct{}, sideBySide)
	for _, r := range runs {
		r.done = make(chan struct{})
		r.options.Seed = cmp.Or(r.options.Seed, Seeds(1)[0])
		tmp := t.TempDir()
		wg.Go(func() {
			defer close(r.done)
			free <- struct{}{}
			defer func() { <-free }()
			r.verdicts, r.err = recordNode(t.Context(), r.file, tmp, !r.modest, r.options)
		})
	}
}

// expect fails the test for each verdict that is not as breaks says.
func (r *nodeRun) expect(t *testing.T, breaks []*contract.Requirement) {
	t.Helper()
	<-r.done
	if r.err != nil {
		t.Fatal(r.err)
	}
	for _, v := range r.verdicts {
		broken := slices.ContainsFunc(breaks, func(r *contract.Requirement) bool { return r.ID == v.ID })
		switch {
		case slices.ContainsFunc(mayBreak[r.file], func(r *contract.Requirement) bool { return r.ID == v.ID }):
		case v.Status == contract.Inconclusive && !broken:
			t.Logf("seed %d: %s inconclusive: %s", r.options.Seed, v.ID, v.Reason) // their time is real, and the machine may be busy
		case broken && v.Status != contract.Fail:
			t.Errorf("seed %d: %s does not catch it: %s %s%s", r.options.Seed, v.ID, v.Status, v.Reason, v.Observed)
		case !broken && v.Status != contract.Pass && v.Status != contract.Skip:
			t.Errorf("seed %d: %s %s, although the store does not violate it:\n%s%s", r.options.Seed, v.ID, v.Status, v.Reason, v.Message)
		}
	}
}

// named reports whether the part of -run behind the slash, if there is one, matches the name of a subtest. The stores of all others are not started.
func named(name string) bool {
	_, pattern, has := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	matches, err := regexp.MatchString(pattern, name)
	return !has || err != nil || matches
}

// share returns the mutants of a share, as in STORECHECK_SHARE=1/3, or all of them: they take minutes.
func share(t *testing.T, all []JavaScriptMutant) []JavaScriptMutant {
	wanted := os.Getenv("STORECHECK_SHARE")
	if wanted == "" {
		return slices.Clone(all)
	}
	var i, n int
	if _, err := fmt.Sscanf(wanted, "%d/%d", &i, &n); err != nil || i < 1 || i > n {
		t.Fatalf("STORECHECK_SHARE=%s: want one such as 1/3", wanted)
	}
	var some []JavaScriptMutant
	for at, m := range all {
		if at%n == i-1 {
			some = append(some, m)
		}
	}
	return some
}

func TestJavaScriptMutants(t *testing.T) {
	mutants := slices.DeleteFunc(share(t, JavaScript()), func(m JavaScriptMutant) bool { return !named(strings.TrimSuffix(m.File, ".js")) })
	var runs []*nodeRun
	for _, m := range mutants {
		options := conformance.Options{Select: m.mayRun, CallTimeout: 6 * time.Second}
		if needsServer(m.File) {
			options = networkOptions
		}
		for _, options.Seed = range Seeds(1) {
			runs = append(runs, &nodeRun{file: m.File, options: options})
		}
	}
	startNode(t, runs)
	for i, m := range mutants {
		t.Run(strings.TrimSuffix(m.File, ".js"), func(t *testing.T) {
			for j := range Seeds(1) {
				runs[i*len(Seeds(1))+j].expect(t, m.Breaks)
			}
		})
	}
}

// No correct store is accused, in whatever style it is written.
func TestUnusualJavaScript(t *testing.T) {
	depth := Depth(subject.Normal)
	network := networkOptions
	network.Depth = depth
	all := conformance.Options{Depth: depth}
	stores := []nodeRun{
		{file: "correct-callbacks.js", options: all},
		{file: "correct-callbacks.js", options: all, modest: true},
		{file: "correct-clones.js", options: all},
		{file: "correct-promises.js", options: all},
		{file: "correct-enoent.js", options: all},
		{file: "correct-undefined.js", options: all},
		{file: "correct-events.js", options: all},
		{file: "correct-synchronous.js", options: all},
		{file: "correct-files.js", options: all},
		{file: "correct-own-copy.js", options: all},
		{file: "correct-own-sessions.js", options: all},
		{file: "correct-polyfills.js", options: all},
		{file: "correct-slow-close.js", options: all},
		{file: "correct-compacts.js", options: all},
		{file: "correct-holds.js", options: all},
		{file: "correct-restores-prototypes.js", options: all},
		{file: "correct-answers-elsewhere.js", options: all},
		{file: "correct-both-ways.js", options: all},
		{file: "correct-refuses.js", options: all},
		{file: "no-json-never-answers.js", options: all},
		{file: "correct-sweeps.js", options: all},
		{file: "correct-sweeps-often.js", options: all},
		{file: "correct-counts-down.js", options: all},
		{file: "correct-timers.js", options: all},
		{file: "network-correct.js", options: network},
		{file: "network-queues.js", options: network},
	}
	var runs []*nodeRun
	for _, store := range stores {
		if !named(strings.TrimSuffix(store.file, ".js")) {
			continue
		}
		for _, seed := range Seeds(1) {
			r := store
			r.options.Seed = seed
			runs = append(runs, &r)
		}
	}
	startNode(t, runs)
	for _, r := range runs {
		t.Run(strings.TrimSuffix(r.file, ".js"), func(t *testing.T) {
			var breaks []*contract.Requirement
			switch {
			case r.file == "correct-synchronous.js":
				breaks = append(breaks, contract.CallbacksAsynchronous)
			case r.file == "correct-compacts.js", r.file == "no-json-never-answers.js":
				breaks = append(breaks, contract.SetUnserialisable)
			case r.file == "network-queues.js" && depth == subject.Thorough:
				breaks = append(breaks, contract.FaultsGivesUp)
			}
			r.expect(t, breaks)
		})
	}
}

// A May requirement records what the store does.
func TestJavaScriptObserved(t *testing.T) {
	tests := []struct {
		file        string
		requirement *contract.Requirement
		want        string
	}{
		{"all-object.js", contract.EnumerationAllIDs, "the ids are the keys of an object"},
		{"all-with-ids.js", contract.EnumerationAllIDs, "the id is the member sid of each element"},
		{"correct-callbacks.js", contract.EnumerationAllIDs, "the ids are not told"},
		{"revives-dates.js", contract.FidelityDates, "a Date comes back as a Date"},
		{"correct-callbacks.js", contract.FidelityDates, "a Date comes back as its ISO string"},
		{"get-needs-callback.js", contract.CallbacksReadsWithout, "without a callback get throws later, all does nothing, length does nothing"},
		{"extra-arguments.js", contract.CallbacksExtraArguments, "further arguments on success: set"},
		{"correct-callbacks.js", contract.CallbacksExtraArguments, "set, destroy, touch and clear pass nothing on success"},
	}
	var runs []*nodeRun
	for _, tt := range tests {
		runs = append(runs, &nodeRun{file: tt.file, options: conformance.Options{
			Select: func(r *contract.Requirement) bool { return r == tt.requirement },
		}})
	}
	startNode(t, runs)
	for i, r := range runs {
		r.expect(t, nil)
		if len(r.verdicts) != 1 || r.verdicts[0].Observed != tests[i].want {
			t.Errorf("%s, %s: observed %+v, want %q", r.file, tests[i].requirement.ID, r.verdicts, tests[i].want)
		}
	}
}
