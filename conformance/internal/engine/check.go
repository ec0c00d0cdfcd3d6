package engine

import "github.com/storecheck/storecheck/spec/contract"

// A Check proves one requirement.
type Check struct {
	Requirement *contract.Requirement
	// Body works with the C alone. It may be called several times, for attempts that could not decide.
	Body func(*C)
	// When says how the check shares the store with others.
	When When
	// Reopens: the check closes instances and opens them again. A store that is not shared has one open instance at a time: the shared
	// instance is closed for the check, which is exclusive then unless it comes last anyway.
	Reopens bool
	// JudgesClose: the check runs although a store has not closed. Others that close instances are skipped then.
	JudgesClose bool
	// OwnProcess: the check works with the stores of Subject.OpenProcess or OpenInZone alone. Where these have a place of their own it runs
	// beside everything else, and judges by itself which optional methods the store has.
	OwnProcess bool
	// InRealTime: on a clock that runs and is moved, the check works beside everything else with a store that lives by the system's clock, where
	// there is one.
	InRealTime bool
	// OnMachine: the check works with a store of Subject.OnMachine alone, beside everything else.
	OnMachine bool

	onSystem bool // its store is one of Subject.OpenReal
}

// When says how a check shares the store with others.
type When int

const (
	// Beside: side by side with some others of its kind, while the timed checks wait for their moments.
	Beside When = iota
	// Timed: on the shared timeline, together with all other timed checks.
	Timed
	// First: like Exclusive, and before everything else: nearly every other check relies on what this one asks for, and a store that hangs
	// shows here what need not be waited for again. It leaves no session to the checks that count.
	First
	// Exclusive: with nothing else going on in the shared store, because the check clears, counts or closes.
	Exclusive
	// Late: like Exclusive, and after everything but the last checks, because the check asks a lot of the store.
	Late
	// Last: after everything else, because the check judges the whole run or harms the store.
	Last
	// Harmful: after even the last checks, and alone, because the store may be harmed until its process ends: another instance that is opened then
	// may not serve.
	Harmful
	// Ages: after the harmful checks, beside others of its kind, because years pass.
	Ages
	// apart: beside everything else, from the start of the run to its end. No instance that others use is touched.
	apart
)

// order is the place of the checks of a kind in a run. A check that clears or counts comes before anything else is stored.
func (w When) order() int {
	switch w {
	case First:
		return 0
	case Exclusive:
		return 1
	case Beside:
		return 2
	case Timed:
		return 3
	case Late:
		return 4
	case Last:
		return 5
	case Harmful:
		return 6
	case Ages:
		return 7
	default: // apart, which is waited for when nothing else is left to do
		return 8
	}
}

// alone reports whether nothing else runs beside a check on the stores that it works with. On a clock that the suite moves each timed check has the time for itself.
func (w When) alone(movesClock bool) bool {
	return w == First || w == Exclusive || w == Late || w == Last || w == Harmful || w == apart || (w == Timed || w == Ages) && movesClock
}
