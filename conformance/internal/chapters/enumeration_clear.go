package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec"
)

// enumerationClearEmpties compares what length and all tell after a clear with what they tell after each session was destroyed: what is wrong
// there too is not the doing of clear, and other checks judge it.
func enumerationClearEmpties(t *engine.C) {
	_ = t.TryClear()
	// A clear that goes by pages or batches has more than one of the smallest.
	sessions := make([]*spec.Session, 25)
	for i := range sessions {
		sessions[i] = newMarked(t, t.ID()).session
	}
	lives := newLives(t, sessions...)
	full := tallyOf(t)
	t.Parallel(len(lives), func(i int) error { return t.TryDestroy(lives[i].id) })
	destroyed := tallyOf(t)

	ids := []string{t.ID()}
	endless := newMarked(t, ids[0]).session
	endless.Cookie = spec.NewCookie()
	_ = t.TrySet(ids[0], endless) // another check judges a store that refuses it
	for _, l := range newLives(t, sessions...) {
		ids = append(ids, l.id)
	}
	t.Clear()
	expectMissing(t, ids...)
	cleared := tallyOf(t)
	if full.length-destroyed.length == len(sessions) && cleared.length > destroyed.length {
		t.Fail("wanted    a length of 0 after clear, or at least the %d that it was after each session was destroyed\ngot       %d", destroyed.length, cleared.length)
	}
	if full.listed-destroyed.listed == len(sessions) && cleared.listed > destroyed.listed {
		t.Fail("wanted    an empty collection from all after clear, or at least the %d elements that it had after each session was destroyed\ngot       %d elements", destroyed.listed, cleared.listed)
	}
}

// A tally is how many sessions length and all tell of; -1 if they cannot be asked.
type tally struct{ length, listed int }

func tallyOf(t *engine.C) tally {
	of := tally{-1, -1}
	if t.Capabilities().Length {
		if n, err := t.TryLength(); err == nil {
			of.length = n
		}
	}
	if t.Capabilities().All {
		if all, err := t.TryAll(); err == nil {
			of.listed = len(all)
		}
	}
	return of
}

func enumerationClearEmpty(t *engine.C) {
	_ = t.TryClear()
	t.Clear()
}

// enumerationClearLaterSets sets cleared ids again. A clear that goes on after its callback most likely removes the ids that it has found,
// and so the sessions of users who logged in again under the same id.
func enumerationClearLaterSets(t *engine.C) {
	ids := []string{t.ID(), t.ID(), t.ID()}
	for _, id := range ids {
		_ = t.TrySet(id, t.SessionFor(100*time.Millisecond, "tag", t.Tag())) // another check judges whether a short life may be refused
	}
	t.Clear()
	ids = append(ids, t.ID(), t.ID())
	later := make([]*spec.Session, len(ids))
	for k, id := range ids {
		later[k] = t.Session("tag", t.Tag())
		t.Set(id, later[k])
	}
	if t.Injected() {
		t.Until(t.Now().Add(time.Second))
	}
	for end := time.Now().Add(400 * time.Millisecond); ; {
		for k, id := range ids {
			expectData(t, t.Get(id), later[k])
		}
		if time.Now().After(end) {
			return
		}
		t.Pause(30 * time.Millisecond)
	}
}
