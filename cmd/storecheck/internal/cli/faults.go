package cli

import (
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/report"
)

// plantedFaults are the faults that a report compares failures with.
func plantedFaults() []report.Fault {
	var all []report.Fault
	for _, f := range conformance.Faults() {
		all = append(all, report.Fault{Name: f.Name, From: f.From, Breaks: f.Breaks})
	}
	return all
}
