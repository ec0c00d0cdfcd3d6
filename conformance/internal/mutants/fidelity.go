package mutants

import (
	"context"
	"encoding/json"
	"errors"
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

var (
	nestedExpires = regexp.MustCompile(`"expires":"([^"]*)"`)
	onlyDigits    = regexp.MustCompile(`^[1-9]\d*$`)
)

var fidelityMutants = []Mutant{
	{
		Name:   "an empty array becomes an object",
		Breaks: []*contract.Requirement{contract.FidelityValues},
		From:   "Redis scripts that decode and encode JSON in Lua",
		fault: changesValues(func(v any) (any, bool) {
			if a, ok := v.([]any); ok && len(a) == 0 {
				return map[string]any{}, true
			}
			return v, false
		}),
	},
	{
		Name:   "members that are null are dropped",
		Breaks: []*contract.Requirement{contract.FidelityValues},
		fault: changesValues(func(v any) (any, bool) {
			object, _ := v.(map[string]any)
			n := len(object)
			maps.DeleteFunc(object, func(_ string, e any) bool { return e == nil })
			return v, len(object) < n
		}),
	},
	{
		Name:   "the cookie keeps the attributes that the store knows",
		Breaks: []*contract.Requirement{contract.FidelityCookie},
		fault: changesSession(func(s *spec.Session) error {
			s.Cookie.Delete("priority")
			s.Cookie.Delete("partitioned")
			return nil
		}),
	},
	{
		Name:   "the cookie gets a default for every attribute that it lacks",
		Breaks: []*contract.Requirement{contract.FidelityCookie},
		fault: changesSession(func(s *spec.Session) error {
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
		fault: changesTexts(func(s string) string {
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
		fault:  changesTexts(func(s string) string { return strings.TrimPrefix(s, "\ufeff") }),
	},
	{
		Name:   "strings end at NUL",
		Breaks: []*contract.Requirement{contract.FidelityNUL},
		fault:  changesTexts(func(s string) string { s, _, _ = strings.Cut(s, "\x00"); return s }),
	},
	{
		Name:   "lone surrogates are replaced",
		Breaks: []*contract.Requirement{contract.FidelityLoneSurrogates},
		From:   "stores on BSON",
		fault: changesSession(func(s *spec.Session) error {
			for name, raw := range s.Members() {
				v, err := decodeJSON(raw)
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
		fault: changesValues(func(v any) (any, bool) {
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
		fault:  limitsDepth(60),
	},
	{
		Name:   "at most 512 levels of nesting",
		Breaks: []*contract.Requirement{contract.FidelityDepth1000},
		fault:  limitsDepth(512),
	},
	{
		Name:   "the empty key is dropped",
		Breaks: []*contract.Requirement{contract.FidelityKeys},
		fault:  changesKeys(func(name string) (string, bool) { return name, name != "" }),
	},
	{
		Name:   "keys are cut at 255 bytes",
		Breaks: []*contract.Requirement{contract.FidelityKeys},
		fault:  changesKeys(func(name string) (string, bool) { return name[:min(len(name), 255)], true }),
	},
	{
		Name:   "a dot in a key is kept as U+FF0E, and each U+FF0E comes back as a dot",
		Breaks: []*contract.Requirement{contract.FidelityKeys, contract.FidelityDottedKeys, contract.FidelityDottedKeysKept},
		fault:  changesKeys(func(name string) (string, bool) { return strings.ReplaceAll(name, "．", "."), true }),
	},
	{
		Name:   "what is under __proto__ shows up in every empty object",
		Breaks: []*contract.Requirement{contract.FidelityProtoKey},
		fault: func(f *faulty, b *backend) {
			var mu sync.Mutex
			polluted := map[string]any{}
			changesValues(func(v any) (any, bool) {
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
		fault:  changesKeys(func(name string) (string, bool) { return name, name != "__proto__" }),
	},
	{
		Name:   "a dot in a key is taken for a path",
		Breaks: []*contract.Requirement{contract.FidelityDottedKeys, contract.FidelityDottedKeysKept},
		fault: changesValues(func(v any) (any, bool) {
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
		fault: changesSession(func(s *spec.Session) error {
			refused := errors.New("field names cannot contain a . or begin with $")
			for name, raw := range s.Members() {
				v, err := decodeJSON(raw)
				if err != nil {
					return err
				}
				_, found := walkJSON(map[string]any{name: v}, func(v any) (any, bool) {
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
			changesSession(func(s *spec.Session) error { return s.Set("__lastAccess", b.clock.Now().UnixMilli()) })(f, b)
		},
		subject: func(s *conformance.Subject, _ *rig) { s.AddedKeys = []string{"__lastAccess"} },
	},
	{
		Name:   "a member expires is taken for the end of the session",
		Breaks: []*contract.Requirement{contract.FidelityReservedNames},
		fault: changesSession(func(s *spec.Session) error {
			var ms int64
			if ok, err := s.Decode("expires", &ms); ok && err == nil {
				s.Cookie.RestoreExpires(time.UnixMilli(ms))
			}
			return nil
		}),
	},
	{
		Name:   "strings that look like dates become dates",
		Breaks: []*contract.Requirement{contract.FidelityLookAlikes, contract.FidelityNestedCookie},
		fault: changesTexts(func(s string) string {
			if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
				return at.Format(time.RFC3339Nano)
			}
			return s
		}),
	},
	{
		Name:   "strings of digits become numbers",
		Breaks: []*contract.Requirement{contract.FidelityLookAlikes},
		fault: changesValues(func(v any) (any, bool) {
			if s, ok := v.(string); ok && onlyDigits.MatchString(s) {
				return json.Number(s), true
			}
			return v, false
		}),
	},
	{
		Name:   "the last word expires in the text ends the session",
		Breaks: []*contract.Requirement{contract.FidelityNestedCookie},
		fault: changesSession(func(s *spec.Session) error {
			found := nestedExpires.FindAllStringSubmatch(s.String(), -1)
			if len(found) > 1 {
				at, err := time.Parse(time.RFC3339Nano, found[len(found)-1][1])
				if err == nil {
					s.Cookie.RestoreExpires(at)
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
