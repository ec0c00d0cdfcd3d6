package chapters

import (
	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// probeQuietly makes a probed call that is not logged.
func probeQuietly(t *engine.C, call probe.Call) probe.Outcome {
	out, err := t.ProbeQuietly(t, call)
	if err != nil {
		t.Broken(err)
	}
	return out
}

// eventsOf returns the events that the target's process has seen outside of any answer since its start.
func eventsOf(t *engine.C) []probe.Event {
	if !t.Has(contract.NeedEvents) {
		return nil
	}
	events, err := t.Prober().Events(t)
	if err != nil {
		t.Broken(err)
	}
	return events
}
