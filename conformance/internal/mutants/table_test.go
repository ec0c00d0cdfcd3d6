package mutants

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
)

var update = flag.Bool("update", false, "write the table of faults anew")

// faults are the mutants of both languages as the table has them, in the order of the catalogue.
func faults() []conformance.Fault {
	var all []conformance.Fault
	add := func(name, language, from string, breaks []*spec.Requirement) {
		f := conformance.Fault{Name: name, Language: language, From: from}
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
		return slices.IndexFunc(spec.All(), func(r *spec.Requirement) bool { return r.ID == f.Breaks[0] })
	}
	slices.SortStableFunc(all, func(a, b conformance.Fault) int { return order(a) - order(b) })
	return all
}

// The committed table is what the mutants are: TestMutants and its JavaScript sister prove it row by row.
func TestFaultTable(t *testing.T) {
	var data bytes.Buffer
	e := json.NewEncoder(&data)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(faults()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"../../faults.json": data.Bytes(), "../../FAULTS.md": table(faults())} {
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date (%v): run go generate ./conformance/... and look at the difference", name, err)
		}
	}
}

// Every requirement that judges has a fault that it is there to catch.
func TestEveryRequirementCatches(t *testing.T) {
	first := map[string]bool{}
	for _, f := range faults() {
		first[f.Breaks[0]] = true
	}
	for _, r := range spec.All() {
		if r.Level != spec.May && !first[r.ID] {
			t.Errorf("no mutant is there for %s", r.ID)
		}
	}
}

func table(faults []conformance.Fault) []byte {
	var b bytes.Buffer
	b.WriteString("# The faults that the suite is proven to catch\n\n" +
		"Each row is a correct store with one fault planted in it. The requirements named are those that fail for it, and no others; the first\n" +
		"one is there to catch it. The tests of `conformance/internal/mutants` hold every row.\n" +
		"Written by `go generate ./conformance/...`; do not edit.\n\n")
	fmt.Fprintf(&b, "%d faults.\n\n| fault | caught by | in | real stores |\n| --- | --- | --- | --- |\n", len(faults))
	cell := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	for _, f := range faults {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(f.Name), strings.Join(f.Breaks, ", "), f.Language, cell(f.From))
	}
	return b.Bytes()
}
