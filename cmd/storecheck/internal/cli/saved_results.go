package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/report/saved"
	"github.com/storecheck/storecheck/spec/contract"
)

// savedFlags are the flags of the commands that show saved results.
type savedFlags struct {
	selection
	level   contract.Level // the weakest level that is shown
	color   string
	verbose bool
}

func (f *savedFlags) declare(set *pflag.FlagSet) {
	set.StringSliceVar(&f.only, "only", nil, "look only at the requirements with these `ids`, chapters or globs, separated by commas (may be repeated)")
	set.StringSliceVar(&f.skip, "skip", nil, "leave out the requirements with these `ids`, chapters or globs, separated by commas (may be repeated)")
	set.Var(newChoice(&f.level, contract.May, contract.Must, contract.Should, contract.May), "level", "the weakest level to look at: must, should or may")
	set.Var(newChoice(&f.color, "auto", "auto", "always", "never"), "color", "when to use colours: auto, always or never")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "show in full what is folded")
}

// choose returns the results as of runs with the selection.
func (f *savedFlags) choose(results []saved.Result) ([]saved.Result, error) {
	ids := idsOf(contract.All())
	for _, r := range results {
		for _, q := range r.Requirements {
			ids = append(ids, q.ID)
		}
	}
	if err := f.validate(ids); err != nil {
		return nil, err
	}
	chosen := slices.Clone(results)
	var errs []error
	for i, r := range results {
		selected := r.Select(func(q *report.Requirement) bool { return q.Level <= f.level && f.has(q.ID) })
		switch {
		case selected == nil:
			errs = append(errs, fmt.Errorf("--only, --skip and --level leave no requirement of %s", r.File))
		case selected != r.Result:
			selected.Diagnosis = selected.Diagnose(plantedFaults())
			chosen[i].Result = selected
		}
	}
	return chosen, errors.Join(errs...)
}
