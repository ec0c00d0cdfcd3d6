package site

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// A package without a version in its address stands for the newest version in the results. Where the recipe of that name is an older one, its store
// gets an address with its own version, in all runs. Under the old address a pinned page shows what it always showed.

// noteNewest finds the addresses of packages that lead to another recipe, and gives the stores of the recipes of those names addresses of their own.
func (s *site) noteNewest() {
	for _, slug := range slices.Sorted(maps.Keys(s.slugs)) {
		stores := s.slugs[slug]
		newest := s.newestOf(stores[0])
		if newest == nil {
			continue
		}
		own := s.versionedSlug(stores[0])
		for _, st := range stores {
			st.Slug = own
		}
		s.slugs[own] = stores
		delete(s.slugs, slug)
		newest.Package = slug
		s.packages = append(s.packages, packageAddress{slug, newest, stores})
	}
}

// A packageAddress leads to the newest version of a package.
type packageAddress struct {
	slug   string
	newest *store
	before []*store // the results of the recipe of that name, one a run
}

// newestOf is the newest version of the package of a store in the newest run, with the same options and middleware. It is nil where the store has an
// address with a version, and where there is no later version.
func (s *site) newestOf(st *store) *store {
	if st.Store == nil || st.Store.Recipe != st.Store.Package {
		return nil
	}
	newest := st
	for _, other := range s.runs[0].Stores {
		if other.Store != nil && other.Store.Package == st.Store.Package && other.ProfileName() == st.ProfileName() &&
			optionsOf(other.Store, "~") == optionsOf(st.Store, "~") && semver.Compare("v"+other.Version, "v"+newest.Version) > 0 {
			newest = other
		}
	}
	if newest == st {
		return nil
	}
	return newest
}

// versionedSlug is that of a store with the first number of its version, or with all of them where another recipe has that address.
func (s *site) versionedSlug(st *store) string {
	recipe := *st.Store
	for _, version := range []string{strings.TrimPrefix(semver.Major("v"+st.Version), "v"), st.Version} {
		r := *st.Result
		recipe.Recipe = st.Store.Recipe + "@" + version
		r.Store = &recipe
		if slug := SlugOf(&r); s.slugs[slug] == nil {
			return slug
		}
	}
	return st.Slug
}

// packageFiles are the pages at the addresses of packages: the newest version at the root of the site, and in each run what always stood there.
func (s *site) packageFiles() []file {
	var all []file
	add := func(slug string, st *store, folder string) {
		for _, f := range s.storeFiles(st, folder) {
			all = append(all, file{strings.Replace(f.path, "/"+st.Slug+"/", "/"+slug+"/", 1), f.make})
		}
	}
	for _, p := range s.packages {
		add(p.slug, p.newest, "")
		all = append(all, badges(p.slug, p.newest)...)
		for _, st := range p.before {
			add(p.slug, st, "run/"+st.Run.Name+"/")
		}
	}
	return all
}
