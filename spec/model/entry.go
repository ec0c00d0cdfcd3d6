package model

import (
	"slices"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A life says whether a session is alive at the time of a call.
type life int

const (
	there life = iota // it is alive all the while
	open              // it may be alive or over
	over              // it is over all the while
)

func (e entry) life(w Window) life {
	switch {
	case w.To.Before(e.from):
		return there
	case !e.to.IsZero() && w.From.After(e.to):
		return over
	}
	return open
}

// certain reports whether the session must be found.
func (e entry) certain(w Window) bool { return !e.maybe && e.life(w) == there }

// stored returns the entry after a set.
func (r Rules) stored(op Op, w Window) entry {
	e := entry{id: op.ID, session: *op.Session, touched: op.Session.Cookie}
	e.from, e.to = r.bounds(op.Session.Cookie, w)
	if expires, ok := op.Session.Cookie.Expires(); ok && !expires.After(w.To) && !r.PastIsMissing {
		e.to = time.Time{}
	}
	return e
}

// prolonged returns the entry after a touch that takes effect.
func (r Rules) prolonged(e entry, op Op, w Window) entry {
	from, to := r.bounds(op.Session.Cookie, w)
	if !r.TouchShortens && !to.IsZero() && (e.to.IsZero() || e.to.After(to)) {
		to = e.to
	}
	e.touched, e.from, e.to = op.Session.Cookie, from, to
	return e
}

// bounds returns the time until which a session with this cookie must be there, and the time after which it must be gone. A store may
// count the rest of the life from any time during the call.
func (r Rules) bounds(c spec.Cookie, w Window) (from, to time.Time) {
	expires, ok := c.Expires()
	if !ok {
		return plain(w.From.Add(browserLife)), time.Time{}
	}
	return plain(expires.Add(-r.Granularity)), plain(expires.Add(r.Granularity + r.Slack + w.To.Sub(w.From)))
}

// plain removes the parts of a time that == must not compare.
func plain(t time.Time) time.Time { return t.Round(0).UTC() }

// answers reports whether get may answer with a session for an entry.
func (r Rules) answers(e entry, got *spec.Session) bool {
	if !spec.Equal(r.data(&e.session, nil), r.data(got, &e.session)) {
		return false
	}
	if !r.Cookies || sameCookie(got.Cookie, e.session.Cookie) || sameCookie(got.Cookie, e.touched) {
		return true
	}
	moved := e.session.Cookie
	if raw, ok := e.touched.Raw("expires"); !ok {
		moved.Delete("expires")
	} else if moved.SetRaw("expires", raw) != nil {
		return false
	}
	return sameCookie(got.Cookie, moved)
}

// data returns a session without its cookie and without what the store adds to it beyond the wanted session.
func (r Rules) data(s, wanted *spec.Session) *spec.Session {
	s = s.Clone()
	s.Cookie = spec.Cookie{}
	if wanted != nil {
		for _, name := range r.AddedKeys {
			if _, ok := wanted.Raw(name); !ok {
				s.Delete(name)
			}
		}
	}
	return s
}

func sameCookie(a, b spec.Cookie) bool {
	return a == b || spec.Equal(spec.NewSession(a), spec.NewSession(b))
}

// lists reports whether all may answer so: every session that must be there once, each other one at most once, and nothing else.
// An id that the store adds to the listed sessions does not count.
func (r Rules) lists(s State, got []*spec.Session, w Window) bool {
	r.AddedKeys = append([]string{"id"}, r.AddedKeys...)
	bare := func(s *spec.Session) *spec.Session { return r.data(s, &spec.Session{}) }
	rest := make([]*spec.Session, 0, len(got))
	for _, g := range got {
		if g == nil {
			return false
		}
		rest = append(rest, bare(g))
	}
	take := func(e entry) bool {
		want := bare(&e.session)
		i := slices.IndexFunc(rest, func(g *spec.Session) bool { return spec.Equal(g, want) })
		if i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		}
		return i >= 0
	}
	for _, e := range s.entries {
		if e.certain(w) && !take(e) {
			return false
		}
	}
	for _, e := range s.entries {
		if !e.certain(w) && (e.life(w) != over || !r.AllExcludesExpired) {
			take(e)
		}
	}
	return len(rest) == 0
}

// count returns how many sessions there must be at least and may be at most.
func (s State) count(w Window, excludesExpired bool) (least, most int) {
	for _, e := range s.entries {
		if e.certain(w) {
			least++
		}
		if e.life(w) != over || !excludesExpired {
			most++
		}
	}
	return least, most
}
