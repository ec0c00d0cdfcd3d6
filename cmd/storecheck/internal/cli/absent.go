package cli

import (
	"cmp"
	"slices"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/report"
)

// absent returns the stores of the catalogue without a result, where --all asks for them.
func (r *reporting) absent(results []*report.Result) []report.Absent {
	if !r.all {
		return nil
	}
	var absent []report.Absent
	for _, recipe := range catalog.All() {
		has := slices.ContainsFunc(results, func(one *report.Result) bool { return one.Store != nil && one.Store.Recipe == recipe.Name })
		if !has {
			absent = append(absent, report.Absent{Name: recipe.Name, Homepage: recipe.Homepage, Why: cmp.Or(recipe.Why, "it is not among these results")})
		}
	}
	return absent
}
