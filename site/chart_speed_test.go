package site

import (
	"slices"
	"testing"
	"time"

	"github.com/storecheck/storecheck/bench"
	"github.com/storecheck/storecheck/report/speed"
)

// measured is a bench of three stores, of which one broke before its mix was measured.
func measured() *speed.Result {
	figure := func(target string, o bench.Operation, size int, rate float64) speed.Figure {
		return speed.Figure{
			Target: target, Step: speed.Step{Operation: o, Size: size, Callers: 16}, CallsPerSecond: rate, Spread: 0.05,
			Latency: &bench.Latency{P50: 0.0123, P99: 4.5},
		}
	}
	return &speed.Result{
		Schema: speed.Schema, Started: time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), Machine: speed.Machine{OS: "linux", Arch: "amd64", CPUs: 2},
		Plan:    speed.Plan{Operations: []bench.Operation{bench.Get, bench.Mix}, Sizes: []int{4096, 300}, Callers: []int{1, 16}},
		Targets: []speed.Target{{Spec: "npm:slow", Name: "slow", Version: "1.0.0"}, {Spec: "npm:gone", Name: "gone"}, {Spec: "npm:fast", Name: "fast", Version: "2.0.0"}},
		Figures: []speed.Figure{
			figure("npm:slow", bench.Mix, 300, 987.6), figure("npm:slow", bench.Mix, 4096, 5),
			figure("npm:fast", bench.Mix, 300, 1_234_567), figure("npm:fast", bench.Get, 300, 2e6),
			{Target: "npm:gone", Step: speed.Step{Operation: bench.Mix, Size: 300, Callers: 16}, Problem: "it broke"},
		},
	}
}

// The fastest store comes first, and one without a figure is left out.
func TestSpeedChart(t *testing.T) {
	c := speedChart(measured())
	if len(c.Bars) != 2 {
		t.Fatalf("%d bars, want 2", len(c.Bars))
	}
	want := []string{"1\u202f230\u202f000", "5", "0.0123", "4.5", "2\u202f000\u202f000", "–", "–"}
	if b := c.Bars[0]; b.Name != "fast 2.0.0" || b.Value != "1\u202f230\u202f000/s" || !slices.Equal(b.Cells, want) || b.Parts[0].Width != fullWidth {
		t.Errorf("first %+v", b)
	}
	if b := c.Bars[1]; b.Name != "slow 1.0.0" || b.Value != "988/s" || len(b.Cells) != len(c.Columns) {
		t.Errorf("second %+v", b)
	}
	if bars := speedChart(nil).Bars; bars != nil {
		t.Errorf("without a bench: %v", bars)
	}
}
