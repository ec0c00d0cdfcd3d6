package chapters

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// A liveObject is the very object that the store was given or gave: in Go the *spec.Session, in another process the object behind a handle.
type liveObject struct {
	session *spec.Session
	handle  probe.Handle
	at      []string // where the session is inside of the object behind the handle
}

// needLive skips the check when a store in another process has no handles for its objects.
func needLive(t *engine.C) {
	if t.Prober() != nil && !t.Has(contract.NeedHandles) {
		t.Skip("%s", contract.NeedHandles.Explain())
	}
}

// setLive sets a session and returns the argument of the call.
func setLive(t *engine.C, id string, s *spec.Session) liveObject {
	if t.Prober() == nil {
		t.Set(id, s)
		return liveObject{session: s}
	}
	return probeLive(t, probe.Call{Method: "set", ID: id, Session: s.JSON()})
}

// setLiveAgain sets the very same object.
func setLiveAgain(t *engine.C, id string, l liveObject) {
	if l.session != nil {
		t.Set(id, l.session)
		return
	}
	probeLive(t, probe.Call{Method: "set", ID: id, Argument: l.handle})
}

// getLive gets a session and returns the result of the call.
func getLive(t *engine.C, id string) liveObject {
	if t.Prober() != nil {
		return probeLive(t, probe.Call{Method: "get", ID: id})
	}
	s := t.Get(id)
	if s == nil {
		t.Fail("wanted    the session that was set\ngot       no session: it is missing")
	}
	return liveObject{session: s}
}

// probeLive makes a set or a get, and returns the object that the store was given or gave.
func probeLive(t *engine.C, call probe.Call) liveObject {
	call.Keep = true
	out := t.Probe(call)
	if err := out.Err(call.Method); err != nil {
		t.Fail("wanted    %s to succeed\ngot       %v", call.Method, err)
	}
	handle := out.Argument
	if call.Method == "get" {
		handle = out.Result
	}
	if handle == "" {
		t.Fail("wanted    the session that was set\ngot       %s", phrase.Outcome("get", out))
	}
	return liveObject{handle: handle}
}

// A liveChange is one of the changes that a request makes to a session in place.
type liveChange struct {
	path  []string
	value string
}

func (a liveChange) String() string {
	return fmt.Sprintf("session.%s = %q", strings.Join(a.path, "."), a.value)
}

// liveChanges change every depth: a member, a new member, a member of a nested object, and the cookie.
var liveChanges = []liveChange{
	{[]string{"name"}, "changed"},
	{[]string{"added"}, "changed"},
	{[]string{"user", "name"}, "changed"},
	{[]string{"cookie", "path"}, "/changed"},
}

// changesOf returns the changes that can be made to what the middleware hands over.
func changesOf(t *engine.C) []liveChange {
	return slices.DeleteFunc(slices.Clone(liveChanges), func(a liveChange) bool {
		return a.path[0] == "cookie" && !slices.Contains(t.Profile().Cookie, a.path[1])
	})
}

// changeableSession returns a session that all changes apply to.
func changeableSession(t *engine.C) *spec.Session {
	return t.Session("name", "as set", "user", map[string]any{"name": "as set", "tag": t.Tag()})
}

// changeLive makes all changes to an object.
func changeLive(t *engine.C, l liveObject) {
	for _, a := range changesOf(t) {
		t.Log("%s", a)
		if l.session != nil {
			if err := changeInPlace(l.session, a); err != nil {
				t.Skip("the session cannot be changed: %v", err)
			}
			continue
		}
		value, _ := json.Marshal(a.value)
		if err := t.Prober().Change(t, l.handle, slices.Concat(l.at, a.path), value); err != nil {
			if _, err := t.Prober().Read(t, l.handle); err != nil {
				t.Broken(err)
			}
			t.Skip("the object cannot be changed, so nothing can be seen of it: %v", err)
		}
	}
}

// changeInPlace makes a change to a session in this process.
func changeInPlace(s *spec.Session, a liveChange) error {
	value, err := json.Marshal(a.value)
	switch {
	case err != nil:
		return err
	case a.path[0] == "cookie":
		return s.Cookie.SetRaw(a.path[1], value)
	case len(a.path) == 1:
		return s.SetRaw(a.path[0], value)
	}
	var member map[string]any
	if _, err := s.Decode(a.path[0], &member); err != nil {
		return err
	}
	member[a.path[1]] = a.value
	return s.Set(a.path[0], member)
}

// readLive returns the JSON of the session as it is now.
func readLive(t *engine.C, l liveObject) json.RawMessage {
	if l.session != nil {
		return l.session.JSON()
	}
	text, err := t.Prober().Read(t, l.handle)
	if err != nil {
		t.Broken(err)
	}
	return text
}

// shows reports whether the change is in the JSON of a session.
func (a liveChange) shows(text json.RawMessage) bool {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return false
	}
	for _, name := range a.path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value == a.value
}

// expectUnchanged fails the check when one of the changes shows in the JSON of a session.
func expectUnchanged(t *engine.C, text json.RawMessage) {
	for _, a := range changesOf(t) {
		if a.shows(text) {
			t.Fail("wanted    none of the changes to show\ngot       %s", a)
		}
	}
}
