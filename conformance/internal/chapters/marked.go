package chapters

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// A markedSession is a session with a marker, by which it is found among the elements of all.
type markedSession struct {
	id, marker string
	session    *spec.Session
}

// setMarked sets n marked sessions.
func setMarked(t *engine.C, i *engine.Instance, n int) []markedSession {
	ids := make([]string, n)
	for k := range ids {
		ids[k] = t.ID()
	}
	return setMarkedAs(t, i, ids...)
}

// setMarkedAs sets a marked session under each id.
func setMarkedAs(t *engine.C, i *engine.Instance, ids ...string) []markedSession {
	sessions := make([]markedSession, len(ids))
	for k, id := range ids {
		sessions[k] = newMarked(t, id)
		i.Set(id, sessions[k].session)
	}
	return sessions
}

// newMarked returns a marked session for an id.
func newMarked(t *engine.C, id string) markedSession {
	marker := t.Tag()
	return markedSession{id, marker, t.Session(engine.Marker, marker, "user", map[string]any{"name": "Ada", "number": 42})}
}

// in returns the elements that hold the session in any shape.
func (l markedSession) in(elements []json.RawMessage) (found []json.RawMessage) {
	for _, e := range elements {
		if bytes.Contains(e, []byte(l.marker)) {
			found = append(found, e)
		}
	}
	return found
}

// data returns the object with the marker: the element itself, an object inside of it, or one inside of a text that is JSON.
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

// diff says where the data of an element differ from the data that were set. A store may have added the id.
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
			continue // a store may add it to its argument too
		}
		want[name] = value
	}
	wanted, _ := json.Marshal(want)
	return spec.Diff(wanted, got)
}

// expectMarked fails the check unless a session is there once and with its data.
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
