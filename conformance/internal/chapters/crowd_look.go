package chapters

import (
	"bytes"
	"maps"
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// ask gets some of the sessions: the first and the last, some between, and some of those that all lacks.
func (c *crowd) ask(t *engine.C) {
	var numbers []int
	for n := 0; n < len(c.ids); n += max(1, len(c.ids)/crowdAsked) {
		numbers = append(numbers, n)
	}
	numbers = append(numbers, len(c.ids)-1)
	if t.Capabilities().All && c.listErr == nil {
		times, most := c.listing(c.listed), len(numbers)+crowdAsked
		for n := 0; n < len(c.ids) && len(numbers) < most; n++ {
			if times[n] == 0 {
				numbers = append(numbers, n)
			}
		}
	}
	maps.Copy(c.kept, c.get(t, numbers, true))
}

// get reports under which of the numbered ids gets find what was set. failed is the word for a get that fails, which other requirements judge.
func (c *crowd) get(t *engine.C, numbers []int, failed bool) map[int]bool {
	found := map[int]bool{}
	for from := 0; from < len(numbers); from += crowdAtOnce {
		some := numbers[from:min(len(numbers), from+crowdAtOnce)]
		got, errs := getTogether(t, len(some), func(i int) (*spec.Session, error) { return t.TryFind(c.ids[some[i]]) })
		for i, n := range some {
			found[n] = got[i] != nil && bytes.Contains(got[i].JSON(), []byte(c.marker(n))) || errs[i] != nil && failed
		}
	}
	return found
}

// clear clears the store, and looks for what is left: for sessions from all over the crowd and those that all lists now, and for every one
// where length tells of some.
func (c *crowd) clear(t *engine.C) {
	c.cleared, c.clearErr = true, t.TryClear()
	if c.clearErr != nil {
		return
	}
	numbers := map[int]bool{len(c.ids) - 1: true}
	for n := 0; n < len(c.ids); n += max(1, len(c.ids)/crowdMissed) {
		numbers[n] = true
	}
	if t.Capabilities().All {
		if elements, err := tryElements(t); err == nil {
			for n := range c.listing(elements) {
				if len(numbers) < 2*crowdMissed && n < len(c.ids) {
					numbers[n] = true
				}
			}
		}
	}
	if c.counted && c.length == c.before+len(c.ids) {
		if left, err := t.TryLength(); err == nil && left > 0 {
			for n := range c.ids {
				numbers[n] = true
			}
		}
	}
	for n, found := range c.get(t, slices.Sorted(maps.Keys(numbers)), false) {
		if found {
			c.left = append(c.left, n)
		}
	}
	slices.Sort(c.left)
	c.asked = len(numbers)
}
