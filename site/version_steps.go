package site

import (
	"slices"

	"golang.org/x/mod/semver"

	"github.com/storecheck/storecheck/report"
)

// A versionStep is two versions of one package in one run, one after the other, and what the later one mends and breaks.
type versionStep struct {
	From, To      *store
	Mends, Breaks []*report.Requirement
}

// versionSteps compares each version of a package with the next one of the same options and middleware, in the order of the names.
func versionSteps(run *namedRun) []versionStep {
	byName := map[string][]*store{}
	var names []string
	for _, st := range run.Stores {
		if st.Store == nil || st.Result.Verdict == report.Broken {
			continue
		}
		name := st.Store.Package + optionsOf(st.Store, " ") + " " + st.ProfileName()
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], st)
	}
	slices.Sort(names)
	var all []versionStep
	for _, name := range names {
		versions := byName[name]
		slices.SortStableFunc(versions, func(a, b *store) int { return semver.Compare("v"+b.Version, "v"+a.Version) })
		for i := 1; i < len(versions); i++ {
			all = append(all, newVersionStep(versions[i], versions[i-1]))
		}
	}
	return all
}

func newVersionStep(from, to *store) versionStep {
	s := versionStep{From: from, To: to}
	for i := range to.Requirements {
		q := &to.Requirements[i]
		switch {
		case to.is(q.ID, report.Holds) && from.is(q.ID, report.Violated):
			s.Mends = append(s.Mends, q)
		case to.is(q.ID, report.Violated) && from.is(q.ID, report.Holds):
			s.Breaks = append(s.Breaks, q)
		}
	}
	return s
}
