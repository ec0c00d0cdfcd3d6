package phrase

import (
	"testing"

	"github.com/storecheck/storecheck/spec/probe"
)

// Probed calls are written in the same words as all others.
func TestOutcome(t *testing.T) {
	fault := &probe.Fault{Name: "Error", Message: "no"}
	for _, c := range []struct {
		method string
		out    probe.Outcome
		want   string
	}{
		{"set", probe.Outcome{Callbacks: 1, Kind: "undefined"}, "ok"},
		{"set", probe.Outcome{Callbacks: 1, Kind: "string", Value: []byte(`"OK"`)}, "ok"},
		{"set", probe.Outcome{Callbacks: 2, Kind: "undefined"}, "ok; called back 2 times"},
		{"destroy", probe.Outcome{TimedOut: true}, "never called back"},
		{"touch", probe.Outcome{Callbacks: 1, Error: fault}, "error: " + fault.String()},
		{"clear", probe.Outcome{Thrown: fault, Callbacks: 1}, "threw " + fault.String()},
		{"get", probe.Outcome{Callbacks: 1, Kind: "undefined"}, "missing"},
		{"get", probe.Outcome{Callbacks: 2, Kind: "null", Value: []byte("null")}, "missing; called back 2 times"},
		{"get", probe.Outcome{Callbacks: 1, Kind: "object", Value: []byte(`{"a":1}`)}, `{"a":1}`},
		{"get", probe.Outcome{Callbacks: 1, Kind: "object without JSON text"}, "object without JSON text"},
		{"get", probe.Outcome{Promise: true, TimedOut: true}, "never called back"},
		{"get", probe.Outcome{}, ""}, // was given no callback
		{"all", probe.Outcome{Callbacks: 1, Kind: "undefined"}, "undefined"},
	} {
		if got := Outcome(c.method, c.out); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.method, c.out, got, c.want)
		}
	}
}
