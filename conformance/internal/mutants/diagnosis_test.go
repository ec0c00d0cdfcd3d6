package mutants

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// broad is how many requirements a fault breaks at least that buries its cause.
const broad = 6

// alsoRight are the failures that a reader would mend first as well, by the name of a mutant. Elsewhere only the first of Breaks is right,
// because the mutant is there for it.
var alsoRight = map[string][]*contract.Requirement{
	// express-session needs the cookie for everything, so that no session is found whole.
	"a session loses its cookie": {contract.GetAfterSet},
	// http/unset is there for the mutant because http is its chapter. It is about destroy.
	"a destroy leaves what a get has put into a cache": {contract.DestroyGone},
	// The session of the request is made by createSession.
	"createSession leaves the request without the session": {contract.ExpressCreateSession},
	// The missing session that get throws for.
	"get of a missing session throws": {contract.GetMissing},
	// touch of every session is an error, with or without an end.
	"touch that changes nothing is an error": {contract.TouchExtends, contract.TouchKeepsData},
}

// saysSo are words of the right cause, by the name of a mutant, where the check that is there for it is not the one that sees the cause.
var saysSo = map[string]string{
	"reads lag behind writes":            "reads lag behind writes",
	"sessions end five hours early":      "sessions end early, by about 5 h",
	"milliseconds are taken for seconds": "the time left is taken for longer, as by a wrong unit",
	"set acknowledges and keeps nothing": "set keeps nothing",
	"a get does not look at the expiry":  "no end is looked at",
	"sessions end two hours late":        "sessions end late, by about 2 h",
}

// The first line names the right cause of at least 85 % of the faults that break many requirements. The fault itself is taken out of the
// dictionary, which would know it. Mutants in Go are run; of those in JavaScript the requirements count that they break.
func TestDiagnosisNamesTheCause(t *testing.T) {
	dictionary := allFaults()
	right, all := 0, 0
	judge := func(name, first string, r *report.Result) {
		var others []report.Fault
		for _, f := range dictionary {
			if f.Name != name {
				others = append(others, report.Fault{Name: f.Name, From: f.From, Breaks: f.Breaks})
			}
		}
		d := r.Diagnose(others)
		all++
		ok := d.Requirement == first || saysSo[name] != "" && strings.Contains(d.Cause, saysSo[name]) || slices.ContainsFunc(alsoRight[name], func(r *contract.Requirement) bool { return r.ID == d.Requirement })
		if ok {
			right++
		}
		t.Logf("%-5v %q: %s: %s (%s), %d groups", ok, name, d.Requirement, d.Cause, d.Evidence, len(d.Groups))
	}
	for _, m := range All() {
		if len(m.Breaks) < broad || testing.Short() {
			continue
		}
		r := report.New(contract.All())
		verdicts, err := conformance.Record(t.Context(), m.subjectIn(t.TempDir()), conformance.Options{
			CallTimeout: 5 * time.Second, Unhurried: true, Seed: Seeds(1)[0],
			Select: func(r *contract.Requirement) bool { return !slices.Contains(heavyRequirements, r) },
		})
		if err != nil {
			t.Fatal(err)
		}
		judge(m.Name, m.Breaks[0].ID, resultOf(r, verdicts))
	}
	for _, m := range JavaScript() {
		if len(m.Breaks) < broad {
			continue
		}
		var verdicts []contract.Verdict
		for _, q := range contract.All() {
			v := contract.Verdict{ID: q.ID, Status: contract.Pass}
			if slices.Contains(m.Breaks, q) {
				v.Status = contract.Fail
			}
			verdicts = append(verdicts, v)
		}
		judge(m.Name, m.Breaks[0].ID, resultOf(report.New(contract.All()), verdicts))
	}
	t.Logf("the first line is right for %d of %d broad faults", right, all)
	if right*100 < 85*all {
		t.Errorf("the first line is right for %d of %d broad faults only", right, all)
	}
}

// resultOf completes a result with verdicts. What was not selected is skipped.
func resultOf(r *report.Result, verdicts []contract.Verdict) *report.Result {
	for _, q := range contract.All() {
		i := slices.IndexFunc(verdicts, func(v contract.Verdict) bool { return v.ID == q.ID })
		if i < 0 {
			r.Add(contract.Verdict{ID: q.ID, Status: contract.Skip, Reason: "not selected"})
			continue
		}
		r.Add(verdicts[i])
	}
	r.Finish(contract.Must)
	return r
}

// What rests on a foundation fails wherever the foundation is violated wholly: at least one mutant shows it of each.
func TestFoundationsAreProven(t *testing.T) {
	for _, f := range contract.Foundations() {
		shown := map[string]bool{}
		for _, fault := range allFaults() {
			if !slices.Contains(fault.Breaks, f.ID) {
				continue
			}
			lacks := slices.ContainsFunc(f.Resting, func(r *contract.Requirement) bool {
				return showsIn(r, fault.Language) && !slices.Contains(fault.Breaks, r.ID)
			})
			for _, r := range f.Resting {
				if !lacks && showsIn(r, fault.Language) {
					shown[r.ID] = true
				}
			}
		}
		for _, r := range f.Resting {
			if !shown[r.ID] {
				t.Errorf("%s rests on %s, and no mutant that violates that wholly shows it", r.ID, f.ID)
			}
		}
	}
}

// showsIn reports whether a store in a language can show a requirement.
func showsIn(r *contract.Requirement, language string) bool {
	if language == "JavaScript" {
		return !slices.ContainsFunc(r.Needs, func(n contract.Need) bool { return slices.Contains(onlyGo, n) })
	}
	return !slices.ContainsFunc(r.Needs, func(n contract.Need) bool { return slices.Contains(onlyNode, n) })
}
