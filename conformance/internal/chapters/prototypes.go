package chapters

import (
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// isolationProbeChecks are the checks of the chapter isolation that look at what the whole process of a store shares.
var isolationProbeChecks = []engine.Check{
	{Requirement: contract.IsolationPrototypes, Body: isolationPrototypes, When: engine.Last},
}

func isolationPrototypes(t *engine.C) {
	id := t.ID()
	t.Set(id, t.Session("user", t.Tag()))
	t.Find(id)
	t.Destroy(id)
	if changed := prototypeEvents(t, "prototype", ""); len(changed) > 0 {
		t.FailOfRun("wanted    the prototypes of JavaScript as they were before the store was loaded\ngot       %s", strings.Join(changed[:min(3, len(changed))], "; "))
	}
}

// expectNoPollution fails the check if, after the events before, something appeared in a prototype that has the name. The target has taken it
// away again, so that only this check meets it.
func expectNoPollution(t *engine.C, name string, before int) {
	if polluted := prototypeEvents(t, "pollution", name); len(polluted) > before {
		t.Fail("wanted    no member that every object inherits\ngot       %s", polluted[before])
	}
}

// prototypeEvents tells what happened to the prototypes of JavaScript, as far as the text of the event has the name.
func prototypeEvents(t *engine.C, kind, name string) []string {
	var told []string
	for _, e := range eventsOf(t) {
		if e.Kind != kind || !strings.Contains(e.Text, name) {
			continue
		}
		switch {
		case e.Method == "open":
			e.Text += " when the store was loaded or opened"
		case e.Method != "":
			e.Text += ", seen after " + phrase.Call(probe.Call{Method: e.Method, ID: e.ID})
		}
		told = append(told, e.Text)
	}
	return told
}

// pollutingMembers are members of sessions that name prototypes, in the ways in which copies, merges and paths go through members. name is
// what would show in other objects.
func pollutingMembers(name string) []sessionMember {
	inside := `{"` + name + `":true}`
	return []sessionMember{
		{"form", `{"deep":{"__proto__":` + inside + `,"constructor":{"prototype":` + inside + `}}}`},
		{"__proto__", inside},
		{"constructor", `{"prototype":` + inside + `}`},
		{"list", `[{"__proto__":` + inside + `}]`},
		{"__proto__." + name, `true`},
		{"form.__proto__." + name, `true`},
		{"constructor.prototype." + name, `true`},
		{"__proto__[" + name + "]", `true`},
	}
}
