package chapters

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// resourcesProbeChecks are the checks of the chapter resources that look into the store's process.
var resourcesProbeChecks = []engine.Check{
	{Requirement: contract.ResourcesTimers, Body: resourcesTimers, When: engine.Last},
	{Requirement: contract.ResourcesTimerTooLong, Body: resourcesTimerTooLong, When: engine.Last},
}

// heldResources are the resources of a target's process, without those that the target itself needs.
type heldResources struct {
	// Timers is how many timers keep the process from ending.
	Timers int `json:"timers"`
	// Resources counts, by Node's names, the resources that keep the process from ending. Timers are among them.
	Resources map[string]int `json:"resources"`
	// HeapUsed is the memory in bytes after a collection.
	HeapUsed int64 `json:"heapUsed"`
}

// heldBy returns the resources of the target's process, which must be able to show them.
func heldBy(t *engine.C) heldResources {
	out := t.Probe(probe.Call{Method: "resources"})
	var h heldResources
	if err := json.Unmarshal(out.Value, &h); err != nil {
		t.Broken(fmt.Errorf("the target's resources: %w", err))
	}
	return h
}

func resourcesTimers(t *engine.C) {
	t.SetWholeRun(heldBy(t).Timers > 0)
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	t.Get(id)
	t.Destroy(id)
	var h heldResources
	if eventually(t, func() bool {
		h = heldBy(t)
		return h.Timers == 0
	}) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(h.Resources)) {
		if strings.HasSuffix(name, "Wrap") {
			t.Skip("the store holds a connection (%s), which keeps the process from ending and may own the timers", name)
		}
	}
	t.Fail("wanted    no timer that keeps the process from ending: call unref on it\ngot       %d", h.Timers)
}
