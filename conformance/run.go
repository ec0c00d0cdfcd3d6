package conformance

import (
	"testing"

	"github.com/storecheck/storecheck/spec/contract"
)

// Run checks a subject with one subtest a requirement, named by its id, so that
//
//	go test -run 'TestStore/get/missing'
//
// runs one of them. A Must that does not hold fails; a Should that does not hold, a check that the subject does not qualify for and one
// that could not decide are skipped with the reason. The environment variable STORECHECK_SEED repeats a seed.
func Run(t *testing.T, subject Subject) {
	t.Helper()
	RunWith(t, subject, Options{})
}

// RunWith is Run with options.
func RunWith(t *testing.T, subject Subject, options Options) {
	t.Helper()
	if options.Rerun == nil {
		options.Rerun = rerunGoTest(t.Name())
	}
	chosen := options.Select
	options.Select = func(r *contract.Requirement) bool {
		return (chosen == nil || chosen(r)) && runs(t.Name()+"/"+r.ID)
	}
	s := New(subject, options)
	if len(s.Requirements()) == 0 {
		t.Skip("no requirement is chosen: see -run, -skip and Options.Select")
	}
	t.Logf("storecheck: %s, contract %s, seed %d", subject.Name, contract.Version, s.Seed())
	for _, r := range s.Requirements() {
		t.Run(r.ID, func(t *testing.T) {
			switch failed, skipped, text := s.Outcome(s.Verdict(t.Context(), r)); {
			case failed:
				t.Error(text)
			case skipped:
				t.Skip(text)
			case text != "":
				t.Log(text)
			}
		})
	}
	for _, note := range s.Notes() {
		t.Log(note)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
