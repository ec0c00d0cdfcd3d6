package matrix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A Row is the result of a store as a table shows it.
type Row struct {
	ID           string         `json:"-"`
	Verdict      report.Verdict `json:"verdict"`
	MustFailed   int            `json:"mustFailed"`
	ShouldFailed int            `json:"shouldFailed"`
	Seconds      float64        `json:"seconds"`
	Broken       string         `json:"broken,omitempty"` // why there is no verdict, in one line
}

// RowOf is the row of a result of the catalogue.
func RowOf(r *report.Result) Row {
	row := Row{
		ID: r.Store.ID(), Verdict: r.Verdict, Seconds: r.Seconds,
		MustFailed: r.Counts[contract.Must][contract.Fail], ShouldFailed: r.Counts[contract.Should][contract.Fail],
	}
	if r.Broken != nil {
		row.Broken, _, _ = strings.Cut(strings.TrimSpace(r.Broken.Message), "\n")
	} else if r.Verdict == report.Broken {
		row.Broken = r.Why()
	}
	return row
}

// SortRows sorts by verdict, the best first, and then by name.
func SortRows(rows []Row) {
	order := Verdicts()
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict)), cmp.Compare(a.ID, b.ID))
	})
}

// Verdicts lists the verdicts, the best first.
func Verdicts() []report.Verdict {
	return []report.Verdict{report.Conformant, report.Inconclusive, report.Nonconformant, report.Broken}
}
