package site

import (
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/storecheck/storecheck/report"
)

// Siblings are the other results of the same package in the run: other versions, and other options. The newest version comes first.
func (s *store) Siblings() []*store {
	var all []*store
	if s.Store == nil {
		return nil
	}
	for _, other := range s.Run.Stores {
		if other != s && other.Store != nil && other.Store.Package == s.Store.Package {
			all = append(all, other)
		}
	}
	slices.SortStableFunc(all, func(a, b *store) int { return semver.Compare("v"+b.Version, "v"+a.Version) })
	return all
}

// Newer are the siblings of a later version.
func (s *store) Newer() []*store {
	return slices.DeleteFunc(s.Siblings(), func(other *store) bool { return semver.Compare("v"+other.Version, "v"+s.Version) <= 0 })
}

// Comparison is the part of an address that compares the store with its siblings, or with as many as can be compared.
func (s *store) Comparison() string {
	slugs := []string{s.Slug}
	for _, other := range s.Siblings() {
		if len(slugs) < 5 {
			slugs = append(slugs, other.Slug)
		}
	}
	return strings.Join(slugs, ",")
}

// Kind is where the sessions are: the kind of server, files, or memory.
func (s *store) Kind() string {
	switch {
	case s.Backend() != "none":
		return s.Backend()
	case s.Store == nil:
		return "none"
	case s.Store.Claims["durable"]:
		return "files"
	}
	return "memory"
}

// Durable reports whether the store claims that sessions outlive the process of the application.
func (s *store) Durable() bool { return s.Store != nil && s.Store.Claims["durable"] }

// Shared reports whether the store claims that several processes may use the same sessions.
func (s *store) Shared() bool { return s.Store != nil && s.Store.Claims["shared"] }

// listedPackages are those that express-session's documentation lists: a package, whatever its version.
func listedPackages(results []*report.Result) map[string]bool {
	listed := map[string]bool{}
	for _, r := range results {
		if r.Store != nil && r.Store.Listed {
			listed[r.Store.Package] = true
		}
	}
	return listed
}

// noteOrigins says of each result that an earlier run had already which run that was first.
func noteOrigins(runs []*namedRun) {
	for i := len(runs) - 2; i >= 0; i-- {
		before := map[string]*store{}
		for _, st := range runs[i+1].Stores {
			before[st.Slug] = st
		}
		for _, st := range runs[i].Stores {
			if old := before[st.Slug]; old != nil && old.Started.Equal(st.Started) && old.ID() == st.ID() {
				st.TakenFrom = old.TakenFrom
				if st.TakenFrom == nil {
					st.TakenFrom = old.Run
				}
			}
		}
	}
}

// Anew is how many results of the run no earlier run had.
func (r *namedRun) Anew() int {
	n := 0
	for _, st := range r.Stores {
		if st.TakenFrom == nil {
			n++
		}
	}
	return n
}
