package site

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/report/speed"
)

// speedChart shows the calls per second of the mix, the fastest store first, for the smallest sessions and the most callers that were measured. It
// has no bars where there is nothing to show.
func speedChart(r *speed.Result) chart {
	if r == nil || len(r.Plan.Sizes) == 0 || len(r.Plan.Callers) == 0 {
		return chart{}
	}
	size, callers := slices.Min(r.Plan.Sizes), slices.Max(r.Plan.Callers)
	c := chart{
		Label: "Calls per second by store",
		Caption: fmt.Sprintf("Calls per second of the mix that express-session makes, with sessions of %d bytes and %d calls in flight. The scale is logarithmic. "+
			"Measured on %s, %s/%s, %d processors, with stores and servers on one machine. The stores memory and file are storecheck's own, to compare with.",
			size, callers, r.Started.UTC().Format(time.DateOnly), r.Machine.OS, r.Machine.Arch, r.Machine.CPUs),
		Columns: []string{"mix, calls/s", "± of rounds, %", "p50, ms", "p99, ms", "get, calls/s", "set, calls/s", "touch, calls/s"},
	}
	figure := func(t speed.Target, o bench.Operation) (speed.Figure, bool) {
		step := speed.Step{Operation: o, Size: size, Callers: callers}
		i := slices.IndexFunc(r.Figures, func(f speed.Figure) bool {
			return f.Target == t.Spec && f.Step == step && f.CallsPerSecond > 0 && f.Latency != nil
		})
		if i < 0 {
			return speed.Figure{}, false
		}
		return r.Figures[i], true
	}
	rate := func(t speed.Target, o bench.Operation) float64 {
		f, _ := figure(t, o)
		return f.CallsPerSecond
	}
	targets := slices.SortedStableFunc(slices.Values(r.Targets), func(a, b speed.Target) int {
		return int(math.Copysign(1, rate(b, bench.Mix)-rate(a, bench.Mix)))
	})
	for _, t := range targets {
		mix, ok := figure(t, bench.Mix)
		if !ok {
			continue
		}
		fastest := rate(targets[0], bench.Mix)
		cells := []string{number(mix.CallsPerSecond), fmt.Sprintf("%.0f", 100*mix.Spread), latency(mix.Latency.P50), latency(mix.Latency.P99)}
		for _, o := range []bench.Operation{bench.Get, bench.Set, bench.Touch} {
			cells = append(cells, number(rate(t, o)))
		}
		c.add(t.Name+" "+t.Version, number(mix.CallsPerSecond)+"/s", cells, []float64{math.Log10(1+mix.CallsPerSecond) / math.Log10(1+fastest)}, []string{"n"})
	}
	return c
}

// number writes a rate as people read it: three digits that count, and a space between thousands. Zero stands for nothing measured.
func number(v float64) string {
	if v <= 0 {
		return "–"
	}
	unit := math.Pow(10, max(0, math.Floor(math.Log10(v))-2))
	digits := fmt.Sprintf("%.0f", math.Round(v/unit)*unit)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// latency writes milliseconds. Zero stands for too few calls to tell.
func latency(ms float64) string {
	if ms <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.3g", ms)
}
