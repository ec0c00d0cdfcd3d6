package conformance

import (
	"context"

	"github.com/storecheck/storecheck/spec/contract"
)

// Record checks a subject and returns a verdict for every selected requirement, in the order in which they ended. It needs no test
// runner. An error is that of [Suite.Close]; the verdicts are good all the same.
func Record(ctx context.Context, subject Subject, options Options) ([]contract.Verdict, error) {
	s := New(subject, options)
	var verdicts []contract.Verdict
	for _, r := range s.Requirements() {
		verdicts = append(verdicts, s.Verdict(ctx, r))
	}
	return verdicts, s.Close()
}
