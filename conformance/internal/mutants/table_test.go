package mutants

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec/contract"
)

var (
	updateFlag  = flag.Bool("update", false, "write the table of faults anew")
	measureFlag = flag.String("measure", "", "with -update: measure the calls and seconds of the `new` faults, or of all anew, which takes minutes")
)

// allFaults returns the mutants of both languages as rows of the table, in the order of the catalogue.
func allFaults() []conformance.Fault {
	var all []conformance.Fault
	add := func(name, language, from string, breaks []*contract.Requirement) {
		f := conformance.Fault{Name: name, Language: language, From: from, Kind: kindOf(breaks)}
		for _, r := range breaks {
			f.Breaks = append(f.Breaks, r.ID)
		}
		all = append(all, f)
	}
	for _, m := range All() {
		add(m.Name, "Go", m.From, m.Breaks)
	}
	for _, m := range JavaScript() {
		add(m.Name, "JavaScript", m.From, m.Breaks)
	}
	order := func(f conformance.Fault) int {
		return slices.IndexFunc(contract.All(), func(r *contract.Requirement) bool { return r.ID == f.Breaks[0] })
	}
	slices.SortStableFunc(all, func(a, b conformance.Fault) int { return order(a) - order(b) })
	return all
}

// kindOf returns the Kind of a conformance.Fault.
func kindOf(breaks []*contract.Requirement) string {
	var kinds []string
	for _, r := range breaks {
		switch {
		case r == contract.PropertySequences:
			kinds = append(kinds, "random sequences")
		case r == contract.PropertyLinearizable:
			kinds = append(kinds, "linearizability")
		case r.Chapter() == "durability":
			kinds = append(kinds, "crashes")
		case r.Chapter() == "faults":
			kinds = append(kinds, "backend faults")
		default:
			return "example"
		}
	}
	return kinds[0]
}

// withMeasures adds calls and seconds: those of the committed table, because no two runs measure the same, or those of this run.
func withMeasures(t *testing.T, all []conformance.Fault) []conformance.Fault {
	t.Helper()
	key := func(f conformance.Fault) string { return f.Language + ": " + f.Name }
	committed := map[string]conformance.Fault{}
	for _, f := range conformance.Faults() {
		committed[key(f)] = f
	}
	if !slices.Contains([]string{"", "new", "all"}, *measureFlag) {
		t.Fatalf("-measure %s: want new or all", *measureFlag)
	}
	verdicts := firstVerdicts(t, func(key string) bool {
		return *measureFlag == "all" || *measureFlag == "new" && committed[key].Seconds == 0
	})
	for i := range all {
		f := &all[i]
		f.Calls, f.Seconds = committed[key(*f)].Calls, committed[key(*f)].Seconds
		if v, ok := verdicts[key(*f)]; ok {
			f.Calls, f.Seconds = countCalls(v), max(math.Round(v.Duration.Seconds()*1e4), 1)/1e4
		}
	}
	return all
}

// firstVerdicts checks the wanted mutants, one after the other, each with the requirement that is there to catch it.
func firstVerdicts(t *testing.T, wanted func(key string) bool) map[string]contract.Verdict {
	t.Helper()
	verdicts := map[string]contract.Verdict{}
	first := func(key string, r *contract.Requirement, check func(conformance.Options) ([]contract.Verdict, error)) {
		if !wanted(key) {
			return
		}
		options := conformance.Options{Seed: Seeds(1)[0], CallTimeout: 2 * time.Second}
		// A check that judges the whole run finds nothing alone.
		for _, alone := range []bool{true, false} {
			options.Select = func(s *contract.Requirement) bool { return s == r || !alone }
			found, err := check(options)
			if err != nil {
				t.Errorf("%s: %v", key, err)
			}
			for _, v := range found {
				if v.ID == r.ID && v.Status == contract.Fail {
					verdicts[key] = v
					return
				}
			}
		}
		t.Errorf("%s is not caught by %s", key, r.ID)
	}
	for _, m := range All() {
		first("Go: "+m.Name, m.Breaks[0], func(o conformance.Options) ([]contract.Verdict, error) {
			if m.long {
				o.Depth = subject.Thorough
			}
			subject := m.Subject()
			if subject.Faulty == nil && subject.Refusing == nil {
				subject = m.subjectIn(t.TempDir())
			}
			return conformance.Record(t.Context(), subject, o)
		})
	}
	for _, m := range JavaScript() {
		first("JavaScript: "+m.Name, m.Breaks[0], func(o conformance.Options) ([]contract.Verdict, error) {
			return recordNode(t.Context(), m.File, t.TempDir(), true, o)
		})
	}
	return verdicts
}

// countCalls counts the calls of a verdict, shown or left out.
func countCalls(v contract.Verdict) int {
	calls := len(v.Calls)
	for _, line := range v.Calls {
		var more int
		if n, _ := fmt.Sscanf(line, "… %d more calls …", &more); n == 1 {
			calls += more - 1
		}
	}
	return calls
}

// The committed table agrees with the mutants. TestMutants and TestJavaScriptMutants prove it row by row.
func TestFaultTable(t *testing.T) {
	all := withMeasures(t, allFaults())
	var data bytes.Buffer
	e := json.NewEncoder(&data)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"../../faults.json": data.Bytes(), "../../FAULTS.md": faultTable(all)} {
		if *updateFlag {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date (%v): run go generate ./conformance/... and look at the difference", name, err)
		}
	}
}

// Every requirement except May requirements has a fault to catch.
func TestEveryRequirementCatches(t *testing.T) {
	first := map[string]bool{}
	for _, f := range allFaults() {
		first[f.Breaks[0]] = true
	}
	for _, r := range contract.All() {
		if r.Level != contract.May && !first[r.ID] {
			t.Errorf("no mutant is there for %s", r.ID)
		}
	}
}

func faultTable(faults []conformance.Fault) []byte {
	kinds := map[string]int{}
	for _, f := range faults {
		kinds[f.Kind]++
	}
	var b bytes.Buffer
	b.WriteString("# The faults that the suite is proven to catch\n\n" +
		"Each row is a correct store with one fault planted in it. The requirements named are those that fail for it, and no others; the first\n" +
		"one is there to catch it. The tests of `conformance/internal/mutants` hold every row.\n" +
		"Written by `go generate ./conformance/...`; do not edit.\n\n" +
		"The fault is caught by an example, which is a check that somebody wrote for such faults, or only by what the column *kind* says. The\n" +
		"calls are those that the first check makes until it fails, or of random ones the smallest that it found; the seconds are those that\n" +
		"it takes in all. They were measured once, by `go test ./conformance/internal/mutants -run TestFaultTable -update -measure all`.\n\n")
	fmt.Fprintf(&b, "%d faults", len(faults))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(&b, ", %d by %s", kinds[kind], kind)
	}
	b.WriteString(".\n\n| fault | caught by | kind | calls | seconds | in | real stores |\n| --- | --- | --- | --: | --: | --- | --- |\n")
	cell := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	for _, f := range faults {
		calls, seconds := "", ""
		if f.Calls > 0 { // none: the check judges the calls of other checks
			calls = strconv.Itoa(f.Calls)
		}
		if f.Seconds > 0 {
			seconds = strconv.FormatFloat(f.Seconds, 'f', -1, 64)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n",
			cell(f.Name), strings.Join(f.Breaks, ", "), f.Kind, calls, seconds, f.Language, cell(f.From))
	}
	return b.Bytes()
}
