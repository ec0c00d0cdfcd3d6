package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Variant is a store with other options, for example on another kind of server.
type Variant struct {
	// Options choose the variant: they differ from those of the recipe.
	Options map[string]string `yaml:"options"`
	// Backend is the kind of server of the variant, as in Recipe.
	Backend string `yaml:"backend"`
	// Properties replace those of the recipe, unless nil.
	Properties *Properties `yaml:"properties"`
}

// A Store is a recipe as options choose it: its backend, its properties and its options are those of the variant.
type Store struct {
	Recipe
	// Given are the options that choose the variant; nil for the recipe without any.
	Given map[string]string
}

// Stores returns a store for each recipe and for each of its variants, sorted by the names of the recipes. The caller owns the result.
func Stores() []Store {
	var all []Store
	for _, r := range All() {
		all = append(all, Store{Recipe: r})
		for _, v := range r.Variants {
			given := map[string]any{}
			for name, value := range v.Options {
				given[name] = value
			}
			chosen, _, err := r.With(given)
			if err != nil {
				panic(err) // a test tries every variant
			}
			chosen.Options = maps.Clone(r.Options)
			maps.Copy(chosen.Options, v.Options)
			all = append(all, Store{chosen, v.Options})
		}
	}
	return all
}

// With returns the recipe that the user's options choose, and all options for its factory.
func (r Recipe) With(given map[string]any) (chosen Recipe, options map[string]any, err error) {
	options = map[string]any{}
	for name, value := range r.Options {
		options[name] = value
	}
	maps.Copy(options, given)
	for name, values := range r.choices() {
		if text := fmt.Sprint(options[name]); !slices.Contains(values, text) {
			return Recipe{}, nil, fmt.Errorf("option %s of %s: there is no %q; use %s", name, r.Name, text, strings.Join(values, " or "))
		}
	}
	for _, v := range r.Variants {
		if !v.matches(options) {
			continue
		}
		r.Backend = v.Backend
		if v.Properties != nil {
			r.Properties = *v.Properties
		}
		break
	}
	return r, options, nil
}

func (v Variant) matches(options map[string]any) bool {
	for name, value := range v.Options {
		if fmt.Sprint(options[name]) != value {
			return false
		}
	}
	return true
}

// choices returns the values that an option may have, for each option that chooses between variants.
func (r Recipe) choices() map[string][]string {
	choices := map[string][]string{}
	for _, v := range r.Variants {
		for name, value := range v.Options {
			if len(choices[name]) == 0 {
				choices[name] = []string{r.Options[name]}
			}
			if !slices.Contains(choices[name], value) {
				choices[name] = append(choices[name], value)
			}
		}
	}
	return choices
}

// Backends lists the kinds of servers that the store can need, its own first.
func (r Recipe) Backends() []string {
	all := []string{r.Backend}
	for _, v := range r.Variants {
		if !slices.Contains(all, v.Backend) {
			all = append(all, v.Backend)
		}
	}
	return all
}

// Find returns the recipe for a version of a package: of its major and minor version, otherwise of its major one, otherwise the recipe that has
// the name of the package. Version may be empty, or only the beginning of one.
func Find(pkg, version string) (Recipe, bool) {
	for _, name := range namesOf(pkg, version) {
		if r, ok := Lookup(name); ok {
			return r, true
		}
	}
	return Recipe{}, false
}

// Under returns the profile of a store that is made for another middleware; empty for every other.
func (r Recipe) Under() string {
	if r.Name != r.Package+"@"+r.short() {
		return ""
	}
	return r.Profile
}

// namesOf returns the names that a recipe for a version of a package may have, the nearest first.
func namesOf(pkg, version string) []string {
	if version == "" {
		return []string{pkg}
	}
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	return []string{pkg + "@" + major + "." + minor, pkg + "@" + major, pkg}
}
