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
	{Requirement: contract.ResourcesLetGo, Body: resourcesLetGo, When: engine.Last},
}

// heldResources are the resources of a target's process, without those that the target itself needs.
type heldResources struct {
	// Timers is how many timers keep the process from ending.
	Timers int `json:"timers"`
	// Resources counts, by Node's names, the resources that keep the process from ending. Timers are among them.
	Resources map[string]int `json:"resources"`
	// HeapUsed is the memory in bytes after a collection.
	HeapUsed int64 `json:"heapUsed"`
	// OpenFiles counts files, connections and the like. It is nil where the system does not tell.
	OpenFiles *int `json:"openFiles"`
	// Closes: the target has a way to close the store.
	Closes bool `json:"closes"`
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

// waiters are the resources, by Node's names, that keep a process alive without anybody at the other end. A timer may belong to a connection.
var waiters = []string{"FSEventWrap", "StatWatcher", "TCPServerWrap", "PipeServerWrap"}

func resourcesTimers(t *engine.C) {
	t.SetWholeRun(heldBy(t).Timers > 0)
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	t.Get(id)
	t.Destroy(id)
	var h heldResources
	waiting := func() (names []string) {
		for _, name := range waiters {
			if h.Resources[name] > 0 {
				names = append(names, fmt.Sprintf("%d %s", h.Resources[name], name))
			}
		}
		return names
	}
	if eventually(t, func() bool {
		h = heldBy(t)
		return h.Timers == 0 && waiting() == nil
	}) {
		return
	}
	if found := waiting(); found != nil {
		t.Fail("wanted    nothing that keeps the process from ending: call unref on it\ngot       %s", strings.Join(found, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(h.Resources)) {
		if strings.HasSuffix(name, "Wrap") {
			t.Skip("the store holds a connection (%s), which keeps the process from ending and may own the timers", name)
		}
	}
	t.Fail("wanted    no timer that keeps the process from ending: call unref on it\ngot       %d", h.Timers)
}

// resourcesLetGo opens and closes a separate store beside the one under test, and looks at what is more than before. What the store under test
// does meanwhile does not count, because only what each of two stores leaves behind is held against them.
func resourcesLetGo(t *engine.C) {
	if !heldBy(t).Closes {
		t.Skip("the target has no close, so nothing says when the store is not needed any more")
	}
	first := leftByOne(t)
	if len(first) == 0 {
		return
	}
	second := leftByOne(t)
	maps.DeleteFunc(second, func(name string, _ int) bool { return first[name] == 0 })
	if len(second) > 0 {
		t.Fail("wanted    nothing of a closed store to keep the process from ending\ngot       %s more with each store that was opened and closed",
			strings.Join(slices.Sorted(maps.Keys(second)), ", "))
	}
}

// leftByOne returns what is left of a separate store that was used and closed, by Node's names.
func leftByOne(t *engine.C) map[string]int {
	before := heldBy(t).Resources
	other := t.OpenForeign()
	id := t.ID()
	if other.TrySet(id, t.Session("user", t.Tag())) == nil {
		_ = other.TryDestroy(id)
	}
	if err := other.TryClose(); err != nil {
		t.Skip("the store does not close: see %s", contract.ResourcesCloses.ID)
	}
	left := map[string]int{}
	eventuallyWithin(t, closingTime, func() bool {
		clear(left)
		for name, count := range heldBy(t).Resources {
			if more := count - before[name]; more > 0 {
				left[name] = more
			}
		}
		return len(left) == 0
	})
	return left
}
