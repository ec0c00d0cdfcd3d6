// Package speed puts together what a bench has measured: the medians of its rounds, tables for people and a JSON document for programs.
package speed

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/storecheck/storecheck/bench"
)

// Schema is the version of the JSON document.
const Schema = 1

// A Result is what a bench has measured of several targets. JSONSchema describes its JSON.
type Result struct {
	Schema     int       `json:"schema"`
	Storecheck string    `json:"storecheck"`
	Seed       int64     `json:"seed"`
	Started    time.Time `json:"started"`
	Seconds    float64   `json:"seconds"`
	// Stopped is why the bench ended before its time; empty for a whole one.
	Stopped string   `json:"stopped,omitempty"`
	Machine Machine  `json:"machine"`
	Plan    Plan     `json:"plan"`
	Targets []Target `json:"targets"`
	// Figures are sorted by size, callers and operation in the order of the plan, and then by target.
	Figures []Figure `json:"figures"`
}

// A Machine is where the bench ran.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	// Load are the load averages of the last minute at the beginning and at the end. It is empty where the system does not tell.
	Load []float64 `json:"load,omitempty"`
	// FileSystem is that of the temporary folder, where stores keep their files. It is empty where it is not known.
	FileSystem string `json:"fileSystem,omitempty"`
}

// A Plan is what is measured of every target.
type Plan struct {
	Operations []bench.Operation `json:"operations"`
	Sizes      []int             `json:"sizes"`   // of a session's JSON, in bytes
	Callers    []int             `json:"callers"` // calls in flight
	Sessions   int               `json:"sessions"`
	Rounds     int               `json:"rounds"`
	// Seconds is how long each figure is measured in a round, after WarmUp.
	Seconds float64 `json:"seconds"`
	WarmUp  float64 `json:"warmUpSeconds"`
}

// A Step is one figure of a target.
type Step struct {
	Operation bench.Operation `json:"operation"`
	Size      int             `json:"size"`
	Callers   int             `json:"callers"`
}

// Steps are the figures of a target in the order in which they are measured.
func (p Plan) Steps() []Step {
	var steps []Step
	for _, size := range p.Sizes {
		for _, callers := range p.Callers {
			for _, o := range p.Operations {
				steps = append(steps, Step{o, size, callers})
			}
		}
	}
	return steps
}

// Duration is how long the plan takes for a number of targets, apart from starting and filling them.
func (p Plan) Duration(targets int) time.Duration {
	return time.Duration(float64(targets*len(p.Steps())*p.Rounds) * (p.Seconds + p.WarmUp) * float64(time.Second))
}

// A Target is a store that is measured.
type Target struct {
	Spec    string `json:"spec"` // as on the command line
	Name    string `json:"name"`
	Version string `json:"version"`
	Runtime string `json:"runtime"`
	// Touch: the store has touch.
	Touch bool `json:"touch"`
	// OverBridge: the store was called from outside its process, so that the figures are those of the bridge too.
	OverBridge bool `json:"overBridge,omitempty"`
	// Shortcuts says what its server leaves out for the sake of speed, or that an emulator stands in for it.
	Shortcuts string   `json:"shortcuts,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	// Problem is why the store was not measured, although nothing broke: it could not be filled.
	Problem string `json:"problem,omitempty"`
	// Broken is why the target has no figures, or no more.
	Broken string `json:"broken,omitempty"`
}

// A Figure is what was measured of a target in one step.
type Figure struct {
	Target string `json:"target"` // its spec
	Step
	// Problem is why there is no figure: the store was wrong, or broke. The members below are zero then, apart from Rounds.
	Problem string `json:"problem,omitempty"`
	// CallsPerSecond is the median of the rounds, Spread half of the way from the slowest to the fastest round as a part of the median.
	CallsPerSecond float64 `json:"callsPerSecond,omitempty"`
	Spread         float64 `json:"spread"`
	// Ratio is to the CallsPerSecond of the first target; zero where that has none.
	Ratio float64 `json:"ratio,omitempty"`
	// Latency has the medians of the percentiles of the rounds, and the longest call of all. P99 is zero where a round has too few calls for it.
	Latency *bench.Latency `json:"latencyMs,omitempty"`
	// CPU is the processor time of a call in the process of the store, in milliseconds, the median of the rounds. It is zero where it is not known.
	CPU    float64         `json:"cpuMsPerCall,omitempty"`
	Rounds []bench.Reading `json:"rounds"`
}

// fewCalls are too few in a round for a p99, and for a number to rely on.
const fewCalls = 100

// few reports whether a round has too few calls.
func (f *Figure) few() bool {
	return slices.ContainsFunc(f.Rounds, func(r bench.Reading) bool { return r.Calls < fewCalls })
}

// Add adds the reading of a round.
func (f *Figure) Add(r bench.Reading) {
	f.Rounds = append(f.Rounds, r)
	switch {
	case f.Problem != "":
	case r.Errors == 1:
		f.Problem = "a call failed: " + r.FirstError
	case r.Errors > 0:
		f.Problem = fmt.Sprintf("%d calls failed, the first: %s", r.Errors, r.FirstError)
	case r.Calls == 0 || r.ElapsedMs <= 0 || r.LatencyMs == nil:
		f.Problem = "no call was counted: the machine did not come to it, or the time is too short"
	}
}

// Finish computes what follows from the readings.
func (r *Result) Finish() {
	first := map[Step]float64{}
	for i := range r.Figures {
		f := &r.Figures[i]
		f.finish()
		if f.Target == r.Targets[0].Spec {
			first[f.Step] = f.CallsPerSecond
		}
	}
	for i := range r.Figures {
		f := &r.Figures[i]
		if base := first[f.Step]; base > 0 && f.Operation != bench.None {
			f.Ratio = f.CallsPerSecond / base
		}
	}
}

func (f *Figure) finish() {
	if len(f.Rounds) == 0 || f.Problem != "" {
		f.Problem = cmp.Or(f.Problem, "not measured")
		return
	}
	of := func(value func(bench.Reading) float64) []float64 {
		all := make([]float64, len(f.Rounds))
		for i, r := range f.Rounds {
			all[i] = value(r)
		}
		return all
	}
	rates := of(func(r bench.Reading) float64 { return float64(r.Calls) / r.ElapsedMs * 1000 })
	f.CallsPerSecond = median(rates)
	f.Spread = (slices.Max(rates) - slices.Min(rates)) / 2 / f.CallsPerSecond
	f.CPU = median(of(func(r bench.Reading) float64 { return r.CPUMs / float64(r.Calls) }))
	f.Latency = &bench.Latency{
		P50: median(of(func(r bench.Reading) float64 { return r.LatencyMs.P50 })),
		P90: median(of(func(r bench.Reading) float64 { return r.LatencyMs.P90 })),
		Max: slices.Max(of(func(r bench.Reading) float64 { return r.LatencyMs.Max })),
	}
	if !f.few() {
		f.Latency.P99 = median(of(func(r bench.Reading) float64 { return r.LatencyMs.P99 }))
	}
}

// median is the middle of the values, or between the two in the middle.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[n/2] + sorted[(n-1)/2]) / 2
}

// Complete reports whether every figure was measured. A store without touch needs no figure for that.
func (r *Result) Complete() bool {
	return !slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.Problem != "" })
}

// Broke reports whether a target broke or the bench was stopped.
func (r *Result) Broke() bool {
	return r.Stopped != "" || slices.ContainsFunc(r.Targets, func(t Target) bool { return t.Broken != "" })
}

// figuresOf are the figures of a step, in the order of the targets. A target that was not measured at all is left out: its description says why.
func (r *Result) figuresOf(s Step) []Figure {
	var all []Figure
	for _, f := range r.Figures {
		untold := !slices.ContainsFunc(r.Targets, func(t Target) bool { return t.Spec == f.Target && t.Broken+t.Problem != "" })
		if f.Step == s && (len(f.Rounds) > 0 || untold) {
			all = append(all, f)
		}
	}
	return all
}
