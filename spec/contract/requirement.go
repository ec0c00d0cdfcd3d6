package contract

import "fmt"

// A Requirement is one clause of the contract: one behaviour, in one sentence, under one id. Requirements are values of this package;
// a check names the value it proves, so that the compiler ties the two together.
type Requirement struct {
	// ID is chapter/slug. It is written by hand, never reused and never renamed.
	ID string
	// Level says what a violation means.
	Level Level
	// Harm is the worst that a violation does to users of a site. It orders failures, and judges nothing.
	Harm Harm
	// Title names the behaviour in a few words.
	Title string
	// Breach says in a few words what a store does that violates the clause. It is empty for a May, which nothing violates.
	Breach string
	// Text is the clause: one normative sentence in the present tense, readable without the code of any check.
	Text string
	// Why tells what goes wrong in a product when the clause does not hold.
	Why string
	// Source is where the clause is written or relied upon.
	Source string
	// Since is the contract version that brought the clause.
	Since string
	// ByChance: the check tries random calls, so that it may fail for the fault of any other requirement.
	ByChance bool
	// Needs lists what a subject must have for the clause to be checked; without it the clause is skipped with a reason.
	Needs []Need
}

// Chapter returns the part of the id before the slash.
func (r *Requirement) Chapter() string {
	for i := range r.ID {
		if r.ID[i] == '/' {
			return r.ID[:i]
		}
	}
	return r.ID
}

// LogsOut reports whether a violation logs users out although it does not count: a report must not hide it.
func (r *Requirement) LogsOut() bool { return r.Level == Should && r.Harm == LogsOut }

// Version is the version of the contract that this package holds.
const Version = "1.0.0"

// Level says what a requirement asks for. The zero value is no level.
type Level int

const (
	// Must is what express-session's text says or its middleware relies on: a store that violates it is not conformant.
	Must Level = iota + 1
	// Should is what hurts a user although the text leaves it open.
	Should
	// May is left to the store: what it does is recorded and never judged.
	May
)

// String returns must, should or may.
func (l Level) String() string {
	switch l {
	case Must:
		return "must"
	case Should:
		return "should"
	case May:
		return "may"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

// MarshalText writes the level as String does.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (l *Level) UnmarshalText(text []byte) error {
	for _, known := range []Level{Must, Should, May} {
		if known.String() == string(text) {
			*l = known
			return nil
		}
	}
	return fmt.Errorf("unknown level %q: write must, should or may", text)
}

// A Need is something that a subject must have, or must be, for a requirement to be checked.
type Need string

// The optional methods.
const (
	NeedTouch  Need = "touch"
	NeedAll    Need = "all"
	NeedClear  Need = "clear"
	NeedLength Need = "length"
)

// What is true of the subject, or what its author lets the suite do with it.
const (
	NeedDurable    Need = "durable"    // sessions survive a close and a reopen
	NeedShared     Need = "shared"     // two open instances work on the same sessions
	NeedDisposable Need = "disposable" // all of its sessions may be cleared and counted
	NeedForeign    Need = "foreign"    // a second, separate store can be opened on the same backend
	NeedSecret     Need = "secret"     // it can be opened with a secret
	NeedDirectory  Need = "directory"  // the suite may look at the files it writes
	NeedCorrupt    Need = "corrupt"    // the suite can damage one stored record
	NeedBreak      Need = "break"      // the suite can make the backend fail
	NeedKill       Need = "kill"       // it can be opened in a process of its own that the suite may kill
	NeedZones      Need = "zones"      // it can be opened in processes of different time zones
	NeedFaults     Need = "faults"     // the suite can disturb the way to the backend
	NeedRefusals   Need = "refusals"   // the suite can make the backend refuse to write
	NeedInProcess  Need = "in-process" // a Go store in the suite's own process
	NeedRaces      Need = "races"      // a race detector watches the processes of the store
)

// What only the process that holds the store can show; see package probe.
const (
	NeedCallbacks   Need = "callbacks"   // how a method calls back, throws and rejects
	NeedHandles     Need = "handles"     // live arguments and results that can be changed and read again
	NeedExpressions Need = "expressions" // values that JSON cannot carry
	NeedExpress     Need = "express"     // the real express-session around the store
	NeedEvents      Need = "events"      // the events that the store emits
	NeedResources   Need = "resources"   // timers, memory and what else keeps the process alive
	NeedMovedClock  Need = "moved-clock" // a clock that the suite moves, so that years pass at once
	NeedMachine     Need = "machine"     // it can be opened with a clock, a server and a process of its own, of which the suite moves, drops and stops what it likes
	NeedDrops       Need = "drops"       // a server on such a machine, which ends connections that have idled for too long
	NeedTimers      Need = "timers"      // the timers that the store sets, which can be fired
	NeedHTTP        Need = "http"        // a web site with the real express-session around the store
	NeedForms       Need = "forms"       // calls in more ways than one, where the middleware has them
)

// Explain tells a person why a requirement with this need was skipped.
func (n Need) Explain() string {
	if why, ok := needReasons[n]; ok {
		return why
	}
	return "the subject lacks " + string(n)
}

var needReasons = map[Need]string{
	NeedTouch:       "the store has no touch method",
	NeedAll:         "the store has no all method",
	NeedClear:       "the store has no clear method",
	NeedLength:      "the store has no length method",
	NeedDurable:     "the store is not declared durable: its sessions need not survive a close",
	NeedShared:      "the store is not declared shared: two instances need not see each other's sessions",
	NeedDisposable:  "the store is not declared disposable (on a server or in a folder of yours only --disposable does that): its sessions may not be cleared or counted",
	NeedForeign:     "no second, separate store can be opened on the same backend",
	NeedSecret:      "the store cannot be opened with a secret",
	NeedDirectory:   "the store keeps no files that can be looked at",
	NeedCorrupt:     "no stored record can be damaged from outside",
	NeedBreak:       "the backend cannot be made to fail",
	NeedKill:        "the store cannot be opened in a process that may be killed",
	NeedZones:       "the store cannot be opened in processes of different time zones",
	NeedFaults:      "no backend stands behind the store to which the suite may disturb the way",
	NeedRefusals:    "no backend stands behind the store that the suite can make refuse to write",
	NeedInProcess:   "the store does not live in the suite's own process",
	NeedRaces:       "no race detector watches the store; go: targets have one with --race",
	NeedCallbacks:   "the target does not show how its methods call back",
	NeedHandles:     "the target does not hand out its live objects",
	NeedExpressions: "the target takes sessions as JSON only",
	NeedExpress:     "the target does not run inside express-session",
	NeedEvents:      "the target does not show the store's events",
	NeedResources:   "the target does not show its timers and memory",
	NeedMachine:     "the store cannot be opened with a clock, a server and a process of its own, so that nobody can stop or drop any of them (--time shifted does that, where it can be had)",
	NeedDrops:       "the store has no server that would drop its connections",
	NeedMovedClock:  "the clock of the store is not moved, and nobody waits for days (--time shifted moves it, where it can be)",
	NeedTimers:      "the target does not show the timers that the store sets",
	NeedHTTP:        "the target does not put the store behind a web site",
	NeedForms:       "the target makes each call in one way only",
}
