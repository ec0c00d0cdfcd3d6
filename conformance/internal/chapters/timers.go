package chapters

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// storeTimers are the timers that the store has set in its process, not those of the clients that it uses.
type storeTimers struct {
	// Timers wait for a second or longer, and repeat or were set when the store was opened.
	Timers []storeTimer `json:"timers"`
	// Spinning are those that Node fires each millisecond, because it cannot wait so long.
	Spinning []spinningTimer `json:"spinning"`
}

type storeTimer struct {
	Repeats bool    `json:"repeats"`
	Ms      float64 `json:"ms"`
	At      string  `json:"at"`
}

type spinningTimer struct {
	Repeats bool   `json:"repeats"`
	Ms      string `json:"ms"`
	At      string `json:"at"`
}

func (s storeTimer) String() string {
	return fmt.Sprintf("%s after %s, set at %s", timerKind(s.Repeats), time.Duration(s.Ms*float64(time.Millisecond)), s.At)
}

func (s spinningTimer) String() string {
	return fmt.Sprintf("%s after %s ms, set at %s", timerKind(s.Repeats), s.Ms, s.At)
}

func timerKind(repeats bool) string {
	if repeats {
		return "setInterval"
	}
	return "setTimeout"
}

// timersOf returns the timers of the store, none where its process does not show them.
func timersOf(t *engine.C) storeTimers {
	if !t.Has(contract.NeedTimers) {
		return storeTimers{}
	}
	return timersCall(t, "timers")
}

// timersCall tells the timers of the store or fires them, each once, as its time would.
func timersCall(t *engine.C, method string) storeTimers {
	out := t.Probe(probe.Call{Method: method})
	var s storeTimers
	if err := json.Unmarshal(out.Value, &s); err != nil {
		t.Broken(fmt.Errorf("the target's timers: %w", err))
	}
	return s
}

func resourcesTimerTooLong(t *engine.C) {
	// A timer may be that of a session.
	month := 31 * 24 * time.Hour
	id := t.ID()
	if err := t.TrySet(id, t.SessionFor(month, "user", t.Tag())); err == nil && t.Capabilities().Touch {
		_ = t.TryTouch(id, t.SessionFor(month, "user", t.Tag())) // another requirement judges its error
	}
	spinning := timersOf(t).Spinning
	if len(spinning) == 0 {
		return
	}
	lines := make([]string, len(spinning))
	for i, s := range spinning {
		lines[i] = s.String()
	}
	t.FailOfRun("wanted    no timer above 2147483647 ms, which Node fires after 1 ms\ngot       %s", strings.Join(lines, "\n          "))
}
