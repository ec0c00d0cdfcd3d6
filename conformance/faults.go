package conformance

import (
	_ "embed"
	"encoding/json"
)

//go:generate go test ./internal/mutants -run TestFaultTable -update

// A Fault is a fault that was planted in a correct store, and that the suite is proven to catch.
type Fault struct {
	// Name says what the store does wrong.
	Name string `json:"name"`
	// Language is that of the store: Go or JavaScript.
	Language string `json:"language"`
	// From names the real stores that have or had the fault; empty when none is known.
	From string `json:"from,omitempty"`
	// Breaks are the ids of the requirements that catch it; the first one is there for it.
	Breaks []string `json:"breaks"`
	// Kind is what it takes to catch it: "example", a check that somebody wrote for such faults; or where only that does,
	// "random sequences", "linearizability", "crashes" or "backend faults".
	Kind string `json:"kind"`
	// Calls are how many calls the first check makes until it fails, or the smallest sequence that it found; Seconds are how long it takes.
	// Both were measured once, and differ from run to run.
	Calls   int     `json:"calls,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
}

//go:embed faults.json
var faults []byte

// Faults returns the faults that the suite is proven to catch, in the order of the catalogue. FAULTS.md is the same as a table.
func Faults() []Fault {
	var all []Fault
	if err := json.Unmarshal(faults, &all); err != nil {
		panic("conformance: faults.json: " + err.Error())
	}
	return all
}
