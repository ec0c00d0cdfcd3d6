package engine

import (
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

func TestPatience(t *testing.T) {
	const full = 15 * time.Second
	for _, c := range []struct {
		name  string
		notes []bool // answered or not, one after the other
		want  time.Duration
	}{
		{"nothing known", nil, full},
		{"answered", []bool{true, true}, full},
		{"missed once", []bool{false}, timeoutAfterHang},
		{"missed and answered", []bool{false, true}, timeoutAfterHang},
		{"missed twice, once answered", []bool{false, false, true}, timeoutAfterManyHangs},
		{"often missed, often answered", []bool{true, false, false, true, false, false, true}, timeoutAfterMostHangs},
		{"never answered", []bool{false, false}, timeoutIfNeverAnswered},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := patience{full: full}
			for _, answered := range c.notes {
				p.note("get", answered, time.Millisecond)
			}
			if got := p.limit("get"); got != c.want {
				t.Errorf("a call may take %s, want %s", got, c.want)
			}
			other := full
			if p.hung() >= mostHangs {
				other = timeoutAfterHang
			}
			if got := p.limit("set"); got != other {
				t.Errorf("a call of another method may take %s, want %s", got, other)
			}
		})
	}
}

// A throw and a rejection are answers that came in time: a store may answer so what it refuses, and be slow for what it takes.
func TestAnswered(t *testing.T) {
	fault := &probe.Fault{Name: "TypeError"}
	for _, c := range []struct {
		name string
		out  probe.Outcome
		want bool
	}{
		{"called back", probe.Outcome{Callbacks: 1}, true},
		{"called back with an error", probe.Outcome{Callbacks: 1, Error: fault}, true},
		{"threw", probe.Outcome{Thrown: fault}, true},
		{"rejected", probe.Outcome{Rejected: fault}, true},
		{"timed out", probe.Outcome{TimedOut: true}, false},
		{"timed out with a promise", probe.Outcome{TimedOut: true, Promise: true}, false},
	} {
		if got := answered(c.out.Err("set")); got != c.want {
			t.Errorf("%s: answered %t, want %t", c.name, got, c.want)
		}
	}
}
