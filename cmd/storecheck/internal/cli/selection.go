package cli

import (
	"fmt"
	"path"
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// A selection is --only and --skip: ids, chapters, or globs in which * stands for anything.
type selection struct{ only, skip []string }

// choose returns the requirements that the selection leaves, in the order of the catalogue.
func (s selection) choose() ([]*contract.Requirement, error) {
	for flag, patterns := range map[string][]string{"--only": s.only, "--skip": s.skip} {
		for _, p := range patterns {
			if err := known(flag, p); err != nil {
				return nil, err
			}
		}
	}
	var chosen []*contract.Requirement
	for _, r := range contract.All() {
		if (len(s.only) == 0 || matchAny(s.only, r.ID)) && !matchAny(s.skip, r.ID) {
			chosen = append(chosen, r)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("--only and --skip leave no requirement to check")
	}
	return chosen, nil
}

// known makes a pattern that matches nothing an error: a typing mistake must not be green.
func known(flag, pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("%s %s: not a pattern: %w", flag, pattern, err)
	}
	for _, r := range contract.All() {
		if match(pattern, r.ID) {
			return nil
		}
	}
	return fmt.Errorf("%s %s matches no requirement%s", flag, pattern, suggestion(pattern))
}

func matchAny(patterns []string, id string) bool {
	for _, p := range patterns {
		if match(p, id) {
			return true
		}
	}
	return false
}

func match(pattern, id string) bool {
	chapter, _, _ := strings.Cut(id, "/")
	// Without the slash * means the whole id, as a person expects of *race*.
	flat, _ := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(id, "/", "\x00"))
	return pattern == chapter || flat
}

// suggestion names the id nearest to one that is mistyped.
func suggestion(id string) string {
	best, least := "", 1+len(id)/3
	for _, r := range contract.All() {
		for _, candidate := range []string{r.ID, r.Chapter()} {
			if d := distance(id, candidate); d < least {
				best, least = candidate, d
			}
		}
	}
	if best == "" {
		return "; storecheck list shows them all"
	}
	return fmt.Sprintf("; did you mean %s? (storecheck list shows them all)", best)
}

// distance is the number of letters to insert, delete or replace between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
