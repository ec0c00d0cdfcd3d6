package chapters

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/probe"
)

// isolationAll changes a session that all answered with, twice: a store may keep what it handed out from the first time on.
func isolationAll(t *engine.C) {
	needLive(t)
	id, marker := t.ID(), t.Tag()
	s := changeableSession(t)
	if err := s.Set(engine.Marker, marker); err != nil {
		t.Broken(err)
	}
	t.Set(id, s)
	for range 2 {
		changeLive(t, listLive(t, marker))
		expectUnchanged(t, readLive(t, getLive(t, id)))
		elements, err := tryElements(t)
		if err != nil {
			t.Skip("all failed, which other requirements judge: %v", err)
		}
		for _, e := range elements {
			if bytes.Contains(e, []byte(marker)) {
				expectUnchanged(t, e)
			}
		}
	}
}

// listLive returns the session with a marker among those of all.
func listLive(t *engine.C, marker string) liveObject {
	marked := func(text []byte) bool {
		var members map[string]json.RawMessage
		return json.Unmarshal(text, &members) == nil && string(members[engine.Marker]) == strconv.Quote(marker)
	}
	if t.Prober() == nil {
		all, err := t.TryAll()
		if err != nil {
			t.Skip("all failed, which other requirements judge: %v", err)
		}
		for _, s := range all {
			if s != nil && marked(s.JSON()) {
				return liveObject{session: s}
			}
		}
		t.Skip("all does not list the session that was set")
	}
	out := t.Probe(probe.Call{Method: "all", Keep: true})
	if err := out.Err("all"); err != nil {
		t.Skip("all failed, which other requirements judge: %v", err)
	}
	for key, e := range elementsByKey(out.Value) {
		if marked(e) {
			return liveObject{handle: out.Result, at: []string{key}}
		}
	}
	t.Skip("all does not list the session that was set as an element: %s", phrase.Outcome("all", out))
	return liveObject{}
}

// elementsByKey returns the elements of an array by index, or those of an object by key.
func elementsByKey(text json.RawMessage) map[string]json.RawMessage {
	byKey := map[string]json.RawMessage{}
	var elements []json.RawMessage
	if json.Unmarshal(text, &elements) != nil {
		_ = json.Unmarshal(text, &byKey)
		return byKey
	}
	for i, e := range elements {
		byKey[strconv.Itoa(i)] = e
	}
	return byKey
}
