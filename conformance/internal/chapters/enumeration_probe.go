package chapters

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// enumerationProbeChecks are the checks of the chapter enumeration that look into the store's process.
var enumerationProbeChecks = []engine.Check{
	{Requirement: contract.EnumerationAllArray, Body: enumerationAllArray},
	{Requirement: contract.EnumerationAllIDs, Body: enumerationAllIDs},
	{Requirement: contract.EnumerationTogether, Body: enumerationTogether, When: engine.Exclusive},
	{Requirement: contract.EnumerationOtherShops, Body: enumerationOtherShops, When: engine.Exclusive},
}

// probeAll stores a session with a mark, and returns its id and the outcome of all. It skips the check where all answers with no collection.
func probeAll(t *engine.C, mark string) (id string, out probe.Outcome) {
	id = t.ID()
	t.Set(id, t.Session("mark", mark))
	out = t.Probe(probe.Call{Method: "all"})
	if out.Err("all") != nil || out.Kind != "array" && out.Kind != "object" {
		t.Skip("all answered with no collection: %s", phrase.Outcome("all", out))
	}
	return id, out
}

func enumerationAllArray(t *engine.C) {
	if _, out := probeAll(t, t.Tag()); out.Kind != "array" {
		t.Fail("wanted    an array of the sessions\ngot       an object keyed by session id")
	}
}

func enumerationAllIDs(t *engine.C) {
	mark := t.Tag()
	id, out := probeAll(t, mark)
	if out.Kind == "object" {
		var byID map[string]json.RawMessage
		if err := json.Unmarshal(out.Value, &byID); err != nil {
			t.Broken(err)
		}
		if strings.Contains(string(byID[id]), mark) {
			t.Observe("the ids are the keys of an object")
		} else {
			t.Observe("the keys of the object are not the ids")
		}
		return
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(out.Value, &elements); err != nil {
		t.Broken(err)
	}
	i := slices.IndexFunc(elements, func(e json.RawMessage) bool { return strings.Contains(string(e), mark) })
	if i < 0 {
		t.Skip("all did not list the session that was set")
	}
	t.Observe("%s", whereID(elements[i], id))
}

// whereID says which member of an element holds the id.
func whereID(element json.RawMessage, id string) string {
	var members map[string]any
	if json.Unmarshal(element, &members) == nil {
		for name, value := range members {
			if value == id {
				return fmt.Sprintf("the id is the member %s of each element", name)
			}
		}
	}
	return "the ids are not told"
}
