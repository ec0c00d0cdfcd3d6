package conformance

import (
	"context"
	"fmt"
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/chapters"
	"github.com/storecheck/storecheck/conformance/internal/crash"
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/outage"
	"github.com/storecheck/storecheck/conformance/property"
	"github.com/storecheck/storecheck/spec/contract"
)

// A Suite is one run of the checks against one subject. It is what a driver needs: a test runner that asks for one verdict after the other.
type Suite struct {
	options Options
	run     *engine.Suite
	told    bool // a driver has shown that the backend is down
}

// New returns a run of the checks that the options choose. It opens nothing yet. The caller must call [Suite.Close].
func New(s Subject, o Options) *Suite {
	o.complete()
	var chosen []engine.Check
	for _, c := range o.checks() {
		if o.Select == nil || o.Select(c.Requirement) {
			chosen = append(chosen, c)
		}
	}
	return &Suite{options: o, run: engine.New(s, o.settings(), chosen)}
}

// checks returns the check of every requirement of the profile, in its order.
func (o *Options) checks() []engine.Check {
	var all []engine.Check
	place := map[string]int{}
	for i, r := range o.Profile.Requirements() {
		place[r.ID] = i
	}
	for _, c := range slices.Concat(chapters.Checks(), crash.Checks, outage.Checks, property.Checks(o.search())) {
		if r, ok := o.Profile.Requirement(c.Requirement.ID); ok {
			c.Requirement = r
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b engine.Check) int { return place[a.Requirement.ID] - place[b.Requirement.ID] })
	return all
}

// Seed is the root of all random values of the run.
func (s *Suite) Seed() uint64 { return s.options.Seed }

// Requirements returns what is checked, in the order in which a driver is to ask for the verdicts.
func (s *Suite) Requirements() []*contract.Requirement {
	var all []*contract.Requirement
	for _, c := range s.run.Checks() {
		all = append(all, c.Requirement)
	}
	return all
}

// Verdict checks one of the requirements, or waits for its check where it runs beside others. A driver asks for one verdict at a time.
func (s *Suite) Verdict(ctx context.Context, r *contract.Requirement) contract.Verdict {
	checks := s.run.Checks()
	i := slices.IndexFunc(checks, func(c engine.Check) bool { return c.Requirement == r })
	if i < 0 {
		panic("conformance: " + r.ID + " is none of the requirements of this run")
	}
	return s.run.Verdict(ctx, checks[i])
}

// Down returns why the run has ended early: the backend of the store is down, and every verdict from then on is broken. It is nil as long as
// the run goes on.
func (s *Suite) Down() error { return s.run.Down() }

// End ends the run early, as when its time is used up. Verdict then returns at once: a verdict that there is already, and inconclusive with why as
// the reason for every other requirement. It may be called at any time.
func (s *Suite) End(why error) { s.run.End(why) }

// Notes are observations of the run beside the verdicts, such as that the store is slow.
func (s *Suite) Notes() []string { return s.run.Notes() }

// Close ends what still runs, removes what the run has stored, unless the store is disposable, and closes the store. Nothing is opened
// afterwards. An error is one of the store's Close, or the end of its process that no verdict tells of.
func (s *Suite) Close() error {
	if err := s.run.Close(); err != nil {
		return fmt.Errorf("closing the store: %w", err)
	}
	return nil
}

// Outcome says how a test runner shows a verdict, which has fewer colours than a report: failed, skipped, or passed, with a text.
func (s *Suite) Outcome(v contract.Verdict) (failed, skipped bool, text string) {
	reason, known := s.options.Known[v.ID]
	switch v.Status {
	case contract.Pass:
		if known {
			return true, false, fmt.Sprintf("%s holds, although it is listed as known to fail (%s): remove it from the list", v.ID, reason)
		}
		return false, false, v.Observed
	case contract.Fail:
		r, _ := s.options.Profile.Requirement(v.ID)
		switch {
		case known:
			return false, true, "known: " + reason + "\n" + v.Message
		case r.Level > s.options.Level:
			return false, true, r.Level.String() + ", does not count: " + v.Message
		}
		return true, false, v.Message
	case contract.Skip, contract.Inconclusive:
		return false, true, string(v.Status) + ": " + v.Reason
	default:
		// That the backend is down is said once, and not by every requirement.
		skipped = s.told
		s.told = s.told || s.Down() != nil
		return !skipped, skipped, string(v.Status) + ": " + v.Reason
	}
}
