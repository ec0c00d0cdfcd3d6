// Package model is the sequential model of a session store: it says which answers are correct, given the earlier answers and the time. It
// is the one definition of correct for histories of calls, for properties, for linearizability and for fuzzing.
//
// The contract leaves some answers open: around an expiry, after a call that failed, after a touch. There the model allows each answer and
// goes on with every [State] that the store may be in. [States] is that set. All functions are pure, and a value of this package does not
// change after it was returned: all of it is safe for concurrent use.
//
// The model never accuses a correct store. It may miss a fault that looks like an open answer.
package model

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Kind is a method of a store.
type Kind string

// The methods.
const (
	Get     Kind = "get"
	Set     Kind = "set"
	Destroy Kind = "destroy"
	Touch   Kind = "touch"
	All     Kind = "all"
	Clear   Kind = "clear"
	Length  Kind = "length"
)

// An Op is one call. The session of a set or touch must not be changed afterwards.
type Op struct {
	Kind    Kind
	ID      string        // of get, set, destroy, touch
	Session *spec.Session // of set and touch, never nil there
}

// String writes the call as a person would type it.
func (o Op) String() string {
	switch o.Kind {
	case All, Clear, Length:
		return string(o.Kind) + "()"
	case Set, Touch:
		return fmt.Sprintf("%s(%q, %s)", o.Kind, o.ID, o.Session)
	default:
		return fmt.Sprintf("%s(%q)", o.Kind, o.ID)
	}
}

// An Answer is the answer to a call.
type Answer struct {
	Session  *spec.Session   // of get; nil is missing, as is an Err for which spec.IsMissing holds
	Sessions []*spec.Session // of all
	N        int             // of length
	Err      error           // of any call
}

// A Window is when a call was made and when it was answered, by the clock that the store lives by.
type Window struct{ From, To time.Time }

// Rules say how exactly a store keeps time, and which requirements count that are not Must. With the zero value the requirements that are
// Must count, to the millisecond.
type Rules struct {
	// Granularity is the precision of the store's time: nearer than this to its expiry a session may be there or not.
	Granularity time.Duration
	// Slack is the time beyond the granularity until an expired session must be gone, on a clock that cannot be stopped.
	Slack time.Duration
	// AddedKeys are members that the store adds to sessions by design.
	AddedKeys []string
	// Cookies: get answers with the cookie of the set or of the last touch, or with the cookie of the set and the expires of the touch.
	// Without Cookies only the other members of a session are compared. The cookies of all are never compared.
	Cookies bool
	// Faults: any call may fail with an error. A call that failed may have had its effect.
	Faults bool

	// MayOutlive: an ended session may be found, because the middleware refuses it.
	MayOutlive bool

	PastIsMissing         bool // expiry/past-is-missing and expiry/max-age-zero
	TouchMissingNoError   bool // touch/missing-no-error
	ExpiredStaysDead      bool // touch/expired-stays-dead
	TouchShortens         bool // touch/shortens
	AllExcludesExpired    bool // expiry/all-excludes
	LengthExcludesExpired bool // left open by expiry/length-excludes
}

// browserLife is the least life of a session whose cookie has no expiry: expiry/browser-session.
const browserLife = 2 * time.Second

// A State is one possible content of a store. The zero State is the empty store.
type State struct{ entries []entry } // sorted by id

// An entry is a stored session. It is comparable, and so states are.
type entry struct {
	id      string
	session spec.Session // as it was set
	touched spec.Cookie  // of the last touch that took effect, otherwise of the session
	from    time.Time    // until then the session must be there
	to      time.Time    // after that it must be gone; zero: never
	maybe   bool         // it may be gone: a call that should remove it failed
}

// Equal reports whether two states are the same.
func (s State) Equal(t State) bool { return slices.Equal(s.entries, t.entries) }

func (s State) find(id string) (entry, bool) {
	i, ok := s.search(id)
	if !ok {
		return entry{}, false
	}
	return s.entries[i], true
}

func (s State) search(id string) (int, bool) {
	return slices.BinarySearchFunc(s.entries, id, func(e entry, id string) int { return strings.Compare(e.id, id) })
}

func (s State) with(e entry) State {
	i, ok := s.search(e.id)
	if ok {
		s.entries = slices.Clone(s.entries)
		s.entries[i] = e
		return s
	}
	return State{slices.Insert(slices.Clip(s.entries), i, e)}
}

func (s State) without(id string) State {
	i, ok := s.search(id)
	if !ok {
		return s
	}
	return State{slices.Concat(s.entries[:i], s.entries[i+1:])}
}

// Step returns the states that a store in state s may be in after it answered a call so; none when the answer is wrong.
func Step(r Rules, s State, op Op, a Answer, w Window) []State {
	if a.Err != nil && (op.Kind != Get || !errors.Is(a.Err, fs.ErrNotExist)) {
		return fail(r, s, op, w)
	}
	e, ok := s.find(op.ID)
	switch op.Kind {
	case Get:
		missing := a.Err != nil || a.Session == nil
		switch {
		case missing && !ok:
			return []State{s}
		case missing && e.certain(w):
			return nil
		case missing && e.life(w) == there:
			return []State{s.without(op.ID)}
		case missing:
			return []State{s}
		case !ok || e.life(w) == over && !r.MayOutlive || !r.answers(e, a.Session):
			return nil
		}
		e.maybe = false
		return []State{s.with(e)}
	case Set:
		return []State{s.with(r.stored(op, w))}
	case Destroy:
		return []State{s.without(op.ID)}
	case Touch:
		return touch(r, s, op, w)
	case All:
		return keep(s, r.lists(s, a.Sessions, w))
	case Length:
		least, most := s.count(w, r.LengthExcludesExpired)
		return keep(s, least <= a.N && a.N <= most)
	case Clear:
		return []State{{}}
	}
	return nil
}

func keep(s State, allowed bool) []State {
	if allowed {
		return []State{s}
	}
	return nil
}

// fail is Step for a call that answered with an error.
func fail(r Rules, s State, op Op, w Window) []State {
	e, ok := s.find(op.ID)
	switch {
	case !r.Faults:
		return keep(s, op.Kind == Touch && !r.TouchMissingNoError && !(ok && e.certain(w)))
	case op.Kind == Set:
		return []State{s, s.with(r.stored(op, w))}
	case op.Kind == Touch:
		return append([]State{s}, touch(r, s, op, w)...)
	case op.Kind == Destroy && ok:
		e.maybe = true
		return []State{s.with(e)}
	case op.Kind == Clear:
		entries := slices.Clone(s.entries)
		for i := range entries {
			entries[i].maybe = true
		}
		return []State{{entries}}
	}
	return []State{s}
}

// touch returns what a touch may have led to.
func touch(r Rules, s State, op Op, w Window) []State {
	e, ok := s.find(op.ID)
	if !ok {
		return []State{s}
	}
	after := s.with(r.prolonged(e, op, w))
	switch {
	case e.life(w) == there:
		return []State{after}
	case e.life(w) == over && r.ExpiredStaysDead:
		return []State{s}
	}
	return []State{s, after}
}
