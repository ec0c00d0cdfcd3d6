package cli

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/storecheck/storecheck/cmd/storecheck/internal/nearest"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// A selection is --only and --skip. Each holds patterns: an id, a chapter, or a glob in which * stands for anything.
type selection struct{ only, skip []string }

func (s *selection) declare(set *pflag.FlagSet) {
	set.StringSliceVar(&s.only, "only", nil, "check only the requirements with these `ids`, chapters or globs, separated by commas (may be repeated)")
	set.StringSliceVar(&s.skip, "skip", nil, "leave out the requirements with these `ids`, chapters or globs, separated by commas (may be repeated)")
}

// choose returns the selected requirements of a profile, in the order of the catalogue.
func (s selection) choose(p *profile.Profile) ([]*contract.Requirement, error) {
	if err := s.validate(allIDs()); err != nil {
		return nil, err
	}
	var chosen []*contract.Requirement
	for _, r := range p.Requirements() {
		if s.has(r.ID) {
			chosen = append(chosen, r)
		}
	}
	if len(chosen) == 0 {
		of := ""
		if p != profile.Default {
			of = " of the profile " + p.Name
		}
		return nil, fmt.Errorf("--only and --skip leave no requirement%s to check", of)
	}
	return chosen, nil
}

// allIDs are the ids of the requirements of all profiles.
func allIDs() []string { return idsOf(append(contract.All(), contract.Beyond()...)) }

// has reports whether a requirement is selected.
func (s selection) has(id string) bool {
	return (len(s.only) == 0 || matchAny(s.only, id)) && !matchAny(s.skip, id)
}

// validate refuses a pattern that matches none of the ids.
func (s selection) validate(ids []string) error {
	return errors.Join(validatePatterns("--only", s.only, ids), validatePatterns("--skip", s.skip, ids))
}

// validatePatterns refuses a pattern that matches nothing: a typing mistake must not make a run green.
func validatePatterns(flag string, patterns, ids []string) error {
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil {
			return fmt.Errorf("%s %s: not a pattern: %w", flag, p, err)
		}
		if !slices.ContainsFunc(ids, func(id string) bool { return matchPattern(p, id) }) {
			return fmt.Errorf("%s %s matches no requirement%s", flag, p, suggestion(p))
		}
	}
	return nil
}

func matchAny(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matchPattern(p, id) })
}

func matchPattern(pattern, id string) bool {
	chapter, _, _ := strings.Cut(id, "/")
	// path.Match ends a * at a slash. Without slashes *race* matches a whole id, as a user expects.
	flat, _ := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(id, "/", "\x00"))
	return pattern == chapter || flat
}

// suggestion names the id or the chapter that was meant: that with the same end, or the nearest to a mistyped one.
func suggestion(id string) string {
	var candidates []string
	meant := ""
	for _, r := range append(contract.All(), contract.Beyond()...) {
		candidates = append(candidates, r.ID, r.Chapter())
		if meant == "" && strings.HasSuffix(r.ID, "/"+id) {
			meant = r.ID
		}
	}
	if meant == "" {
		meant = nearest.To(id, candidates)
	}
	if meant == "" {
		return "; storecheck list shows them all"
	}
	return fmt.Sprintf("; did you mean %s? (storecheck list shows them all)", meant)
}
