// Package bench drives a session store in a closed loop and measures how often and how fast it answers.
//
// A [Driver] holds a store of this process and carries out one [Order] after the other. Package bridge has a driver for a store in another
// process, whose host carries out the same orders there. Every answer is judged while it is measured: a fast wrong answer is an error.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// An Operation is what the callers do.
type Operation string

// The operations. Fill and Destroy call the store once for each id; the others go on until the time of the order is over.
const (
	// Fill sets each session for the first time.
	Fill Operation = "fill"
	// Get gets sessions.
	Get Operation = "get"
	// Set sets sessions that are there. Each set changes one value and renews the cookie.
	Set Operation = "set"
	// Touch touches sessions that are there, with a renewed cookie.
	Touch Operation = "touch"
	// Mix is what express-session does for a request: it gets a session, and then touches it; each fifth request has changed it, and sets it. A
	// store without touch sets each time.
	Mix Operation = "mix"
	// None is Mix with a store that answers at once, in place of the real one: what the driver itself takes.
	None Operation = "none"
	// Destroy destroys each session.
	Destroy Operation = "destroy"
)

// once reports whether the operation calls the store once for each id.
func (o Operation) once() bool { return o == Fill || o == Destroy }

var operations = []Operation{Fill, Get, Set, Touch, Mix, None, Destroy}

// An Order is one measurement. Its JSON is part of the protocol of package bridge.
type Order struct {
	Operation Operation `json:"operation"`
	// Callers is how many calls are in flight. Each caller has its own part of the ids, and makes its next call when the last one is answered.
	Callers int `json:"callers"`
	// IDs are the sessions to use: at least as many as callers.
	IDs []string `json:"ids"`
	// Session is what Fill sets, with two members of its own for each session: see [Load].
	Session json.RawMessage `json:"session"`
	// WarmUpMs is how long the callers call before anything counts.
	WarmUpMs float64 `json:"warmUpMs"`
	// DurationMs is how long calls are counted then. Fill and Destroy end sooner when all ids are done.
	DurationMs float64 `json:"durationMs"`
	// Calls is how many calls are counted at most. 0 is any number.
	Calls int64 `json:"calls,omitempty"`
	// TimeoutMs is how long a call may be without an answer at the end of the order.
	TimeoutMs float64 `json:"timeoutMs"`
}

// Validate returns what is wrong with an order.
func (o Order) Validate() error {
	switch {
	case !slices.Contains(operations, o.Operation):
		return fmt.Errorf("unknown operation %q", o.Operation)
	case o.Callers < 1 || o.Callers > len(o.IDs):
		return fmt.Errorf("%d callers need as many ids, there are %d", o.Callers, len(o.IDs))
	case o.WarmUpMs < 0 || o.DurationMs <= 0 || o.Calls < 0 || o.TimeoutMs <= 0:
		return fmt.Errorf("durationMs and timeoutMs must be positive, warmUpMs and calls not negative")
	}
	return nil
}

// A Reading is what was measured. Its JSON is part of the protocol of package bridge.
type Reading struct {
	// Calls are the calls that were counted, wrong answers among them.
	Calls int64 `json:"calls"`
	// ElapsedMs is the time from the end of the warm-up until the last of the counted calls was answered.
	ElapsedMs float64 `json:"elapsedMs"`
	// LatencyMs is how long the counted calls took, each from its beginning until its answer. It is nil without calls.
	LatencyMs *Latency `json:"latencyMs,omitempty"`
	// CPUMs is the processor time that the counted calls took in the process of the store, in all its threads and with its garbage collection.
	// What else the machine does hardly changes it. It is zero where it is not known.
	CPUMs float64 `json:"cpuMs,omitempty"`
	// Errors are the calls with an error, a wrong answer or none. Those of the warm-up count too.
	Errors int64 `json:"errors"`
	// FirstError says what the first of them was.
	FirstError string `json:"firstError,omitempty"`
}

// Latency are the percentiles, in milliseconds, of the time that calls take in a closed loop. A slow call keeps its caller from making others, so
// they are not those of requests that arrive at their own rate.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// A Bencher carries out orders on its store.
type Bencher interface {
	// Bench carries out an order. Its error is not the store's: an order that cannot be carried out, the end of the context, or trouble with the
	// process of the store.
	Bench(ctx context.Context, o Order) (Reading, error)
}
