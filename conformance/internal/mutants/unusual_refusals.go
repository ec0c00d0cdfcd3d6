package mutants

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"regexp"
	"strings"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualRefusals are stores that refuse what they cannot store correctly.
func unusualRefusals() []Unusual {
	ordinary := regexp.MustCompile(`^[A-Za-z0-9_-]{1,250}$`)
	return []Unusual{
		unusual("refuses odd ids", "memcached and file stores: base64url up to 250 bytes, anything else is an error",
			changeInstances(func(f *faulty, _ *backend) {
				checkID(f, func(id string) error {
					if !ordinary.MatchString(id) {
						return fmt.Errorf("%.40q is no session id", id)
					}
					return nil
				})
			})),
		unusual("refuses to set odd ids", "a get of one is missing then, and a destroy or touch of one does nothing",
			changeInstances(func(f *faulty, _ *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if !ordinary.MatchString(id) {
						return fmt.Errorf("%.40q is no session id", id)
					}
					return set(ctx, id, s)
				}
			})),
		unusual("refuses sessions above 64 KB", "a TEXT column",
			changeInstances(func(f *faulty, _ *backend) {
				checkSession(f, func(text string) error {
					if len(text) > 1<<16-1 {
						return fmt.Errorf("%d bytes are too many", len(text))
					}
					return nil
				})
			})),
		unusual("refuses dotted and dollar keys", "nedb and old MongoDB servers",
			changeInstances(func(f *faulty, _ *backend) {
				checkSession(f, func(text string) error {
					for key := range keysOf(text) {
						if strings.HasPrefix(key, "$") || strings.Contains(key, ".") {
							return fmt.Errorf("%.40q is no key", key)
						}
					}
					return nil
				})
			}), contract.FidelityDottedKeysKept),
		unusual("refuses lives beyond 2106", "MySQL's timestamps",
			changeInstances(func(f *faulty, _ *backend) {
				set := f.set
				f.set = func(ctx context.Context, id string, s *spec.Session) error {
					if expires, ok := s.Cookie.Expires(); ok && expires.Unix() > math.MaxUint32 {
						return errors.New("the expiry is out of range")
					}
					return set(ctx, id, s)
				}
			})),
		unusual("refuses deep nesting", "MongoDB stops at 100 levels and more",
			changeInstances(func(f *faulty, _ *backend) {
				checkSession(f, func(text string) error {
					if nesting(text) > 120 {
						return errors.New("nested too deeply")
					}
					return nil
				})
			}), contract.FidelityDepth1000),
	}
}

// nesting returns how deeply valid JSON is nested.
func nesting(text string) (most int) {
	now, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

// keysOf yields the keys of all objects in valid JSON, as they are written.
func keysOf(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(text); i++ {
			if text[i] != '"' {
				continue
			}
			start := i + 1
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if rest := strings.TrimLeft(text[i+1:], " \t\r\n"); rest != "" && rest[0] == ':' && !yield(text[start:i]) {
				return
			}
		}
	}
}
