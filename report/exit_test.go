package report

import (
	"fmt"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/contract"
)

// outcome is what one requirement alone makes of a run.
type outcome struct {
	verdict Verdict
	exit    int
}

// outcomes is the rule, written out: for every status, at a level that counts and at one that does not. Where nothing that counts
// was checked the run is inconclusive; the second column has a passing Must beside it, so that it shows the status alone.
var outcomes = map[contract.Status]struct{ counted, uncounted outcome }{
	contract.Pass:         {outcome{Conformant, 0}, outcome{Conformant, 0}},
	contract.Fail:         {outcome{Nonconformant, 1}, outcome{Conformant, 0}},
	contract.Skip:         {outcome{Conformant, 0}, outcome{Conformant, 0}},
	contract.Known:        {outcome{Nonconformant, 0}, outcome{Conformant, 0}},
	contract.Fixed:        {outcome{Conformant, 1}, outcome{Conformant, 1}},
	contract.Flaky:        {outcome{Inconclusive, 4}, outcome{Conformant, 0}},
	contract.Inconclusive: {outcome{Inconclusive, 4}, outcome{Conformant, 0}},
	contract.Broken:       {outcome{Broken, 3}, outcome{Broken, 3}},
}

var allLevels = []contract.Level{contract.Must, contract.Should, contract.May}

// verdictOf is a verdict as a harness would report it.
func verdictOf(id string, status contract.Status) contract.Verdict {
	v := contract.Verdict{ID: id, Status: status, Reason: "because"}
	if status == contract.Pass {
		v.Reason = ""
	}
	return v
}

// TestOneStatus has every status at every level, with every level counted.
func TestOneStatus(t *testing.T) {
	if len(outcomes) != len(contract.Statuses()) {
		t.Fatalf("%d statuses in the table, %d in the contract", len(outcomes), len(contract.Statuses()))
	}
	for _, status := range contract.Statuses() {
		for _, level := range allLevels {
			for _, counted := range allLevels {
				t.Run(fmt.Sprintf("%s/%s/counting-%s", status, level, counted), func(t *testing.T) {
					want := outcomes[status].uncounted
					if level <= counted {
						want = outcomes[status].counted
					}
					r := finish(t, map[string]contract.Level{"get/a": level}, verdictOf("get/a", status), verdictOf("get/b", contract.Pass))
					r.Finish(counted)
					if got := (outcome{r.Verdict, r.Exit()}); got != want {
						t.Errorf("got %v, want %v", got, want)
					}
					consistent(t, r)
				})
			}
		}
	}
}

// TestTwoStatuses has every pair of statuses at a level that counts: the worse exit status wins, in the order 3, 1, 4, 0.
func TestTwoStatuses(t *testing.T) {
	rank := map[int]int{0: 0, 4: 1, 1: 2, 3: 3}
	verdictRank := map[Verdict]int{Conformant: 0, Inconclusive: 1, Nonconformant: 2, Broken: 3}
	for _, a := range contract.Statuses() {
		for _, b := range contract.Statuses() {
			want := outcomes[a].counted
			if other := outcomes[b].counted; rank[other.exit] > rank[want.exit] {
				want.exit = other.exit
			}
			if other := outcomes[b].counted; verdictRank[other.verdict] > verdictRank[want.verdict] {
				want.verdict = other.verdict
			}
			if a == contract.Skip && b == contract.Skip {
				want = outcome{Inconclusive, 4} // nothing was checked
			}
			r := finish(t, nil, verdictOf("get/a", a), verdictOf("get/b", b))
			r.Finish(contract.Must)
			if got := (outcome{r.Verdict, r.Exit()}); got != want {
				t.Errorf("%s with %s: got %v, want %v", a, b, got, want)
			}
			consistent(t, r)
		}
	}
}

func TestWholeRun(t *testing.T) {
	cases := map[string]struct {
		make func() *Result
		want outcome
		why  string
	}{
		"nothing planned": {func() *Result { return New(nil) }, outcome{Broken, 3}, "the target or the harness broke"},
		"all skipped": {func() *Result {
			return finish(t, nil, verdictOf("all/a", contract.Skip))
		}, outcome{Inconclusive, 4}, "no requirement that counts was checked (must)"},
		"only weaker levels": {func() *Result {
			return finish(t, map[string]contract.Level{"get/a": contract.Should}, verdictOf("get/a", contract.Pass))
		}, outcome{Inconclusive, 4}, "no requirement that counts was checked (must)"},
		"only weaker levels, out of date": {func() *Result {
			return finish(t, map[string]contract.Level{"get/a": contract.Should}, verdictOf("get/a", contract.Fixed))
		}, outcome{Inconclusive, 1}, "1 known failure is out of date, no requirement that counts was checked (must)"},
		"target broke beside a pass": {func() *Result {
			r := finish(t, nil, verdictOf("get/a", contract.Pass))
			r.Broken = &Trouble{Message: "died"}
			return r
		}, outcome{Broken, 3}, "the target or the harness broke"},
		"target broke beside a failure": {func() *Result {
			r := finish(t, nil, verdictOf("get/a", contract.Fail))
			r.Broken = &Trouble{Message: "died"}
			return r
		}, outcome{Broken, 3}, "the target or the harness broke, 1 requirement failed (must)"},
		"good beside what does not count": {func() *Result {
			levels := map[string]contract.Level{"get/f": contract.May}
			verdicts := []contract.Verdict{verdictOf("get/ok", contract.Pass), verdictOf("get/f", contract.Fail)}
			for _, id := range []string{"get/a", "get/b", "get/c", "get/d", "get/e", "get/g"} {
				levels[id] = contract.Should
				verdicts = append(verdicts, verdictOf(id, contract.Fail))
			}
			return finish(t, levels, verdicts...)
		}, outcome{Conformant, 0}, "every requirement that applies holds (must); failed, but counted only with --level should: " +
			"get/a, get/b, get/c, get/d, and 2 more; failed, but counted only with --level may: get/f"},
		"known only": {func() *Result {
			return finish(t, nil, verdictOf("get/a", contract.Known))
		}, outcome{Nonconformant, 0}, "every violation is a known one (must)"},
		"known beside flaky": {func() *Result {
			return finish(t, nil, verdictOf("get/a", contract.Known), verdictOf("get/b", contract.Flaky))
		}, outcome{Nonconformant, 4}, "1 was flaky"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := c.make()
			r.Target.Name = "some-store"
			r.Finish(0)
			if got := (outcome{r.Verdict, r.Exit()}); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if why := r.Why(); why != c.why {
				t.Errorf("why: got %q, want %q", why, c.why)
			}
			consistent(t, r)
		})
	}
}

// TestLostCount has what a harness that loses count reports. No such run is good, whatever the level.
func TestLostCount(t *testing.T) {
	planned := []*contract.Requirement{{ID: "get/a", Level: contract.Must}, {ID: "get/b", Level: contract.May}}
	pass := func(id string) contract.Verdict { return contract.Verdict{ID: id, Status: contract.Pass} }
	cases := map[string]struct {
		verdicts []contract.Verdict
		id       string
		reason   string
	}{
		"missing":               {[]contract.Verdict{pass("get/a")}, "get/b", "was planned but not reported"},
		"nothing":               {nil, "get/a", "was planned but not reported"},
		"unplanned":             {[]contract.Verdict{pass("get/a"), pass("get/b"), pass("get/c")}, "get/c", "was reported but not planned"},
		"unplanned twice":       {[]contract.Verdict{pass("get/a"), pass("get/b"), pass("get/c"), pass("get/c")}, "get/c", "was reported twice: error, then pass"},
		"twice":                 {[]contract.Verdict{pass("get/a"), pass("get/b"), pass("get/b")}, "get/b", "was reported twice: pass, then pass"},
		"first failed":          {[]contract.Verdict{{ID: "get/a", Status: contract.Fail}, pass("get/a"), pass("get/b")}, "get/a", "was reported twice: fail, then pass"},
		"status unknown":        {[]contract.Verdict{pass("get/a"), {ID: "get/b", Status: "green"}}, "get/b", "was reported with the unknown status green"},
		"status empty":          {[]contract.Verdict{pass("get/a"), {ID: "get/b"}}, "get/b", "was reported with the unknown status "},
		"status in other case":  {[]contract.Verdict{pass("get/a"), {ID: "get/b", Status: "Pass"}}, "get/b", "was reported with the unknown status Pass"},
		"status empty, then ok": {[]contract.Verdict{pass("get/a"), {ID: "get/b"}, pass("get/b")}, "get/b", "was reported twice: error, then pass"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := New(planned)
			r.Target.Name = "some-store"
			for _, v := range c.verdicts {
				r.Add(v)
			}
			r.Finish(contract.Must)
			q := r.Requirements[r.rows[c.id]]
			if q.Status != contract.Broken || q.Reason != c.reason {
				t.Errorf("%s is %s with the reason %q, want an error with %q", c.id, q.Status, q.Reason, c.reason)
			}
			if r.Verdict != Broken || r.Exit() != ExitBroken {
				t.Errorf("the run is %s and exits %d", r.Verdict, r.Exit())
			}
			total := 0
			for _, s := range contract.Statuses() {
				total += r.total(s)
			}
			if total != len(r.Requirements) {
				t.Errorf("the counts add up to %d of %d", total, len(r.Requirements))
			}
			consistent(t, r)
		})
	}
}

func TestReasonIsNeverEmpty(t *testing.T) {
	for _, status := range contract.Statuses() {
		r := finish(t, nil, contract.Verdict{ID: "get/a", Status: status})
		r.Finish(contract.Must)
		if got := r.Requirements[0].Reason; (got == "") != (status == contract.Pass) {
			t.Errorf("%s has the reason %q", status, got)
		}
	}
}

func TestVerdictIsKept(t *testing.T) {
	v := contract.Verdict{ID: "get/a", Status: contract.Fail, Reason: "r", Message: "m", Observed: "o", Calls: []string{"c"}, Duration: 1500 * time.Microsecond}
	r := finish(t, map[string]contract.Level{"get/a": contract.Should}, v)
	want := fmt.Sprint(Requirement{
		ID: "get/a", Level: contract.Should, Chapter: "get", Title: "title of get/a", Status: contract.Fail,
		Seconds: 0.0015, Reason: "r", Message: "m", Observed: "o", Calls: []string{"c"},
	})
	if got := fmt.Sprint(r.Requirements[0]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestExit has every pair of exit statuses in both orders, and none.
func TestExit(t *testing.T) {
	of := map[int]func() *Result{
		0: func() *Result { return finish(t, nil, verdictOf("get/a", contract.Pass)) },
		1: func() *Result { return finish(t, nil, verdictOf("get/a", contract.Fail)) },
		3: func() *Result { return finish(t, nil, verdictOf("get/a", contract.Broken)) },
		4: func() *Result { return finish(t, nil, verdictOf("get/a", contract.Inconclusive)) },
	}
	want := map[[2]int]int{
		{0, 0}: 0, {0, 1}: 1, {0, 3}: 3, {0, 4}: 4,
		{1, 1}: 1, {1, 3}: 3, {1, 4}: 1,
		{3, 3}: 3, {3, 4}: 3,
		{4, 4}: 4,
	}
	for pair, worst := range want {
		a, b := of[pair[0]](), of[pair[1]]()
		a.Finish(contract.Must)
		b.Finish(contract.Must)
		if got := Exit(a, b); got != worst {
			t.Errorf("%v: exit %d, want %d", pair, got, worst)
		}
		if got := Exit(b, a); got != worst {
			t.Errorf("%v the other way round: exit %d, want %d", pair, got, worst)
		}
		if got := Exit(a); got != pair[0] {
			t.Errorf("%d alone: exit %d", pair[0], got)
		}
	}
	if got := Exit(); got != ExitBroken {
		t.Errorf("no result: exit %d, want %d: a run of nothing is not green", got, ExitBroken)
	}
}
