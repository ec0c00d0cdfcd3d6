package conformance

import (
	"context"
	"fmt"

	"github.com/storecheck/storecheck/spec/contract"
)

// Record checks a subject and returns a verdict for every selected requirement, in the order in which they ended. It needs no test
// runner. An error means that the store could not be closed; the verdicts are good all the same.
func Record(ctx context.Context, subject Subject, options Options) ([]contract.Verdict, error) {
	options.complete()
	s := newSuite(subject, options)
	var verdicts []contract.Verdict
	for _, c := range s.Checks() {
		verdicts = append(verdicts, options.verdict(s.Verdict(ctx, c)))
	}
	if err := s.Close(); err != nil {
		return verdicts, fmt.Errorf("closing the store: %w", err)
	}
	return verdicts, nil
}

// outcome is how a test runner shows a verdict: it fails, is skipped, or passes, with a text.
type outcome int

const (
	passes outcome = iota
	skips
	fails
)

// show decides how Run and Describe show a verdict, which have fewer colours than the report.
func show(v contract.Verdict, r *contract.Requirement, options *Options) (outcome, string) {
	reason, known := options.Known[v.ID]
	switch v.Status {
	case contract.Pass:
		if known {
			return fails, fmt.Sprintf("%s holds, although it is listed as known to fail (%s): remove it from the list", v.ID, reason)
		}
		return passes, v.Observed
	case contract.Fail:
		switch {
		case known:
			return skips, "known: " + reason + "\n" + v.Message
		case r.Level > options.Level:
			return skips, r.Level.String() + ", does not count: " + v.Message
		}
		return fails, v.Message
	case contract.Skip, contract.Inconclusive:
		return skips, string(v.Status) + ": " + v.Reason
	default:
		return fails, string(v.Status) + ": " + v.Reason
	}
}
