package cli

import (
	"fmt"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/target"
	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/profile"
)

// storeOf describes the store of the catalogue that a target is. It returns nil for any other target.
func storeOf(text string, o target.Options) *report.Store {
	r, given, ok := target.Recipe(text, o)
	if !ok {
		return nil
	}
	options := map[string]string{}
	for name, value := range given {
		options[name] = fmt.Sprint(value)
	}
	s := describe(r, options)
	if p, _ := profile.Lookup(r.Profile); o.Profile != "" && o.Profile != p.Name {
		s.Under = o.Profile
	}
	return s
}

func describe(r catalog.Recipe, options map[string]string) *report.Store {
	return &report.Store{
		Recipe: r.Name, Package: r.Package, Version: r.Version, Options: options, Under: r.Under(), Listed: r.Listed, Backend: r.Backend,
		Claims:        map[string]bool{"durable": r.Properties.Durable, "shared": r.Properties.Shared, "disposable": r.Properties.Disposable},
		GranularityMs: r.Properties.GranularityMs, Homepage: r.Homepage, Issues: r.Issues,
	}
}
