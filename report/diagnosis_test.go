package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

// failing is a result of all requirements. They pass, apart from those with a verdict.
func failing(verdicts ...contract.Verdict) *Result {
	r := New(contract.All())
	for _, q := range contract.All() {
		v := contract.Verdict{ID: q.ID, Status: contract.Pass}
		if i := slices.IndexFunc(verdicts, func(v contract.Verdict) bool { return v.ID == q.ID }); i >= 0 {
			v = verdicts[i]
		}
		r.Add(v)
	}
	r.Finish(contract.Must)
	return r
}

// fails are failures without evidence.
func fails(requirements ...*contract.Requirement) []contract.Verdict {
	var all []contract.Verdict
	for _, q := range requirements {
		all = append(all, contract.Verdict{ID: q.ID, Status: contract.Fail, Message: "wrong"})
	}
	return all
}

// with gives each verdict a call.
func with(call string, verdicts []contract.Verdict) []contract.Verdict {
	for i := range verdicts {
		verdicts[i].Calls = []string{call}
	}
	return verdicts
}

// got gives each verdict what came.
func got(text string, verdicts []contract.Verdict) []contract.Verdict {
	for i := range verdicts {
		verdicts[i].Message = "wanted    a session\ngot       " + text
	}
	return verdicts
}

func restingOn(r *contract.Requirement) []*contract.Requirement {
	for _, f := range contract.Foundations() {
		if f.Requirement == r {
			return f.Resting
		}
	}
	return nil
}

func TestDiagnose(t *testing.T) {
	all := append(fails(contract.TouchExtends), fails(restingOn(contract.TouchExtends)...)...)
	seen := slices.Clone(all)
	seen[3].Cause = "the clock of the server stands still"
	for name, tt := range map[string]struct {
		verdicts []contract.Verdict
		faults   []Fault
		cause    string
		first    string
		groups   int
	}{
		"a foundation folds what rests on it": {all, nil, "touch/extends: touch does not prolong the life of a session", "touch/extends", 1},
		"a foundation that is violated in part folds nothing": {
			fails(contract.GetAfterSet, contract.FidelityKeys, contract.SetCookieOnly), nil, "no single one is seen; look first at get/after-set", "get/after-set", 3,
		},
		"the cause that a check has seen": {seen, nil, "the clock of the server stands still", "touch/extends", 1},
		"what most failures say": {
			append(with(`get("a") → error: get called back with Error: no table 7  [0.4 ms]`, fails(contract.DestroyMissing, contract.SetMany, contract.IDsCase)), fails(contract.FidelityKeys)...),
			nil, "calls fail alike: called back with Error: no table 7", "destroy/missing", 2,
		},
		"what an error of the system means": {
			with(`set("a", {}) → error: connect ECONNREFUSED 127.0.0.1:6379`, fails(contract.DestroyMissing, contract.SetMany, contract.IDsCase)),
			nil, "the store reaches no server: connect ECONNREFUSED 127.0.0.1:6379", "destroy/missing", 1,
		},
		"the difference that most failures have": {
			got("session.lastAccess: want nothing, got 17", fails(contract.DestroyMissing, contract.SetMany, contract.IDsCase)),
			nil, "sessions come back changed alike: session.lastAccess: want nothing, got 17", "destroy/missing", 1,
		},
		"a planted fault that is near": {
			fails(contract.GetMissing, contract.HTTPLogin, contract.HTTPUnset, contract.IDsCase),
			[]Fault{
				{Name: "nobody is at home", From: "some-store 1", Breaks: []string{"get/missing", "http/login", "http/unset"}},
				{Name: "something else", Breaks: []string{"ids/case"}},
			},
			"perhaps nobody is at home", "get/missing", 2,
		},
		"two planted faults": {
			fails(contract.GetMissing, contract.HTTPLogin, contract.HTTPUnset, contract.IDsCase, contract.IDsNoEscape),
			[]Fault{
				{Name: "nobody is at home", Breaks: []string{"get/missing", "http/login"}},
				{Name: "ids are mixed", Breaks: []string{"ids/case", "ids/no-escape"}},
				{Name: "one that breaks what holds", Breaks: []string{"ids/case", "ids/no-escape", "ids/printable"}},
			},
			"perhaps ", "get/missing", 3,
		},
		"what is found by chance is never first": {
			fails(contract.PropertySequences, contract.FidelityKeys), nil, "fidelity/keys: some key does not come back", "fidelity/keys", 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := failing(tt.verdicts...)
			d := r.Diagnose(tt.faults)
			if !strings.HasPrefix(d.Cause, tt.cause) || d.Requirement != tt.first || len(d.Groups) != tt.groups {
				t.Errorf("got %q, first %s, %d groups; want %q, first %s, %d groups: %+v", d.Cause, d.Requirement, len(d.Groups), tt.cause, tt.first, tt.groups, d.Groups)
			}
			var ids []string
			for _, g := range d.Groups {
				ids = append(append(ids, g.Requirement), g.Folded...)
			}
			slices.Sort(ids)
			if want := failedIDs(r); !slices.Equal(ids, want) {
				t.Errorf("the groups have %v, want each failure once: %v", ids, want)
			}
		})
	}
}

func failedIDs(r *Result) []string {
	var ids []string
	for _, q := range r.Requirements {
		if q.Status == contract.Fail {
			ids = append(ids, q.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestDiagnoseNothing(t *testing.T) {
	if d := failing().Diagnose(nil); d != nil {
		t.Errorf("got %+v for a store that fails nothing", d)
	}
}

func TestUnasked(t *testing.T) {
	skip := func(r *contract.Requirement, n contract.Need) contract.Verdict {
		return contract.Verdict{ID: r.ID, Status: contract.Skip, Reason: n.Explain()}
	}
	withFlag, rest := failing(
		skip(contract.EnumerationClearEmpties, contract.NeedDisposable), skip(contract.EnumerationLengthCounts, contract.NeedDisposable),
		skip(contract.InstancesSeeWrites, contract.NeedShared), skip(contract.TouchExtends, contract.NeedTouch),
	).unasked()
	if len(withFlag) != 2 || withFlag[0].Flag != "--disposable" || len(withFlag[0].Requirements) != 2 || withFlag[1].Flag != "--shared" || rest != 1 {
		t.Errorf("got %+v and %d", withFlag, rest)
	}
}

// A long factory is named once, and the commands refer to it.
func TestLongFactory(t *testing.T) {
	r := failing(fails(contract.TouchExtends, contract.IDsCase)...)
	factory := "async (session, env) => new (require('a-store')(session))({ dir: env.dir })"
	r.Target = Target{Name: "a", Spec: "npm:a", Factory: factory, Command: "storecheck run npm:a --seed 1 --factory " + ShellQuote(factory)}
	var b strings.Builder
	if err := Pretty(&b, r, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "require("); n != 1 || strings.Count(b.String(), `--factory "$FACTORY"`) != 2 {
		t.Errorf("the factory is there %d times:\n%s", n, b.String())
	}
}

// A stopped run says what it has checked.
func TestStopped(t *testing.T) {
	r := New(contract.All())
	r.Add(contract.Verdict{ID: contract.GetMissing.ID, Status: contract.Pass})
	r.Add(contract.Verdict{ID: contract.GetAfterSet.ID, Status: contract.Fail, Message: "wrong"})
	r.Broken = &Trouble{Kind: KindStopped, Message: "the run was stopped"}
	r.Finish(contract.Must)
	for format, write := range map[string]func(*strings.Builder) error{
		"pretty": func(b *strings.Builder) error { return Pretty(b, r, Style{}) },
		"plain":  func(b *strings.Builder) error { return Plain(b, r) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil || !strings.Contains(b.String(), "2 of ") || !strings.Contains(b.String(), "were checked, 1 of them failed") {
			t.Errorf("%s: %v\n%s", format, err, b.String())
		}
	}
	if r.Exit() != ExitBroken {
		t.Errorf("exit status %d", r.Exit())
	}
}
