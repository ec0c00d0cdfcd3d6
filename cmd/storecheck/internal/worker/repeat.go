package worker

import (
	"context"
	"slices"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec/contract"
)

// repetitions is how often a requirement is checked again that is expected to hold now and then. One that fails in every second run is seen to
// hold in all but one of 32 runs.
const repetitions = 5

// repeats reports whether a verdict is checked again.
func (j Job) repeats(v contract.Verdict) bool {
	return v.Status == contract.Fail && v.Repeatable() && slices.Contains(j.Repeat, v.ID)
}

// repeat checks a requirement by itself, until it holds, each time with other values.
func (s *server) repeat(ctx context.Context, job Job, opened *target.Opened, id string) (r Repeated) {
	for r.Times < repetitions && r.Held == 0 {
		r.Times++
		run := conformance.New(opened.Subject, conformance.Options{
			Profile:     opened.Profile,
			Seed:        job.Seed + uint64(r.Times),
			Select:      func(r *contract.Requirement) bool { return r.ID == id },
			CallTimeout: job.Options.CallTimeout,
			Depth:       job.Depth,
			Rerun:       func(string, uint64) string { return "" },
		})
		for _, requirement := range run.Requirements() {
			if s.verdict(ctx, run, requirement).Status == contract.Pass {
				r.Held++
			}
		}
		_ = run.Close() // the first run tells of a store that does not close
	}
	return r
}
