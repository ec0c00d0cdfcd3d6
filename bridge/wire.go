package bridge

import (
	"encoding/json"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// The codes of the protocol's own errors, beside those of JSON-RPC.
const (
	codeOpen    = 1 // the store could not be opened
	codeUnknown = 2 // unknown instance or handle
	codeCannot  = 3 // the host cannot do this
	codeVersion = 4 // this version of the protocol is not spoken
	codeProfile = 5 // the store is one of another middleware
)

type helloParams struct {
	Protocol int    `json:"protocol"`
	Suite    string `json:"suite"`
}

type helloResult struct {
	Protocol int `json:"protocol"`
	Info
}

// OpenParams tell a program which store to open.
type OpenParams struct {
	// Namespace is a word that no other run uses: part of every key, table or file name on a shared backend.
	Namespace string `json:"namespace"`
	// Dir is a directory that the store may fill; it belongs to the caller.
	Dir string `json:"dir"`
	// Backend is the server of the store, if it has one.
	Backend *Backend `json:"backend,omitempty"`
	// Secret is for a store that encrypts.
	Secret string `json:"secret,omitempty"`
	// Options go to the store's factory unchanged.
	Options map[string]any `json:"options,omitempty"`
}

// A Backend is a server that holds the sessions of stores.
type Backend struct {
	URL string `json:"url"`
}

type openResult struct {
	Instance     string             `json:"instance"`
	Capabilities *spec.Capabilities `json:"capabilities"` // nil where a program leaves it out
	Surface      probe.Surface      `json:"surface"`
}

type callParams struct {
	Instance string `json:"instance"`
	probe.Call
	// ID hides the embedded one: encoding/json would damage a lone surrogate in it.
	ID        json.RawMessage `json:"id,omitempty"`
	SettleMs  Milliseconds    `json:"settleMs,omitempty"`
	TimeoutMs Milliseconds    `json:"timeoutMs,omitempty"`
}

type callResult struct {
	probe.Outcome
	ElapsedMs Milliseconds `json:"elapsedMs,omitempty"`
}

type changeParams struct {
	Handle probe.Handle    `json:"handle"`
	Path   []string        `json:"path"`
	Value  json.RawMessage `json:"value"`
}

type readParams struct {
	Handle probe.Handle `json:"handle"`
}

type readResult struct {
	Value json.RawMessage `json:"value"`
}

type eventsResult struct {
	Events []probe.Event `json:"events"`
}

type serveParams struct {
	Instance string `json:"instance"`
	probe.Site
	MaxAgeMs Milliseconds `json:"maxAgeMs,omitempty"`
}

type serveResult struct {
	URL    string       `json:"url,omitempty"`
	Thrown *probe.Fault `json:"thrown,omitempty"`
}

type unserveParams struct {
	URL string `json:"url"`
}

type placeParams struct {
	Instance string `json:"instance"`
}

// A Place tells which parts of its place an open store uses.
type Place struct {
	Namespace bool `json:"namespace"`
	Dir       bool `json:"dir"`
	Backend   bool `json:"backend"`
}

type benchParams struct {
	Instance string `json:"instance"`
	bench.Order
}

type closeParams struct {
	Instance string `json:"instance"`
}

type closeResult struct {
	Thrown *probe.Fault `json:"thrown,omitempty"`
}

type empty struct{}
