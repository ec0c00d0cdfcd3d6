package chapters

import (
	"bytes"
	"encoding/json"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// allElementsOf returns the elements of the answer to all, whether they are sessions or not.
func allElementsOf(t *engine.C) []json.RawMessage { return allElementsOn(t, t.Instance) }

// tryElements is allElementsOf for a check that judges something else. The text of the error is that of a failure.
func tryElements(t *engine.C) (elements []json.RawMessage, err error) {
	err = t.Parallel(1, func(int) error {
		elements = allElementsOf(t)
		return nil
	})[0]
	return elements, err
}

func allElementsOn(t *engine.C, i *engine.Instance) []json.RawMessage {
	if !t.Has(contract.NeedCallbacks) {
		var elements []json.RawMessage
		for _, s := range i.All() {
			if s == nil {
				elements = append(elements, json.RawMessage("null"))
			} else {
				elements = append(elements, s.JSON())
			}
		}
		return elements
	}
	out := i.Probe(probe.Call{Method: "all"})
	i.MustSucceed("all", out.Err("all"))
	elements, ok := elementsOf(out.Value)
	if !ok {
		t.Fail("wanted    an array, or an object with the ids as keys\ngot       %s", phrase.Outcome("all", out))
	}
	return elements
}

// elementsOf returns the elements of an array, or the values of an object, in which two keys may be the same.
func elementsOf(text json.RawMessage) ([]json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	open, err := d.Token()
	if err != nil || open != json.Delim('[') && open != json.Delim('{') {
		return nil, false
	}
	var elements []json.RawMessage
	for d.More() {
		if open == json.Delim('{') {
			if _, err := d.Token(); err != nil {
				return nil, false
			}
		}
		var e json.RawMessage
		if err := d.Decode(&e); err != nil {
			return nil, false
		}
		elements = append(elements, e)
	}
	return elements, true
}
