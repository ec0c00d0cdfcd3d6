package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// skipsAlike makes a set write the cookie alone where a digest of the data is that of what is stored.
func skipsAlike(digest func(data string) string) func(*faulty, *backend) {
	data := func(s *spec.Session) string {
		s = s.Clone()
		s.Cookie = spec.NewCookie()
		return s.String()
	}
	return func(f *faulty, b *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			if row, ok := b.read(id); ok {
				if old, err := spec.ParseSession([]byte(row.text)); err == nil && digest(data(old)) == digest(data(s)) {
					return f.touch(ctx, id, s)
				}
			}
			return set(ctx, id, s)
		}
	}
}

// sortedValues returns JSON whose arrays are sorted.
func sortedValues(text string) string {
	var sorted func(value any) any
	sorted = func(value any) any {
		switch v := value.(type) {
		case []any:
			for i := range v {
				v[i] = sorted(v[i])
			}
			slices.SortFunc(v, func(a, b any) int {
				x, _ := json.Marshal(a)
				y, _ := json.Marshal(b)
				return bytes.Compare(x, y)
			})
		case map[string]any:
			for name := range v {
				v[name] = sorted(v[name])
			}
		}
		return value
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	out, _ := json.Marshal(sorted(value))
	return string(out)
}

// looseValues returns JSON in which a value and its text are the same.
func looseValues(text string) string { return strings.ReplaceAll(text, `"`, "") }

// bothEnds returns the first and the last bytes of a long text.
func bothEnds(text string) string {
	const n = 2000
	if len(text) <= 2*n {
		return text
	}
	return text[:n] + text[len(text)-n:]
}

// sortedBytes returns the bytes of a text in their order.
func sortedBytes(text string) string { return string(slices.Sorted(slices.Values([]byte(text)))) }

var littleMutants = []Mutant{
	{
		Name:   "a set is skipped where the data have the same sorted values",
		Breaks: []*contract.Requirement{contract.SetReplaces},
		fault:  skipsAlike(sortedValues),
	},
	{
		Name:   "a set is skipped where the data are loosely equal",
		Breaks: []*contract.Requirement{contract.SetReplaces},
		fault:  skipsAlike(looseValues),
	},
	{
		Name:   "a set is skipped where long data begin and end alike",
		Breaks: []*contract.Requirement{contract.SetReplaces},
		fault:  skipsAlike(bothEnds),
	},
	{
		Name:   "a set is skipped where the bytes are the same in another order",
		Breaks: []*contract.Requirement{contract.SetReplaces},
		fault:  skipsAlike(sortedBytes),
	},
}
