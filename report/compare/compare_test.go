package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/compare"
	"github.com/storecheck/storecheck/spec/contract"
)

// statuses are those of some requirements, in order.
type statuses map[string]contract.Status

// resultOf is a result of a store of the catalogue, or, where the recipe is empty, of another target.
func resultOf(recipe, pkg, version string, of statuses, change func(*report.Result)) *report.Result {
	var planned []*contract.Requirement
	for _, r := range contract.All() {
		if of[r.ID] != "" {
			planned = append(planned, r)
		}
	}
	if of["late/new"] != "" {
		planned = append(planned, &contract.Requirement{ID: "late/new", Level: contract.Must, Title: "a later contract asks for it"})
	}
	r := report.New(planned)
	r.Storecheck = "0.1.0"
	r.Target = report.Target{Name: pkg, Version: version, Spec: "npm:" + pkg}
	if recipe != "" {
		r.Store = &report.Store{Recipe: recipe, Package: pkg, Version: version, GranularityMs: 1}
	}
	for _, q := range planned {
		if of[q.ID] != "unreached" {
			r.Add(contract.Verdict{ID: q.ID, Status: of[q.ID], Reason: "because"})
		}
	}
	if change != nil {
		change(r)
	}
	r.Finish(contract.Must)
	return r
}

func simple(s contract.Status) *report.Result {
	return resultOf("a", "a", "1.0.0", statuses{"get/missing": "pass", "set/replaces": s}, nil)
}

// TestKinds: for each pair of statuses, what a comparison makes of it.
func TestKinds(t *testing.T) {
	const same = compare.Kind("")
	outcomes := []contract.Status{contract.Pass, contract.Fail, contract.Skip, contract.Flaky}
	for i, row := range [][]compare.Kind{
		{same, compare.Broken, compare.Unasked, compare.Unsure},
		{compare.Mended, same, compare.Unasked, compare.Unsure},
		{compare.Asked, compare.Asked, same, compare.Unsure},
		{compare.Unsure, compare.Unsure, compare.Unsure, same},
	} {
		for j, want := range row {
			check(t, outcomes[i], outcomes[j], want)
		}
	}
	for _, c := range []struct {
		old, new contract.Status
		want     compare.Kind
	}{
		{contract.Fail, contract.Known, same},
		{contract.Pass, contract.Known, compare.Broken},
		{contract.Known, contract.Fixed, compare.Mended},
		{contract.Pass, contract.Fixed, same},
		{contract.Flaky, contract.Inconclusive, same},
		{contract.Inconclusive, contract.Broken, same},
		{contract.Pass, contract.Inconclusive, compare.Unsure},
		{contract.Pass, contract.Broken, compare.Unsure},
		{contract.Broken, contract.Fail, compare.Unsure},
	} {
		check(t, c.old, c.new, c.want)
	}
}

func check(t *testing.T, before, after contract.Status, want compare.Kind) {
	t.Helper()
	d := compare.Results([]*report.Result{simple(before)}, []*report.Result{simple(after)})
	got := compare.Kind("")
	if len(d.Stores) > 0 {
		got = d.Stores[0].Changes[0].Kind
	}
	if got != want {
		t.Errorf("%s → %s: got %q, want %q", before, after, got, want)
	}
	wantExit := compare.ExitChanged
	switch want {
	case "":
		wantExit = compare.ExitSame
	case compare.Unsure:
		wantExit = compare.ExitUnsure
	default:
	}
	if d.Exit() != wantExit || d.Changed != (wantExit == compare.ExitChanged) {
		t.Errorf("%s → %s: exit %d, changed %t; want %d", before, after, d.Exit(), d.Changed, wantExit)
	}
	if (d.Same == 1) != (want == "") {
		t.Errorf("%s → %s: %d are the same", before, after, d.Same)
	}
}

// TestMatch: which results are of one store.
func TestMatch(t *testing.T) {
	of := func(recipe, pkg, version, option string) *report.Result {
		return resultOf(recipe, pkg, version, statuses{"get/missing": "pass"}, func(r *report.Result) {
			if option != "" {
				r.Store.Options = map[string]string{"database": option}
			}
		})
	}
	for _, c := range []struct {
		name     string
		old, new []*report.Result
		want     string
	}{
		{"the same", []*report.Result{of("a", "a", "1.0.0", "")}, []*report.Result{of("a", "a", "1.0.0", "")}, "1 same"},
		{"another version", []*report.Result{of("a", "a", "1.0.0", "")}, []*report.Result{of("a", "a", "1.0.1", "")}, "a 1.0.0→1.0.1"},
		{"came and went", []*report.Result{of("a", "a", "1.0.0", "")}, []*report.Result{of("b", "b", "1.0.0", "")}, "+b@1.0.0 -a@1.0.0"},
		{
			"options tell apart",
			[]*report.Result{of("a", "a", "1.0.0", "x"), of("a", "a", "1.0.0", "y")},
			[]*report.Result{of("a", "a", "1.1.0", "y")},
			"-a@1.0.0 database=x a database=y 1.0.0→1.1.0",
		},
		{
			"a version before another",
			[]*report.Result{of("a", "a", "2.0.0", "")},
			[]*report.Result{of("a", "a", "3.0.0", ""), of("a@2", "a", "2.0.0", "")},
			"+a@3.0.0 1 same",
		},
		{
			"recipes of one package",
			[]*report.Result{of("a", "a", "2.0.0", ""), of("a@1", "a", "1.0.0", "")},
			[]*report.Result{of("a@1", "a", "1.0.1", ""), of("a", "a", "2.0.1", "")},
			"a 1.0.0→1.0.1 a 2.0.0→2.0.1",
		},
		{"another recipe", []*report.Result{of("a@1", "a", "1.0.0", "")}, []*report.Result{of("a@2", "a", "2.0.0", "")}, "a 1.0.0→2.0.0"},
		{
			"several versions of a recipe",
			[]*report.Result{of("a", "a", "1.0.0", ""), of("a", "a", "1.1.0", "")},
			[]*report.Result{of("a", "a", "2.0.0", "")},
			"+a@2.0.0 -a@1.0.0 -a@1.1.0",
		},
		{"no store of the catalogue", []*report.Result{of("", "./a.js", "", "")}, []*report.Result{of("", "./a.js", "1.0.0", "")}, "./a.js →1.0.0"},
		{"now in the catalogue", []*report.Result{of("", "a", "1.0.0", "")}, []*report.Result{of("a", "a", "1.0.0", "")}, "1 same"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := compare.Results(c.old, c.new)
			var parts []string
			for _, s := range d.Came {
				parts = append(parts, "+"+s.ID)
			}
			for _, s := range d.Went {
				parts = append(parts, "-"+s.ID)
			}
			for _, s := range d.Stores {
				parts = append(parts, s.Name+" "+s.OldVersion+"→"+s.NewVersion)
			}
			if d.Same > 0 {
				parts = append(parts, fmt.Sprint(d.Same, " same"))
			}
			if got := strings.Join(parts, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if d.Changed != (c.want != "1 same") {
				t.Errorf("changed: %t", d.Changed)
			}
		})
	}
}

// What the contract asks for anew, no more, or at another level is said once, and is no change of a store.
func TestContract(t *testing.T) {
	old := []*report.Result{
		resultOf("a", "a", "1.0.0", statuses{"get/missing": "pass", "set/replaces": "fail"}, func(r *report.Result) { r.Requirements[0].Level = contract.Should }),
		resultOf("b", "b", "1.0.0", statuses{"get/missing": "pass", "set/replaces": "pass"}, nil),
	}
	after := []*report.Result{
		resultOf("a", "a", "1.0.0", statuses{"get/missing": "pass", "late/new": "fail"}, nil),
		resultOf("b", "b", "1.0.0", statuses{"get/missing": "pass", "late/new": "skip"}, nil),
		resultOf("c", "c", "1.0.0", statuses{"get/missing": "pass", "late/new": "pass"}, nil),
	}
	d := compare.Results(old, after)
	if len(d.Stores) > 0 || d.Same != 2 || len(d.Came) != 1 {
		t.Errorf("got the stores %+v, and %d are the same", d.Stores, d.Same)
	}
	c := d.Contract
	if !slices.Equal(c.Gone, []string{"set/replaces"}) || len(c.New) != 1 || len(c.Levels) != 1 {
		t.Fatalf("got %+v", c)
	}
	if n := c.New[0]; n.ID != "late/new" || n.Asked != 2 || !slices.Equal(n.Violated, []string{"a@1.0.0"}) || n.Title == "" {
		t.Errorf("got %+v", n)
	}
	if l := c.Levels[0]; l != (compare.LevelChange{ID: "get/missing", Old: contract.Should, New: contract.Must}) {
		t.Errorf("got %+v", l)
	}
}

// What else differs between two runs is named, and is no change by itself.
func TestNotes(t *testing.T) {
	plain := statuses{"get/missing": "pass", "set/replaces": "pass"}
	old := resultOf("a", "a", "1.0.0", plain, func(r *report.Result) { r.Target.Runtime = "node 20" })
	for _, c := range []struct {
		name   string
		of     statuses
		change func(*report.Result)
		want   string
	}{
		{"runtime", plain, func(r *report.Result) { r.Target.Runtime = "node 22" }, "runtime: node 20 → node 22"},
		{"backend", plain, func(r *report.Result) { r.Store.Backend = "redis" }, "backend: none → redis"},
		{"server", plain, func(r *report.Result) {
			r.Store.Server = &report.Server{Program: "dynalite", Version: "4.0.0", Emulator: true}
		}, "server: none → dynalite 4.0.0, an emulator"},
		{"granularity", plain, func(r *report.Result) { r.Store.GranularityMs = 1000 }, "granularity: 1 ms → 1000 ms"},
		{"claims", plain, func(r *report.Result) {
			r.Store.Claims = map[string]bool{"shared": true, "durable": true, "disposable": false}
		}, "what the recipe promises: none → durable, shared"},
		{"selection", statuses{"get/missing": "pass", "set/replaces": "pass", "get/after-set": "pass"}, nil, "0 requirements are in the old run only, 1 in the new one only"},
		{"broken", statuses{"get/missing": "pass", "set/replaces": "unreached"}, func(r *report.Result) {
			r.Broken = &report.Trouble{Kind: "died", Message: "the process ended"}
		}, "the new run broke: died: the process ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := resultOf("a", "a", "1.0.0", c.of, func(r *report.Result) {
				r.Target.Runtime = "node 20"
				if c.change != nil {
					c.change(r)
				}
			})
			// Another store has more requirements, so that the contract is the same.
			more := resultOf("more", "more", "1.0.0", statuses{"get/missing": "pass", "set/replaces": "pass", "get/after-set": "pass"}, nil)
			d := compare.Results([]*report.Result{old, more}, []*report.Result{after, more})
			if d.Changed {
				t.Errorf("the store has changed: %+v", d.Stores)
			}
			// A note is shown with a change.
			old := resultOf("a", "a", "0.9.0", plain, func(r *report.Result) { r.Target.Runtime = "node 20" })
			d = compare.Results([]*report.Result{old, more}, []*report.Result{after, more})
			if notes := d.Stores[0].Notes; !slices.Equal(notes, []string{c.want}) {
				t.Errorf("got %q, want %q", notes, c.want)
			}
		})
	}
}
