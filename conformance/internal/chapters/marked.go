package chapters

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// A markedSession session is one that all is expected to have.
type markedSession struct {
	id, marker string
	session    *spec.Session
}

// setMarked sets n sessions, each with a marker.
func setMarked(t *engine.C, i *engine.Instance, n int) []markedSession {
	sessions := make([]markedSession, n)
	for k := range sessions {
		sessions[k] = newMarked(t, t.ID())
		i.Set(sessions[k].id, sessions[k].session)
	}
	return sessions
}

func newMarked(t *engine.C, id string) markedSession {
	marker := t.Tag()
	return markedSession{id, marker, t.Session(engine.Marker, marker, "user", map[string]any{"name": "Ada", "number": 42})}
}

// in returns the elements that hold the session, in whatever shape.
func (l markedSession) in(elements []json.RawMessage) (found []json.RawMessage) {
	for _, e := range elements {
		if bytes.Contains(e, []byte(l.marker)) {
			found = append(found, e)
		}
	}
	return found
}

// data returns the object with the marker inside an element: the element itself, something inside it, or text that is such an object.
func (l markedSession) data(element []byte) (json.RawMessage, bool) {
	if !bytes.Contains(element, []byte(l.marker)) {
		return nil, false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(element, &members) == nil {
		if string(members[engine.Marker]) == `"`+l.marker+`"` {
			return element, true
		}
		for _, m := range members {
			if data, ok := l.data(m); ok {
				return data, true
			}
		}
	}
	var elements []json.RawMessage
	if json.Unmarshal(element, &elements) == nil {
		for _, e := range elements {
			if data, ok := l.data(e); ok {
				return data, true
			}
		}
	}
	var text string
	if json.Unmarshal(element, &text) == nil {
		return l.data([]byte(text))
	}
	return nil, false
}

// diff says where an element's data is not what was set. The id may have been added to it.
func (l markedSession) diff(t *engine.C, element json.RawMessage) string {
	data, ok := l.data(element)
	if !ok {
		return "no object in it has the session's members: " + phrase.Text(string(element))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err.Error()
	}
	delete(members, "cookie")
	for _, name := range t.Subject().AddedKeys {
		delete(members, name)
	}
	id, _ := json.Marshal(l.id)
	for name, value := range members {
		if _, wanted := l.session.Raw(name); !wanted && bytes.Equal(value, id) {
			delete(members, name)
		}
	}
	got, _ := json.Marshal(members)
	want := map[string]json.RawMessage{}
	for name, value := range l.session.Members() {
		if slices.Contains(t.Subject().AddedKeys, name) {
			continue // a store that adds it to its argument too
		}
		want[name] = value
	}
	wanted, _ := json.Marshal(want)
	return spec.Diff(wanted, got)
}

// expectMarked looks for a session, once and with its data.
func expectMarked(t *engine.C, elements []json.RawMessage, l markedSession) {
	found := l.in(elements)
	switch {
	case len(found) == 0:
		t.Fail("wanted    %s among the sessions of all\ngot       %d sessions without it", phrase.Session(l.session), len(elements))
	case len(found) > 1:
		t.Fail("wanted    %s once\ngot       it %d times", phrase.Session(l.session), len(found))
	}
	if diff := l.diff(t, found[0]); diff != "" {
		t.Fail("wanted    the data of %s\ngot       %s", phrase.Session(l.session), diff)
	}
}
