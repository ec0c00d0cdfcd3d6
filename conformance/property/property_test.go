package property_test

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/internal/mutants"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

var thoroughRun = os.Getenv("STORECHECK_THOROUGH") != ""

// mutantNamed returns the mutant with a name.
func mutantNamed(t *testing.T, name string) mutants.Mutant {
	t.Helper()
	for _, m := range mutants.All() {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no mutant is called %q", name)
	return mutants.Mutant{}
}

// fourSteps is the name of a fault that shows after a set, a touch, a destroy and a length.
const fourSteps = "a session that was touched is counted after its destroy"

// checkProperty runs the chapter alone.
func checkProperty(t *testing.T, s conformance.Subject, seed uint64, o conformance.Options, only ...*contract.Requirement) map[string]contract.Verdict {
	t.Helper()
	o.Seed = seed
	o.Select = func(r *contract.Requirement) bool {
		return r.Chapter() == "property" && (len(only) == 0 || r == only[0])
	}
	verdicts, err := conformance.Record(t.Context(), s, o)
	if err != nil {
		t.Error(err)
	}
	found := map[string]contract.Verdict{}
	for _, v := range verdicts {
		found[v.ID] = v
	}
	return found
}

// slowestStores are the stores whose checks take long, because each call does.
var slowestStores = map[string]bool{"slow": true, "one slow call at a time": true, "slow to answer": true}

// lateStores are the stores that serve only some time after their opening. Sequences, which run alone here, are skipped for them.
var lateStores = map[string]bool{"gives up while the machine is busy": true}

// No unusual store is accused.
func TestUnusual(t *testing.T) {
	depth := subject.Quick
	if thoroughRun {
		depth = subject.Thorough
	}
	depth = mutants.Depth(depth)
	for _, u := range mutants.AllUnusual() {
		t.Run(u.Name, func(t *testing.T) {
			if slowestStores[u.Name] && testing.Short() {
				t.Skip("it takes its time")
			}
			t.Parallel()
			for _, seed := range mutants.Seeds(1) {
				for id, v := range checkProperty(t, u.Subject(), seed, conformance.Options{Depth: depth}) {
					if v.Status != contract.Pass && !(v.Status == contract.Skip && lateStores[u.Name]) {
						t.Errorf("seed %d: %s %s\n%s%s", seed, id, v.Status, v.Reason, v.Message)
					}
				}
			}
		})
	}
}

// Every fault of the chapter is caught with every seed.
func TestMutants(t *testing.T) {
	seeds := uint64(3)
	if thoroughRun {
		seeds = 10
	}
	for _, m := range mutants.All() {
		if m.Breaks[0].Chapter() != "property" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			for _, seed := range mutants.Seeds(seeds) {
				v := checkProperty(t, m.Subject(), seed, conformance.Options{Unhurried: true}, m.Breaks[0])[m.Breaks[0].ID]
				if v.Status != contract.Fail {
					t.Errorf("seed %d: %s %s", seed, v.Status, v.Reason)
				}
			}
		})
	}
}

// findSequence runs the sequences of a store. It returns the failing sequence, read from its file, and the message.
func findSequence(t *testing.T, s conformance.Subject, seed uint64, o conformance.Options) (property.Sequence, string) {
	t.Helper()
	o.Artifacts = filepath.Join(t.TempDir(), "found")
	v := checkProperty(t, s, seed, o, contract.PropertySequences)[contract.PropertySequences.ID]
	if v.Status != contract.Fail {
		t.Fatalf("seed %d: %s %s", seed, v.Status, v.Reason)
	}
	path := filepath.Join(o.Artifacts, "property-sequences.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(v.Message, "--replay "+path) {
		t.Errorf("the failure does not name the file %s:\n%s", path, v.Message)
	}
	sequence, err := property.ParseSequence(text)
	if err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return sequence, v.Message
}

// patient has enough time on a busy machine and under the race detector, where normal depth runs out of time.
var patient = conformance.Options{Depth: subject.Thorough}

// A fault of four steps is shrunk to these with every seed, and the same seed finds the same sequence.
func TestShrinking(t *testing.T) {
	want := []property.Step{
		{Do: "set", ID: "*a", Data: []byte(`{"n":1}`), For: "4s"},
		{Do: "touch", ID: "*a", Data: []byte(`{"n":2}`), For: "4s"},
		{Do: "destroy", ID: "*a"},
		{Do: "length"},
	}
	for seed := uint64(1); seed <= 5; seed++ {
		s, message := findSequence(t, mutantNamed(t, fourSteps).Subject(), seed, patient)
		if !reflect.DeepEqual(s.Steps, want) {
			t.Errorf("seed %d: %v\nwant %v", seed, s.Steps, want)
		}
		if s.Wanted != "0 sessions" || s.Got != "1 session" || strings.Count(message, " → ") != len(want) {
			t.Errorf("seed %d: wanted %q, got %q, and the message is\n%s", seed, s.Wanted, s.Got, message)
		}
	}
	third := mutantNamed(t, "the third set of an id after a destroy keeps what the first one had")
	first, _ := findSequence(t, third.Subject(), 7, patient)
	again, _ := findSequence(t, third.Subject(), 7, patient)
	if !reflect.DeepEqual(first.Steps, again.Steps) {
		t.Errorf("the same seed finds %v\nand then %v", first.Steps, again.Steps)
	}
}

// A file reproduces its failure, and accuses no correct store.
func TestReplay(t *testing.T) {
	s, _ := findSequence(t, mutantNamed(t, fourSteps).Subject(), 1, patient)
	replay := conformance.Options{Depth: subject.Quick, Replay: []property.Sequence{s}}
	for seed := uint64(1); seed <= 5; seed++ {
		if again, _ := findSequence(t, mutantNamed(t, fourSteps).Subject(), seed, replay); !reflect.DeepEqual(again.Steps, s.Steps) {
			t.Errorf("seed %d: %v, not %v", seed, again.Steps, s.Steps)
		}
	}
	for id, v := range checkProperty(t, mutants.Mutant{Name: "right"}.Subject(), 1, replay) {
		if v.Status != contract.Pass {
			t.Errorf("%s %s: %s%s", id, v.Status, v.Reason, v.Message)
		}
	}
}

// A store in use is not cleared, even if a file says so.
func TestReplayClearsNothing(t *testing.T) {
	own := mutants.Mutant{Name: "in use"}.Subject()
	own.Disposable = false
	store, err := own.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Set(t.Context(), "somebody's", spec.NewSession(spec.NewCookie())); err != nil {
		t.Fatal(err)
	}
	s, err := property.ParseSequence([]byte(`{"sequence": 1, "steps": [{"do": "clear"}, {"do": "all"}, {"do": "length"}, {"do": "set", "id": "*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for id, v := range checkProperty(t, own, 1, conformance.Options{Depth: subject.Quick, Replay: []property.Sequence{s}}) {
		if v.Status != contract.Pass {
			t.Errorf("%s %s: %s%s", id, v.Status, v.Reason, v.Message)
		}
	}
	if got, err := store.Get(t.Context(), "somebody's"); got == nil {
		t.Errorf("the session of somebody else is gone (%v)", err)
	}
	all, err := store.(spec.Lister).All(context.Background())
	if len(all) != 1 || err != nil {
		t.Errorf("%d sessions remain (%v), want somebody's alone", len(all), err)
	}
}

func TestParseSequence(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`[]`, "not a sequence as --artifacts writes it"},
		{`{"steps": []}`, `"sequence" is 0: this version reads 1`},
		{`{"sequence": 1, "steps": []}`, "no steps"},
		{`{"sequence": 1, "steps": [{"do": "get", "id": "*"}], "seeds": 1}`, "seeds"},
		{`{"sequence": 1, "steps": [{"do": "look"}, {"do": "got"}]}`, `step 2: "got" is nothing to do`},
		{`{"sequence": 1, "steps": [{"do": "get", "id": "a"}]}`, `the id "a" needs a *`},
		{`{"sequence": 1, "steps": [{"do": "set", "id": "*", "for": "long"}]}`, `for "long" is no duration`},
		{`{"sequence": 1, "steps": [{"do": "advance", "for": "-1h"}]}`, `for "-1h" is no duration`},
		{`{"sequence": 1, "steps": [{"do": "set", "id": "*", "data": 1}]}`, "data: it must be a JSON object"},
		{`{"sequence": 1, "steps": [{"do": "set", "id": "*", "data": {"a": 1}, "cookie": []}]}`, "cookie: it must be a JSON object"},
		{`{"sequence": 1, "steps": [{"do": "get", "id": "*", "on": 2}]}`, "on 2"},
	} {
		if _, err := property.ParseSequence([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.text, err, c.want)
		}
	}
}

// A history that cannot be explained is drawn, and the failure names the file.
func TestPicture(t *testing.T) {
	m := mutantNamed(t, "a touch on one instance stores again what another has destroyed since it looked")
	folder := filepath.Join(t.TempDir(), "found")
	v := checkProperty(t, m.Subject(), 1, conformance.Options{Artifacts: folder, Unhurried: true}, contract.PropertyLinearizable)[contract.PropertyLinearizable.ID]
	path := filepath.Join(folder, "property-linearizable.html")
	if v.Status != contract.Fail || !strings.Contains(v.Message, path) {
		t.Fatalf("%s %s%s", v.Status, v.Reason, v.Message)
	}
	if !regexp.MustCompile(`(?s)get\("[^\n]* → (the session w\d+)  \[[^\n]*\]  ←\n.*wanted    of the get that is marked with ← no session(, or the session w\d+)*\ngot       the session w\d+\n`).
		MatchString(v.Message) || strings.Count(v.Message, "←") != 2 {
		t.Errorf("the get that is judged is not marked:\n%s", v.Message)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "<html") {
		t.Errorf("the picture is %.100q, %v", text, err)
	}
}

// forgetful is a store in real time. A session ends when the life of the last touch of its id is over, even if it was set since.
type forgetful struct {
	spec.Store
	clock subject.Clock

	mu   sync.Mutex
	ends map[string]time.Time
}

func (f *forgetful) follow() { f.clock.Advance(time.Since(f.clock.Now())) }

func (f *forgetful) Get(ctx context.Context, id string) (*spec.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.follow()
	if end, ok := f.ends[id]; ok && time.Now().After(end) {
		return nil, nil
	}
	return f.Store.Get(ctx, id)
}

func (f *forgetful) Set(ctx context.Context, id string, s *spec.Session) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.follow()
	return f.Store.Set(ctx, id, s)
}

func (f *forgetful) Touch(ctx context.Context, id string, s *spec.Session) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.follow()
	if end, ok := s.Cookie.Expires(); ok {
		f.ends[id] = end
	}
	return f.Store.(spec.Toucher).Touch(ctx, id, s)
}

// Some sequences wait in real time if the clock cannot be moved.
func TestWaiting(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for real time")
	}
	own := mutants.Mutant{Name: "forgetful"}.Subject()
	open, clock := own.Open, own.Clock
	own.Clock, own.OpenForeign, own.Break, own.Shared = nil, nil, nil, false
	own.Open = func(ctx context.Context) (spec.Store, error) {
		store, err := open(ctx)
		return &forgetful{Store: store, clock: clock, ends: map[string]time.Time{}}, err
	}
	s, message := findSequence(t, own, 1, conformance.Options{})
	waits := slices.ContainsFunc(s.Steps, func(s property.Step) bool { return s.Do == property.Advance })
	if !waits || len(s.Steps) > 8 || !strings.Contains(message, " pass\n") {
		t.Errorf("%v\n%s", s.Steps, message)
	}
}

// An unlucky store in real time fails one set of a short life, after many other calls have come meanwhile.
type unlucky struct {
	*forgetful
	failed     sync.Once
	calls, end atomic.Int64
	enough     chan struct{}
}

func (u *unlucky) Set(ctx context.Context, id string, s *spec.Session) (err error) {
	if end, _ := s.Cookie.Expires(); time.Until(end) > time.Second/10 && time.Until(end) < time.Minute {
		u.failed.Do(func() {
			u.end.Store(u.calls.Load() + 30)
			<-u.enough
			err = errors.New("no luck")
		})
	}
	return cmp.Or(err, u.forgetful.Set(ctx, id, s))
}

func (u *unlucky) Touch(ctx context.Context, id string, s *spec.Session) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.follow()
	return u.Store.(spec.Toucher).Touch(ctx, id, s)
}

func (u *unlucky) Get(ctx context.Context, id string) (*spec.Session, error) {
	if u.calls.Add(1) == u.end.Load() {
		close(u.enough)
	}
	return u.forgetful.Get(ctx, id)
}

// A failure among sequences that run at the same time shows all calls of its sequence and no others.
func TestWaitingTellsTheCalls(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for real time")
	}
	own := mutants.Mutant{Name: "unlucky"}.Subject()
	open, clock := own.Open, own.Clock
	own.Clock, own.OpenForeign, own.Break, own.Shared, own.Durable = nil, nil, nil, false, false
	u := &unlucky{enough: make(chan struct{})}
	own.Open = func(ctx context.Context) (spec.Store, error) {
		store, err := open(ctx)
		u.forgetful = &forgetful{Store: store, clock: clock, ends: map[string]time.Time{}}
		return u, err
	}
	v := checkProperty(t, own, 1, conformance.Options{}, contract.PropertySequences)[contract.PropertySequences.ID]
	if v.Status != contract.Fail || len(v.Calls) == 0 || !strings.Contains(v.Calls[len(v.Calls)-1], "→ error: no luck") {
		t.Fatalf("%s %s%s", v.Status, v.Reason, v.Message)
	}
}
