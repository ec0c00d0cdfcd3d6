package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/storecheck/storecheck/spec"
)

// changesSession makes set store a changed copy of the session.
func changesSession(change func(s *spec.Session) error) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) {
		set := f.set
		f.set = func(ctx context.Context, id string, s *spec.Session) error {
			s = s.Clone()
			if err := change(s); err != nil {
				return err
			}
			return set(ctx, id, s)
		}
	}
}

// changesValues makes set store other values. change gets each value of the data, inner ones first, and reports whether it has changed it.
// Unchanged members keep their text.
func changesValues(change func(v any) (any, bool)) func(*faulty, *backend) {
	return changesSession(func(s *spec.Session) error {
		for name, raw := range s.Members() {
			v, err := decodeJSON(raw)
			if err != nil {
				return err
			}
			if v, changed := walkJSON(v, change); changed {
				if err := s.Set(name, v); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func decodeJSON(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func walkJSON(v any, change func(v any) (any, bool)) (any, bool) {
	changed := false
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			e, c := walkJSON(e, change)
			v[name], changed = e, changed || c
		}
	case []any:
		for i, e := range v {
			e, c := walkJSON(e, change)
			v[i], changed = e, changed || c
		}
	}
	v, c := change(v)
	return v, changed || c
}

// changesTexts is changesValues for strings.
func changesTexts(change func(s string) string) func(*faulty, *backend) {
	return changesValues(func(v any) (any, bool) {
		s, ok := v.(string)
		if !ok {
			return v, false
		}
		changed := change(s)
		return changed, changed != s
	})
}

// changesKeys is changesValues for the names of members in inner objects. change returns the new name, and whether to keep the member.
func changesKeys(change func(name string) (string, bool)) func(*faulty, *backend) {
	return changesValues(func(v any) (any, bool) {
		object, _ := v.(map[string]any)
		changed := false
		for name, e := range maps.Clone(object) {
			if other, kept := change(name); !kept || other != name {
				delete(object, name)
				if kept {
					object[other] = e
				}
				changed = true
			}
		}
		return v, changed
	})
}

// nestingDepth returns how deeply a value is nested.
func nestingDepth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, nestingDepth(e))
		}
	case []any:
		for _, e := range v {
			deepest = max(deepest, nestingDepth(e))
		}
	default:
		return 0
	}
	return deepest + 1
}

// limitsDepth refuses data that is nested deeper than most.
func limitsDepth(most int) func(*faulty, *backend) {
	return changesSession(func(s *spec.Session) error {
		for _, raw := range s.Members() {
			if v, err := decodeJSON(raw); err != nil || nestingDepth(v) > most {
				return fmt.Errorf("maximum nesting depth of %d exceeded", most)
			}
		}
		return nil
	})
}
