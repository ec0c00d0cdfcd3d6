package conformance

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/storecheck/storecheck/spec"
)

// BeMissing succeeds for a nil *spec.Session, which is what a missing session is.
func BeMissing() types.GomegaMatcher {
	return sessionMatcher{wanted: "no session", judge: differMissing}
}

func differMissing(got *spec.Session) string {
	if got == nil {
		return ""
	}
	return short(got)
}

// HaveDataOf succeeds for a *spec.Session with the same members as want beside the cookie: the order of members does not count, and
// neither do the members named in ignoring, which a store adds by design.
func HaveDataOf(want *spec.Session, ignoring ...string) types.GomegaMatcher {
	return sessionMatcher{wanted: "the data of " + short(want), judge: func(got *spec.Session) string {
		return differData(want, got, ignoring)
	}}
}

func differData(want, got *spec.Session, ignoring []string) string {
	if got != nil {
		got = got.Clone()
		got.Cookie = want.Cookie
	}
	return differ(want, got, ignoring)
}

// CookieDiff says where the cookie that a get answers with is another than the one that was set; empty when it is not. A member without a
// value is as good as none, a date is the same in any form, and expires is compared as exactly as the store has declared to keep time.
func (t *C) CookieDiff(want, got spec.Cookie) string {
	for _, c := range []*spec.Cookie{&want, &got} {
		for _, name := range c.Names() {
			if raw, _ := c.Raw(name); string(raw) == "null" {
				c.Delete(name)
			}
		}
	}
	if at, ok := got.Expires(); ok {
		if set, ends := want.Expires(); ends && t.sameInstant(at, set) {
			at = set
		}
		got.SetExpires(at)
	}
	return spec.Diff([]byte(want.String()), []byte(got.String()))
}

func differ(want, got *spec.Session, ignoring []string) string {
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

// A sessionMatcher says what is wrong with a session in words for a store's author.
type sessionMatcher struct {
	wanted string
	judge  func(*spec.Session) string // empty when it is right
}

func (m sessionMatcher) Match(actual any) (bool, error) {
	got, ok := actual.(*spec.Session)
	if !ok {
		return false, fmt.Errorf("this matcher takes a *spec.Session, not %T", actual)
	}
	return m.judge(got) == "", nil
}

func (m sessionMatcher) FailureMessage(actual any) string {
	return "wanted    " + m.wanted + "\ngot       " + m.judge(actual.(*spec.Session))
}

func (m sessionMatcher) NegatedFailureMessage(any) string {
	return "wanted    anything but " + m.wanted + "\ngot       just that"
}
