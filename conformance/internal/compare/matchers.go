package compare

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// BeMissing succeeds for a nil *spec.Session, which stands for a missing session.
func BeMissing() types.GomegaMatcher {
	return sessionMatcher{wanted: "no session", judge: func(got *spec.Session) string {
		if got == nil {
			return ""
		}
		return phrase.Session(got)
	}}
}

// HaveDataOf succeeds for a *spec.Session with the same members as want, without the cookie, see [Data].
func HaveDataOf(want *spec.Session, ignoring ...string) types.GomegaMatcher {
	return sessionMatcher{wanted: "the data of " + phrase.Session(want), judge: func(got *spec.Session) string {
		return Data(want, got, ignoring)
	}}
}

// A sessionMatcher says what is wrong with a session, in words for the author of a store.
type sessionMatcher struct {
	wanted string
	judge  func(*spec.Session) string // says what is wrong; empty when nothing is
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
