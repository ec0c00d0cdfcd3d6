package wire

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

// TestPlain: what is written by hand is what encoding/json writes, and it is read again.
func TestPlain(t *testing.T) {
	for _, p := range []CallParams{
		{Instance: "1", Call: probe.Call{Method: "get"}, ID: json.RawMessage(`"a\ud800"`), TimeoutMs: Milliseconds(15 * time.Second)},
		{Instance: "12", Call: probe.Call{Method: "set", Session: json.RawMessage(`{"cookie":{},"a":"<&>,\"timeoutMs\":1}","timeoutMs":1}`)}, ID: json.RawMessage(`""`), TimeoutMs: 1500},
		{Instance: "1", Call: probe.Call{Method: "clear"}},
	} {
		text, ok := AppendCall(nil, 7, p)
		id, params, cut := CutCall(text)
		var read CallParams
		if err := json.Unmarshal(params, &read); err != nil || !ok || !cut || string(id) != "7" || !json.Valid(text) {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(read, p) {
			t.Errorf("%s is read as %+v, want %+v", text, read, p)
		}
		if byHand, ok := ReadCall(params); !ok || !reflect.DeepEqual(byHand, p) {
			t.Errorf("%s is read as %+v by hand, want %+v", text, byHand, p)
		}
	}
	for _, p := range []CallParams{
		{Instance: `"`, Call: probe.Call{Method: "get"}},
		{Instance: "1", Call: probe.Call{Method: "get", Keep: true}},
		{Instance: "1", Call: probe.Call{Method: "set", Session: json.RawMessage("{\n}")}},
		{Instance: "1", Call: probe.Call{Method: "set", Session: json.RawMessage("{")}},
		{Instance: "1", Call: probe.Call{Method: "get"}, SettleMs: 1},
	} {
		if text, ok := AppendCall(nil, 7, p); ok {
			t.Errorf("%+v: %s", p, text)
		}
	}
	for _, text := range []string{
		``, `{"instance":"1","method":"get","id":"a}`, `{"instance":"1","method":"get","id":"a","timeoutMs":x}`, `{"instance":"1","method":"get","id":1}`,
		`{"instance":"1","method":"set","id":"a","session":{"timeoutMs":1}`, `{"instance":"1","method":"get","keep":true,"timeoutMs":1}`,
		`{"instance":"1","method":"set","session":{},"keep":true,"timeoutMs":1}`, `{"instance":"1","method":"get","id":"\x","timeoutMs":1}`,
	} {
		if p, ok := ReadCall([]byte(text)); ok {
			t.Errorf("%s: %+v", text, p)
		}
	}
	for _, r := range []CallResult{
		{Outcome: probe.Outcome{Callbacks: 1, Kind: "undefined"}, ElapsedMs: 1234},
		{Outcome: probe.Outcome{Callbacks: 1, Kind: "object", Value: json.RawMessage(`{"cookie":{},"text":",\"elapsedMs\":1}","elapsedMs":2}`)}},
		{Outcome: probe.Outcome{Callbacks: 1, Kind: "number", Value: json.RawMessage(`3`)}, ElapsedMs: Milliseconds(time.Hour)},
	} {
		text, ok := AppendAnswer(nil, json.RawMessage("8"), &r)
		id, result, cut := CutResult(text)
		o, elapsed, read := ReadAnswer(result)
		if !ok || !cut || !read || id != 8 || !json.Valid(text) {
			t.Fatalf("%s: %s", text, result)
		}
		if !reflect.DeepEqual(o, r.Outcome) || elapsed != r.ElapsedMs {
			t.Errorf("%s is read as %+v, %v", text, o, elapsed)
		}
		var other CallResult
		if err := json.Unmarshal(result, &other); err != nil || !reflect.DeepEqual(other, r) {
			t.Errorf("%s is read by encoding/json as %+v, %v", text, other, err)
		}
	}
	for _, r := range []CallResult{
		{Outcome: probe.Outcome{TimedOut: true}},
		{Outcome: probe.Outcome{Callbacks: 1, Error: &probe.Fault{}}},
		{Outcome: probe.Outcome{Callbacks: 1, Kind: "object", Value: json.RawMessage("{\n}")}},
		{Outcome: probe.Outcome{Callbacks: 1, Result: "h"}},
	} {
		if text, ok := AppendAnswer(nil, json.RawMessage("8"), &r); ok {
			t.Errorf("%+v: %s", r, text)
		}
	}
	for _, text := range []string{
		``, `{}`, `{"callbacks":1,"kind":"object","value":{,"elapsedMs":1}`, `{"callbacks":1,"kind":"a","elapsedMs":x}`,
		`{"callbacks":1,"kind":"a","value":1,"error":{},"elapsedMs":1}`, `{"callbacks":2,"kind":"a","elapsedMs":1}`,
		`{"callbacks":1,"kind":"a","elapsedMs":1,"x":2}`,
	} {
		if o, _, ok := ReadAnswer([]byte(text)); ok {
			t.Errorf("%s: %+v", text, o)
		}
	}
}
