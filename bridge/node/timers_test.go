package node_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/storecheck/storecheck/spec/probe"
)

// Timers that the store sets when it is opened are told and fire on demand, again and again. Those of a session are left to their time.
func TestTimers(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "sets-timers.js")
	ask := func(method string) (v struct{ Timers, Spinning []struct{ At string } }) {
		o := do(t, s, probe.Call{Method: method})
		if err := json.Unmarshal(o.Value, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	do(t, s, probe.Call{Method: "set", ID: "a", Session: json.RawMessage(`{"cookie":{}}`)})
	v := ask("timers")
	if len(v.Timers) != 4 || len(v.Spinning) != 1 || !strings.Contains(v.Spinning[0].At, "sets-timers.js:14:") {
		t.Errorf("timers: %+v", v)
	}
	for _, want := range []string{"1", "2"} {
		ask("fire")
		want = strings.ReplaceAll(`{"cookie":{},"interval":N,"timeout":N,"tick":N,"sleep":N,"session":0}`, "N", want)
		var got string
		for range 100 {
			if got = string(do(t, s, probe.Call{Method: "get", ID: "a"}).Value); got == want {
				break
			}
		}
		if got != want {
			t.Errorf("fired: %s, want %s", got, want)
		}
	}
}

// A heartbeat looks for what was answered since the one before. It fires on demand as often as one likes, but never right after it has fired.
func TestTimersFireApart(t *testing.T) {
	t.Parallel()
	s, _ := open(t, "ticks.js")
	for start := time.Now(); time.Since(start) < 2500*time.Millisecond; {
		do(t, s, probe.Call{Method: "fire"})
	}
	if got, _ := strconv.Atoi(string(do(t, s, probe.Call{Method: "length"}).Value)); got < 200 || got > 2000 {
		t.Errorf("a timer has fired %d ms after it had fired, want 200 at least", got)
	}
}
