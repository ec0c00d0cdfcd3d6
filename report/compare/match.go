package compare

import "github.com/storecheck/storecheck/report"

// A pair is two results of one store, maybe of two versions.
type pair struct{ before, after *report.Result }

// A matching says which results are of one store.
type matching struct {
	pairs      []pair
	came, went []*report.Result
}

// match pairs the results of the same version of a store, then those of another version: of the same recipe, or else of the same package. The options
// are always the same. Of several versions on one side it pairs none, because nobody knows which became which.
func match(before, after []*report.Result) *matching {
	m := &matching{went: before, came: after}
	m.pair((*report.Result).ID)
	m.pair(func(r *report.Result) string {
		if r.Store == nil {
			return ""
		}
		recipe := *r.Store
		recipe.Package, recipe.Version = recipe.Recipe, ""
		return recipe.ID()
	})
	m.pair(func(r *report.Result) string {
		name, _ := r.Named()
		return name
	})
	return m
}

// pair pairs what is left and has the same key, if each side has the key once. The empty key is none.
func (m *matching) pair(key func(*report.Result) string) {
	before, after := byKey(m.went, key), byKey(m.came, key)
	m.went = without(m.went, key, func(k string) bool { return len(before[k]) == 1 && len(after[k]) == 1 })
	m.came = without(m.came, key, func(k string) bool {
		if len(before[k]) != 1 || len(after[k]) != 1 {
			return false
		}
		m.pairs = append(m.pairs, pair{before[k][0], after[k][0]})
		return true
	})
}

func byKey(results []*report.Result, key func(*report.Result) string) map[string][]*report.Result {
	all := map[string][]*report.Result{}
	for _, r := range results {
		if k := key(r); k != "" {
			all[k] = append(all[k], r)
		}
	}
	return all
}

// without returns the results whose keys are not taken.
func without(results []*report.Result, key func(*report.Result) string, taken func(string) bool) []*report.Result {
	var left []*report.Result
	for _, r := range results {
		if !taken(key(r)) {
			left = append(left, r)
		}
	}
	return left
}
