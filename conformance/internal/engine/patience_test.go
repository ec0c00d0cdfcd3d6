package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

// What gets show of a store that never answers a miss, and what they do not show of others.
func TestMissesHang(t *testing.T) {
	type get struct{ answered, found, neverSet bool }
	hung, miss, hit := get{false, false, true}, get{true, false, true}, get{true, true, false}
	hungHit := get{false, false, false}
	for _, c := range []struct {
		name string
		gets []get
		want bool
	}{
		{"not sure yet", []get{hit, hung, hung}, false},
		{"sure", []get{hit, hung, hung, hung}, true},
		{"one was answered before", []get{miss, hung, hung, hung}, false},
		{"one is answered later", []get{hung, hung, hung, hung, miss}, false},
		{"what hangs may have been set", []get{hit, hungHit, hungHit, hungHit}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := patience{}
			for _, g := range c.gets {
				p.noteGet(g.answered, g.found, g.neverSet)
			}
			if got := p.missesHang(); got != c.want {
				t.Errorf("misses hang: %t", got)
			}
		})
	}
}

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
				p.note("get", answered, 0)
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

// Calls that hang at the same time are one occasion for a store that has answered: its process may have stood still. One after the other, and where
// none was ever answered, each counts.
func TestHangsTogether(t *testing.T) {
	const full = 15 * time.Second
	for _, c := range []struct {
		name     string
		answered bool
		pause    time.Duration
		want     time.Duration
	}{
		{"together", true, 0, timeoutAfterHang},
		{"one after the other", true, full, timeoutAfterMostHangs},
		{"together, and never answered", false, 0, timeoutIfNeverAnswered},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(*testing.T) {
				p := patience{full: full}
				if c.answered {
					p.note("get", true, time.Millisecond)
				}
				for range mostHangs {
					time.Sleep(c.pause)
					p.note("get", false, full)
				}
				if got := p.limit("get"); got != c.want {
					t.Errorf("a get may take %s, want %s", got, c.want)
				}
			})
		})
	}
}
