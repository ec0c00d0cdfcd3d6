package model

import (
	"fmt"

	"github.com/storecheck/storecheck/internal/excerpt"
	"github.com/storecheck/storecheck/spec"
)

// Wanted describes in words the answers that [Step] allows.
func Wanted(r Rules, s State, op Op, w Window) string {
	text := r.wanted(s, op, w)
	if r.Faults {
		text += ", or an error"
	}
	return text
}

func (r Rules) wanted(s State, op Op, w Window) string {
	e, ok := s.find(op.ID)
	switch op.Kind {
	case Get:
		switch {
		case !ok || e.life(w) == over && !r.MayOutlive:
			return "no session"
		case e.certain(w):
			return r.describe(e)
		case e.life(w) == over:
			return r.describe(e) + " or no session, as it has ended"
		case e.maybe:
			return r.describe(e) + " or no session, as a call that was to remove it failed"
		}
		return r.describe(e) + " or no session, as it ends about now"
	case Touch:
		if !r.Faults && !r.TouchMissingNoError && !(ok && e.certain(w)) {
			return "success, or an error as the session is missing"
		}
	case All:
		least, most := s.count(w, r.AllExcludesExpired)
		return between(least, most) + " as they were set, each once"
	case Length:
		return between(s.count(w, r.LengthExcludesExpired))
	case Set, Destroy, Clear:
	}
	return "success"
}

// describe names the session that a get must answer with.
func (r Rules) describe(e entry) string {
	if !r.Cookies {
		return "the data of " + excerpt.Start(e.session.String(), mostShown)
	}
	text := excerpt.Start(e.session.String(), mostShown)
	if !sameCookie(e.touched, e.session.Cookie) {
		text += " with its own cookie or " + e.touched.String()
	}
	return text
}

func between(least, most int) string {
	switch {
	case least < most:
		return fmt.Sprintf("%d to %d sessions", least, most)
	case most == 1:
		return "1 session"
	}
	return fmt.Sprintf("%d sessions", most)
}

// Got describes in words the answer to a call. It is the counterpart of Wanted.
func Got(op Op, a Answer) string {
	switch {
	case a.Err != nil && (op.Kind != Get || !spec.IsMissing(nil, a.Err)):
		return "error: " + a.Err.Error()
	case op.Kind == Get && spec.IsMissing(a.Session, a.Err):
		return "no session"
	case op.Kind == Get:
		return excerpt.Start(a.Session.String(), mostShown)
	case op.Kind == All:
		return fmt.Sprintf("%s %s", between(len(a.Sessions), len(a.Sessions)), a.Sessions)
	case op.Kind == Length:
		return between(a.N, a.N)
	}
	return "success"
}

// mostShown limits the bytes of a session in a sentence.
const mostShown = 200
