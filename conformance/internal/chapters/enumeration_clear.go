package chapters

import (
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

func enumerationClearEmpties(t *engine.C) {
	// A clear that goes by pages or batches has more than one of the smallest.
	sessions := make([]*spec.Session, 25)
	for i := range sessions {
		sessions[i] = newMarked(t, t.ID()).session
	}
	var ids []string
	for _, l := range newLives(t, sessions...) {
		ids = append(ids, l.id)
	}
	t.Clear()
	expectMissing(t, ids...)
	if t.Capabilities().Length {
		expectLength(t, 0, "the store was cleared")
	}
	if t.Capabilities().All {
		if elements := allElementsOf(t); len(elements) > 0 {
			t.Fail("wanted    an empty collection\ngot       %d elements: %s", len(elements), phrase.Text(string(elements[0])))
		}
	}
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
