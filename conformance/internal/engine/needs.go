package engine

import (
	"fmt"

	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// fulfilled says of each need how a check finds out whether the subject has it.
var fulfilled = map[contract.Need]func(*C) bool{
	contract.NeedTouch:  func(t *C) bool { return t.capabilities.Touch },
	contract.NeedAll:    func(t *C) bool { return t.capabilities.All },
	contract.NeedClear:  func(t *C) bool { return t.capabilities.Clear },
	contract.NeedLength: func(t *C) bool { return t.capabilities.Length },

	contract.NeedDurable:    func(t *C) bool { return t.suite.subject.Durable },
	contract.NeedShared:     func(t *C) bool { return t.suite.subject.Shared },
	contract.NeedDisposable: func(t *C) bool { return t.suite.subject.Disposable },
	contract.NeedForeign:    func(t *C) bool { return t.suite.subject.OpenForeign != nil },
	contract.NeedSecret:     func(t *C) bool { return t.suite.subject.OpenSecret != nil },
	contract.NeedDirectory:  func(t *C) bool { return t.suite.subject.Dir != "" },
	contract.NeedCorrupt:    func(t *C) bool { return t.suite.subject.Corrupt != nil || t.suite.subject.Dir != "" },
	contract.NeedBreak:      func(t *C) bool { return t.suite.subject.Break != nil },
	contract.NeedKill:       func(t *C) bool { return t.suite.subject.OpenProcess != nil },
	contract.NeedZones:      func(t *C) bool { return t.suite.subject.OpenInZone != nil },
	contract.NeedFaults:     func(t *C) bool { return t.suite.subject.Faulty != nil },
	contract.NeedRefusals:   func(t *C) bool { return t.suite.subject.Refusing != nil },
	contract.NeedMovedClock: func(t *C) bool { return t.Moves() },
	contract.NeedMachine:    func(t *C) bool { return t.suite.subject.OnMachine != nil },
	contract.NeedDrops:      func(t *C) bool { return t.suite.subject.MachineDrops },
	contract.NeedInProcess:  func(t *C) bool { return t.prober == nil },
	contract.NeedRaces:      func(t *C) bool { return t.suite.subject.Races != nil },

	contract.NeedCallbacks:   func(t *C) bool { return t.features().Callbacks },
	contract.NeedHandles:     func(t *C) bool { return t.features().Handles },
	contract.NeedExpressions: func(t *C) bool { return t.features().Expressions },
	contract.NeedExpress:     func(t *C) bool { return t.features().Express },
	contract.NeedEvents:      func(t *C) bool { return t.features().Events },
	contract.NeedResources:   func(t *C) bool { return t.features().Resources },
	contract.NeedTimers:      func(t *C) bool { return t.features().Timers },
	contract.NeedHTTP:        func(t *C) bool { return t.features().HTTP },
	contract.NeedForms:       func(t *C) bool { return t.features().Forms },
}

// Has reports whether the subject has what a requirement needs.
func (t *C) Has(need contract.Need) bool {
	has, known := fulfilled[need]
	if !known {
		panic(fmt.Sprintf("conformance: unknown need %q", need))
	}
	return has(t)
}

// SkipUnlessHas ends the check, with the reason, where the subject lacks one of the needs.
func (t *C) SkipUnlessHas(needs ...contract.Need) {
	for _, need := range needs {
		if !t.Has(need) {
			t.Skip("%s", need.Explain())
		}
	}
}

func (t *C) features() probe.Features {
	if t.prober == nil {
		return probe.Features{}
	}
	return t.prober.Features()
}
