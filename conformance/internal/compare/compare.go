// Package compare says in words where a session differs from the one that was set.
package compare

import (
	"time"

	"github.com/storecheck/storecheck/spec"
)

// Session says where got differs from want. It is empty when nothing differs. The order of members does not count. The members named in
// ignoring do not count when want has none of that name.
func Session(want, got *spec.Session, ignoring []string) string {
	if got == nil {
		return "no session: it is missing"
	}
	for _, name := range ignoring {
		if _, wanted := want.Raw(name); !wanted {
			got = got.Clone()
			got.Delete(name)
		}
	}
	return spec.Diff(want.JSON(), got.JSON())
}

// Data is Session without the cookies.
func Data(want, got *spec.Session, ignoring []string) string {
	if got != nil {
		got = got.Clone()
		got.Cookie = want.Cookie
	}
	return Session(want, got, ignoring)
}

// Cookie says where the cookie of a get differs from the one that was set. It is empty when nothing differs. A member that is null counts as
// absent, a date is the same in any form, and expires may be off by within.
func Cookie(want, got spec.Cookie, within time.Duration) string {
	for _, c := range []*spec.Cookie{&want, &got} {
		for _, name := range c.Names() {
			if raw, _ := c.Raw(name); string(raw) == "null" {
				c.Delete(name)
			}
		}
	}
	if at, ok := got.Expires(); ok {
		if set, ends := want.Expires(); ends && Instants(at, set, within) {
			at = set
		}
		got.RestoreExpires(at)
	}
	return spec.Diff([]byte(want.String()), []byte(got.String()))
}

// Instants reports whether two instants are at most within apart.
func Instants(got, want time.Time, within time.Duration) bool {
	return got.Sub(want).Abs() <= within
}
