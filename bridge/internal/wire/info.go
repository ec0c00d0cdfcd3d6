package wire

import (
	"encoding/json"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

// Version is the version of the protocol.
const Version = 1

// Info is the program's description of itself, from hello. Homepage and Issues are addresses for the reader; no report shows them. Profile is the
// contract by which the store is to be judged, as package profile names it, or empty.
type Info struct {
	Name       string         `json:"name"`
	Version    string         `json:"version"`
	Language   string         `json:"language"`
	Runtime    string         `json:"runtime"`
	Profile    string         `json:"profile,omitempty"`
	Homepage   string         `json:"homepage,omitempty"`
	Issues     string         `json:"issues,omitempty"`
	Features   probe.Features `json:"features"`
	Properties Properties     `json:"properties"`
}

// Properties describe a store; nil, zero and empty mean that the program does not say.
type Properties struct {
	// Durable: sessions survive a close and a reopen.
	Durable *bool `json:"durable,omitempty"`
	// Shared: two open instances work on the same sessions.
	Shared *bool `json:"shared,omitempty"`
	// Disposable: all sessions of the store may be cleared and counted.
	Disposable *bool `json:"disposable,omitempty"`
	// Granularity is how far from its cookie's expires a session may end, earlier or later. Zero: the store does not say.
	Granularity Milliseconds `json:"granularityMs,omitempty"`
	// AddedKeys are members that the store adds to a session.
	AddedKeys []string `json:"addedKeys,omitempty"`
}

// Milliseconds is a duration that is a number of milliseconds in JSON, with fractions.
type Milliseconds time.Duration

// MarshalJSON writes the number of milliseconds.
func (m Milliseconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(m) / float64(time.Millisecond))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Milliseconds) UnmarshalJSON(data []byte) error {
	var ms float64
	if err := json.Unmarshal(data, &ms); err != nil {
		return err
	}
	*m = Milliseconds(ms * float64(time.Millisecond))
	return nil
}
