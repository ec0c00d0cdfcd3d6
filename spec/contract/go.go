package contract

func goChapter() Chapter {
	return Chapter{"go", "stores written in Go", []*Requirement{
		GoCancelledContext, GoEmptyID, GoNoGoroutineLeak, GoNoDataRace,
	}}
}

// The chapter go.
var (
	GoCancelledContext = &Requirement{
		ID: "go/cancelled-context", Level: Must, Since: "1.0.0",
		Title:  "a cancelled context has its error and no effect",
		Breach: "a cancelled context is not heeded",
		Text:   "A call with a context that is already cancelled returns that context's error and changes nothing.",
		Why:    "Who cancelled has stopped waiting and decided that it did not happen.",
		Source: "package context; gofiber/storage 1928d025",
		Needs:  []Need{NeedInProcess},
	}
	GoEmptyID = &Requirement{
		ID: "go/empty-id", Level: Should, Harm: Stops, Since: "1.0.0",
		Title:  "an empty id is no panic",
		Breach: "an empty id is a panic",
		Text:   "get, set, destroy and touch with an empty id work, are missing or return an error, without a panic.",
		Why:    "A cookie without a value is enough to send one.",
		Source: "gofiber/storage ignores it; scs boltstore returns an error",
		Needs:  []Need{NeedInProcess},
	}
	GoNoGoroutineLeak = &Requirement{
		ID: "go/no-goroutine-leak", Level: Must, Since: "1.0.0",
		Title:  "Close ends the store's goroutines",
		Breach: "Close leaves goroutines running",
		Text:   "After Close the goroutines that the store started have ended.",
		Why:    "A sweeper that lives on holds the store and its backend for ever.",
		Source: "alexedwards/scs 228 and 231",
		Needs:  []Need{NeedInProcess},
	}
	GoNoDataRace = &Requirement{
		ID: "go/no-data-race", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "the store has no data race",
		Breach: "two goroutines of the store race for the same memory",
		Text:   "Go's race detector reports no data race in a process of the store.",
		Why:    "A program with a data race may read half a value, or a session of somebody else, and no other check is sure to see it.",
		Source: "the Go memory model; alexedwards/scs 250; go-session/session 3.2.1",
		Needs:  []Need{NeedRaces},
	}
)
