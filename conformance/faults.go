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
