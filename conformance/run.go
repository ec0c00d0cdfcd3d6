package conformance

import (
	"flag"
	"regexp"
	"strings"
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
	chosen := options.Select
	options.Select = func(r *contract.Requirement) bool {
		return (chosen == nil || chosen(r)) && runs(t.Name()+"/"+r.ID)
	}
	if options.Rerun == nil {
		options.Rerun = rerunGoTest(t.Name())
	}
	s := newSuite(subject, options)
	t.Logf("storecheck: %s, contract %s, seed %d", subject.Name, contract.Version, s.options.Seed)
	for _, c := range s.checks {
		t.Run(c.requirement.ID, func(t *testing.T) {
			v := s.verdict(t.Context(), c)
			switch how, text := show(v, c.requirement, &s.options); {
			case how == fails:
				t.Error(text)
			case how == skips:
				t.Skip(text)
			case text != "":
				t.Log(text)
			}
		})
	}
	if err := s.close(); err != nil {
		t.Errorf("closing the store: %v", err)
	}
}

func rerunGoTest(name string) func(string, uint64) string {
	return func(id string, seed uint64) string {
		pattern := "^" + name + "$"
		if id != "" {
			pattern += "/^" + strings.ReplaceAll(id, "/", "$/^") + "$"
		}
		return seedVariable + "=" + formatSeed(seed) + " go test -run '" + pattern + "'"
	}
}

// runs reports whether go test's -run and -skip flags choose a subtest. Package testing tells it only by running the subtest or not, and
// the timeline starts before. A pattern that it cannot read chooses everything: the subtest is left out later all the same.
func runs(name string) bool {
	return matches("test.run", name, true) && !matches("test.skip", name, false)
}

func matches(flagName, name string, unset bool) bool {
	f := flag.Lookup(flagName)
	if f == nil || f.Value.String() == "" {
		return unset
	}
	pattern := f.Value.String()
	if strings.ContainsAny(pattern, "[|(") { // a slash may stand inside
		return flagName == "test.run"
	}
	elements := strings.Split(name, "/")
	for i, p := range strings.Split(pattern, "/") {
		if i >= len(elements) {
			return flagName == "test.run"
		}
		if ok, err := regexp.MatchString(p, elements[i]); err != nil || !ok {
			return err != nil && flagName == "test.run"
		}
	}
	return true
}
