package chapters

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
)

func enumerationAllCollection(t *engine.C) {
	setMarked(t, t.Instance, 1)
	allElementsOf(t)
}

func enumerationAllElements(t *engine.C) {
	var sessions [2]markedSession
	for k := range sessions {
		sessions[k] = newMarked(t, t.ID())
		// The path tells the cookie of one session from that of another.
		sessions[k].session.Cookie.SetPath("/" + t.Tag())
		t.Set(sessions[k].id, sessions[k].session)
	}
	elements := allElementsOf(t)
	for _, l := range sessions {
		for _, e := range l.in(elements) {
			var members map[string]json.RawMessage
			var cookie *struct{ Path *string }
			_ = json.Unmarshal(e, &members)
			_ = json.Unmarshal(members["cookie"], &cookie)
			if cookie == nil || members[engine.Marker] == nil {
				t.Fail("wanted    an element that is a session, such as %s\ngot       %s", phrase.Session(l.session), phrase.Text(string(e)))
			}
			if cookie.Path != nil && *cookie.Path != l.session.Cookie.Path() {
				t.Fail("wanted    a session with its own cookie, as in %s\ngot       %s", phrase.Session(l.session), phrase.Text(string(e)))
			}
		}
	}
}

// enumerationAllLive lists sessions in a store that is empty before where that may be: the first and the last session of all is then one of
// these, in whatever order a store lists them.
func enumerationAllLive(t *engine.C) {
	if t.Subject().Disposable {
		emptyStore(t)
	}
	sessions := setMarked(t, t.Instance, 10)
	again := newMarked(t, sessions[3].id)
	t.Set(again.id, again.session)
	old := sessions[3]
	sessions[3] = again
	// Neither a touch nor another life under the same id makes a session two.
	if t.Capabilities().Touch {
		_ = t.TryTouch(sessions[5].id, sessions[5].session)
	}
	if t.TryDestroy(sessions[7].id) == nil {
		sessions[7] = newMarked(t, sessions[7].id)
		t.Set(sessions[7].id, sessions[7].session)
		if t.Find(sessions[7].id) == nil {
			sessions = slices.Delete(sessions, 7, 8) // another requirement judges a destroyed id that takes no session any more
		}
	}
	elements := allElementsOf(t)
	for _, l := range sessions {
		expectMarked(t, elements, l)
	}
	if len(old.in(elements)) > 0 {
		t.Fail("wanted    what was last set under each id\ngot       %s, which was replaced", phrase.Session(old.session))
	}
}

func enumerationAllNothingElse(t *engine.C) {
	before := 0
	if !emptyStore(t) {
		before = len(allElementsOf(t))
	}
	sessions := setMarked(t, t.Instance, 6)
	destroyed, live := sessions[:3], sessions[3:]
	for _, l := range destroyed {
		t.Destroy(l.id)
	}
	elements := allElementsOf(t)
	for _, l := range destroyed {
		if len(l.in(elements)) > 0 {
			t.Fail("wanted    live sessions only\ngot       %s, which was destroyed", phrase.Session(l.session))
		}
	}
	var others []string
	for _, e := range elements {
		ours := false
		for _, l := range live {
			ours = ours || bytes.Contains(e, []byte(l.marker))
		}
		if !ours {
			others = append(others, phrase.Text(string(e)))
		}
	}
	if len(others) > before {
		t.Fail("wanted    the %d sessions that were set and live, beside the %d that all had before\ngot       %d others: %s",
			len(live), before, len(others), strings.Join(others[:min(3, len(others))], ", "))
	}
}

func enumerationAllEmpty(t *engine.C) {
	if !emptyStore(t) {
		t.Skip("the store cannot be emptied: its clear leaves a session behind")
	}
	if elements := allElementsOf(t); len(elements) > 0 {
		t.Fail("wanted    an empty collection\ngot       %d elements: %s", len(elements), phrase.Text(string(elements[0])))
	}
}

func enumerationAllOddIDs(t *engine.C) {
	t.Tidy()
	for _, id := range []string{"__proto__", "constructor"} {
		l := newMarked(t, id)
		if err := t.TrySet(id, l.session); err != nil {
			t.Skip("the store refuses the id %s: %v", id, err)
		}
		if t.Get(id) == nil {
			t.Skip("the store does not keep a session under the id %s; see ids/prototype-names", id)
		}
		if elements := allElementsOf(t); len(l.in(elements)) == 0 {
			t.Fail("wanted    the session of the id %s among those of all\ngot       %d sessions without it", id, len(elements))
		}
	}
}
