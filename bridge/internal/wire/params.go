package wire

import (
	"encoding/json"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/probe"
)

// The codes of the protocol's own errors, beside those of JSON-RPC.
const (
	CodeOpen    = 1 // the store could not be opened
	CodeUnknown = 2 // unknown instance or handle
	CodeCannot  = 3 // the host cannot do this
	CodeVersion = 4 // this version of the protocol is not spoken
	CodeProfile = 5 // the store is one of another middleware
)

// HelloParams are those of hello, the first request.
type HelloParams struct {
	Protocol int    `json:"protocol"`
	Suite    string `json:"suite"`
}

// A HelloResult is how a program introduces itself.
type HelloResult struct {
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

// An OpenResult says what was opened.
type OpenResult struct {
	Instance     string             `json:"instance"`
	Capabilities *spec.Capabilities `json:"capabilities"` // nil where a program leaves it out
	Surface      probe.Surface      `json:"surface"`
}

// CallParams are those of a call on a store.
type CallParams struct {
	Instance string `json:"instance"`
	probe.Call
	// ID hides the embedded one: encoding/json would damage a lone surrogate in it.
	ID        json.RawMessage `json:"id,omitempty"`
	SettleMs  Milliseconds    `json:"settleMs,omitempty"`
	TimeoutMs Milliseconds    `json:"timeoutMs,omitempty"`
}

// A CallResult is the outcome of a call.
type CallResult struct {
	probe.Outcome
	ElapsedMs Milliseconds `json:"elapsedMs,omitempty"`
}

// ChangeParams set a member of a live object.
type ChangeParams struct {
	Handle probe.Handle    `json:"handle"`
	Path   []string        `json:"path"`
	Value  json.RawMessage `json:"value"`
}

// ReadParams name a live object.
type ReadParams struct {
	Handle probe.Handle `json:"handle"`
}

// A ReadResult is the JSON of a live object.
type ReadResult struct {
	Value json.RawMessage `json:"value"`
}

// An EventsResult has what was seen since the last asking.
type EventsResult struct {
	Events []probe.Event `json:"events"`
}

// ServeParams put a store behind a web site.
type ServeParams struct {
	Instance string `json:"instance"`
	probe.Site
	MaxAgeMs Milliseconds `json:"maxAgeMs,omitempty"`
}

// A ServeResult says where the site is.
type ServeResult struct {
	URL    string       `json:"url,omitempty"`
	Thrown *probe.Fault `json:"thrown,omitempty"`
}

// UnserveParams name a site.
type UnserveParams struct {
	URL string `json:"url"`
}

// PlaceParams name a store.
type PlaceParams struct {
	Instance string `json:"instance"`
}

// A Place tells which parts of its place an open store uses.
type Place struct {
	Namespace bool `json:"namespace"`
	Dir       bool `json:"dir"`
	Backend   bool `json:"backend"`
}

// BenchParams have the members of a bench.Order beside the instance.
type BenchParams struct {
	Instance string `json:"instance"`
}

// CloseParams name a store.
type CloseParams struct {
	Instance string `json:"instance"`
}

// A CloseResult says whether a store failed to close.
type CloseResult struct {
	Thrown *probe.Fault `json:"thrown,omitempty"`
}

// Empty is {}.
type Empty struct{}
