package mutants

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// keeps lets set store what change makes of a copy of the session.
func keeps(change func(s *spec.Session) error) func(*faulty, *backend) {
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

// values lets set store other values in the data: change gets each one, inner ones first, and tells whether it has changed it. Members in
// which nothing changes keep their text.
func values(change func(v any) (any, bool)) func(*faulty, *backend) {
	return keeps(func(s *spec.Session) error {
		for name, raw := range s.Members() {
			v, err := decode(raw)
			if err != nil {
				return err
			}
			if v, changed := walk(v, change); changed {
				if err := s.Set(name, v); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func decode(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func walk(v any, change func(v any) (any, bool)) (any, bool) {
	changed := false
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			e, c := walk(e, change)
			v[name], changed = e, changed || c
		}
	case []any:
		for i, e := range v {
			e, c := walk(e, change)
			v[i], changed = e, changed || c
		}
	}
	v, c := change(v)
	return v, changed || c
}

// texts is values for strings alone.
func texts(change func(s string) string) func(*faulty, *backend) {
	return values(func(v any) (any, bool) {
		s, ok := v.(string)
		if !ok {
			return v, false
		}
		changed := change(s)
		return changed, changed != s
	})
}

// keys is values for the names in inner objects: change returns the new name and whether it is kept.
func keys(change func(name string) (string, bool)) func(*faulty, *backend) {
	return values(func(v any) (any, bool) {
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

// depth returns how deep a value is nested.
func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
	case []any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
	default:
		return 0
	}
	return deepest + 1
}

// shallow refuses data that is nested deeper than most.
func shallow(most int) func(*faulty, *backend) {
	return keeps(func(s *spec.Session) error {
		for _, raw := range s.Members() {
			if v, err := decode(raw); err != nil || depth(v) > most {
				return fmt.Errorf("maximum nesting depth of %d exceeded", most)
			}
		}
		return nil
	})
}

var (
	nestedExpires = regexp.MustCompile(`"expires":"([^"]*)"`)
	onlyDigits    = regexp.MustCompile(`^[1-9]\d*$`)
)

var fidelityMutants = []Mutant{
	{
		Name:   "an empty array becomes an object",
		Breaks: []*contract.Requirement{contract.FidelityValues},
		From:   "Redis scripts that decode and encode JSON in Lua",
		fault: values(func(v any) (any, bool) {
			if a, ok := v.([]any); ok && len(a) == 0 {
				return map[string]any{}, true
			}
			return v, false
		}),
	},
	{
		Name:   "members that are null are dropped",
		Breaks: []*contract.Requirement{contract.FidelityValues},
		fault: values(func(v any) (any, bool) {
			object, _ := v.(map[string]any)
			n := len(object)
			maps.DeleteFunc(object, func(_ string, e any) bool { return e == nil })
			return v, len(object) < n
		}),
	},
	{
		Name:   "the cookie keeps the attributes that the store knows",
		Breaks: []*contract.Requirement{contract.FidelityCookie},
		fault: keeps(func(s *spec.Session) error {
			s.Cookie.Delete("priority")
			s.Cookie.Delete("partitioned")
			return nil
		}),
	},
	{
		Name:   "the cookie gets a default for every attribute that it lacks",
		Breaks: []*contract.Requirement{contract.FidelityCookie},
		fault: keeps(func(s *spec.Session) error {
			if s.Cookie.SameSite() == "" {
				s.Cookie.SetSameSite("lax")
			}
			return nil
		}),
	},
	{
		Name:   "a character set of three bytes",
		Breaks: []*contract.Requirement{contract.FidelityUnicode},
		From:   "express-mysql-session up to 1.1.1 (issues 49 and 128)",
		fault: texts(func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > 0xffff {
					return '?'
				}
				return r
			}, s)
		}),
	},
	{
		Name:   "a byte order mark is taken off",
		Breaks: []*contract.Requirement{contract.FidelityUnicode},
		fault:  texts(func(s string) string { return strings.TrimPrefix(s, "\ufeff") }),
	},
	{
		Name:   "strings end at NUL",
		Breaks: []*contract.Requirement{contract.FidelityNUL},
		fault:  texts(func(s string) string { s, _, _ = strings.Cut(s, "\x00"); return s }),
	},
	{
		Name:   "lone surrogates are replaced",
		Breaks: []*contract.Requirement{contract.FidelityLoneSurrogates},
		From:   "stores on BSON",
		fault: keeps(func(s *spec.Session) error {
			for name, raw := range s.Members() {
				v, err := decode(raw)
				if err == nil {
					err = s.Set(name, v)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}),
	},
	{
		Name:   "numbers are kept with seven digits",
		Breaks: []*contract.Requirement{contract.FidelityNumbers},
		fault: values(func(v any) (any, bool) {
			n, ok := v.(json.Number)
			if !ok || !strings.ContainsAny(n.String(), ".eE") {
				return v, false
			}
			f, err := n.Float64()
			if err != nil || f != float64(float32(f)) {
				return json.Number(strconv.FormatFloat(f, 'g', 7, 64)), true
			}
			return v, false
		}),
	},
	{
		Name:   "at most 60 levels of nesting",
		Breaks: []*contract.Requirement{contract.FidelityDepth100, contract.FidelityDepth1000},
		From:   "stores that do not stringify for MongoDB, which has such a limit",
		fault:  shallow(60),
	},
	{
		Name:   "at most 512 levels of nesting",
		Breaks: []*contract.Requirement{contract.FidelityDepth1000},
		fault:  shallow(512),
	},
	{
		Name:   "the empty key is dropped",
		Breaks: []*contract.Requirement{contract.FidelityKeys},
		fault:  keys(func(name string) (string, bool) { return name, name != "" }),
	},
	{
		Name:   "keys are cut at 255 bytes",
		Breaks: []*contract.Requirement{contract.FidelityKeys},
		fault:  keys(func(name string) (string, bool) { return name[:min(len(name), 255)], true }),
	},
	{
		Name:   "a dot in a key is kept as U+FF0E, and each U+FF0E comes back as a dot",
		Breaks: []*contract.Requirement{contract.FidelityKeys, contract.FidelityDottedKeys, contract.FidelityDottedKeysKept},
		fault:  keys(func(name string) (string, bool) { return strings.ReplaceAll(name, "．", "."), true }),
	},
	{
		Name:   "what is under __proto__ shows up in every empty object",
		Breaks: []*contract.Requirement{contract.FidelityProtoKey},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			polluted := map[string]any{}
			values(func(v any) (any, bool) {
				object, _ := v.(map[string]any)
				mu.Lock()
				defer mu.Unlock()
				if proto, ok := object["__proto__"].(map[string]any); ok {
					maps.Copy(polluted, proto)
				}
				if object != nil && len(object) == 0 && len(polluted) > 0 {
					return maps.Clone(polluted), true
				}
				return v, false
			})(f, b)
		},
	},
	{
		Name:   "a key __proto__ is dropped",
		Breaks: []*contract.Requirement{contract.FidelityProtoKeyKept},
		From:   "session-pouchdb-store",
		fault:  keys(func(name string) (string, bool) { return name, name != "__proto__" }),
	},
	{
		Name:   "a dot in a key is taken for a path",
		Breaks: []*contract.Requirement{contract.FidelityDottedKeys, contract.FidelityDottedKeysKept},
		fault: values(func(v any) (any, bool) {
			object, _ := v.(map[string]any)
			changed := false
			for name, e := range maps.Clone(object) {
				if outer, inner, ok := strings.Cut(name, "."); ok {
					delete(object, name)
					object[outer] = map[string]any{inner: e}
					changed = true
				}
			}
			return v, changed
		}),
	},
	{
		Name:   "keys with a dot or a dollar are refused",
		Breaks: []*contract.Requirement{contract.FidelityDottedKeysKept},
		From:   "nedb-session-store, tch-nedb-session, connect-mongodb-session",
		fault: keeps(func(s *spec.Session) error {
			refused := errors.New("field names cannot contain a . or begin with $")
			for name, raw := range s.Members() {
				v, err := decode(raw)
				if err != nil {
					return err
				}
				_, found := walk(map[string]any{name: v}, func(v any) (any, bool) {
					object, _ := v.(map[string]any)
					for name := range object {
						if strings.Contains(name, ".") || strings.HasPrefix(name, "$") {
							return v, true
						}
					}
					return v, false
				})
				if found {
					return refused
				}
			}
			return nil
		}),
	},
	{
		Name:   "the time of the last access overwrites a member of the application",
		Breaks: []*contract.Requirement{contract.FidelityReservedNames},
		From:   "session-file-store (__lastAccess), connect-redis 6.1 (lastModified)",
		fault: func(f *faulty, b *backend) {
			keeps(func(s *spec.Session) error { return s.Set("__lastAccess", b.clock.Now().UnixMilli()) })(f, b)
		},
		subject: func(s *conformance.Subject, _ *rig) { s.AddedKeys = []string{"__lastAccess"} },
	},
	{
		Name:   "a member expires is taken for the end of the session",
		Breaks: []*contract.Requirement{contract.FidelityReservedNames},
		fault: keeps(func(s *spec.Session) error {
			var ms int64
			if ok, err := s.Decode("expires", &ms); ok && err == nil {
				s.Cookie.SetExpires(time.UnixMilli(ms))
			}
			return nil
		}),
	},
	{
		Name:   "strings that look like dates become dates",
		Breaks: []*contract.Requirement{contract.FidelityLookAlikes, contract.FidelityNestedCookie},
		fault: texts(func(s string) string {
			if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
				return at.Format(time.RFC3339Nano)
			}
			return s
		}),
	},
	{
		Name:   "strings of digits become numbers",
		Breaks: []*contract.Requirement{contract.FidelityLookAlikes},
		fault: values(func(v any) (any, bool) {
			if s, ok := v.(string); ok && onlyDigits.MatchString(s) {
				return json.Number(s), true
			}
			return v, false
		}),
	},
	{
		Name:   "the last word expires in the text ends the session",
		Breaks: []*contract.Requirement{contract.FidelityNestedCookie},
		fault: keeps(func(s *spec.Session) error {
			found := nestedExpires.FindAllStringSubmatch(s.String(), -1)
			if len(found) > 1 {
				at, err := time.Parse(time.RFC3339Nano, found[len(found)-1][1])
				if err == nil {
					s.Cookie.SetExpires(at)
				}
			}
			return nil
		}),
	},
	{
		Name:   "records are cut at 64 KiB",
		Breaks: []*contract.Requirement{contract.FidelityLarge, contract.ConcurrencyTornReads},
		From:   "express-mysql-session up to 2.1.0, where the server is not strict",
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				err := set(ctx, id, s)
				if r, ok := b.peek(id); err == nil && ok && len(r.text) > 65535 {
					r.text = r.text[:65535]
					b.write(id, r)
				}
				return err
			}
		},
	},
	{
		Name:   "what replaces a session is refused after the old one is gone",
		Breaks: []*contract.Requirement{contract.FidelityLarge},
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if len(s.String()) > 1<<20 {
					b.remove(id)
					return errors.New("object too large for cache")
				}
				return set(ctx, id, s)
			}
		},
	},
}
