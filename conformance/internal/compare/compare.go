// Package compare says in words where a session is not as it was set.
package compare

import (
	"time"

	"github.com/storecheck/storecheck/spec"
)

// Session says where got differs from want; empty when it does not. The order of members does not count, and neither do the members named
// in ignoring that want does not have.
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

// Data is Session without a look at the cookies.
func Data(want, got *spec.Session, ignoring []string) string {
	if got != nil {
		got = got.Clone()
		got.Cookie = want.Cookie
	}
	return Session(want, got, ignoring)
}

// Cookie says where the cookie that a get answers with differs from the one that was set; empty when it does not. A member without a value
// is as good as none, a date is the same in any form, and expires may be off by within.
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
		got.SetExpires(at)
	}
	return spec.Diff([]byte(want.String()), []byte(got.String()))
}

// Instants reports whether two instants are within a duration of each other.
func Instants(got, want time.Time, within time.Duration) bool {
	return got.Sub(want).Abs() <= within
}
