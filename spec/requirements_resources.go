package spec

func resourcesChapter() Chapter {
	return Chapter{"resources", "what a store holds on to", []*Requirement{
		ResourcesTimers, ResourcesMemory, ResourcesCloseTwice, ResourcesAfterClose,
	}}
}

func goChapter() Chapter {
	return Chapter{"go", "stores written in Go", []*Requirement{
		GoCancelledContext, GoEmptyID, GoNoGoroutineLeak,
	}}
}

// The chapter resources.
var (
	ResourcesTimers = &Requirement{
		ID: "resources/timers", Level: Should, Since: "1.0.0",
		Title:  "no timer keeps the process alive",
		Text:   "A store that has done its work holds no timer that keeps the process from ending.",
		Why:    "Scripts and tests that use the store never end.",
		Source: "better-sqlite3-session-store, lowdb-session-store and prisma-session-store do not unref their timers",
		Needs:  []Need{NeedResources},
	}
	ResourcesMemory = &Requirement{
		ID: "resources/memory", Level: Should, Since: "1.0.0",
		Title:  "destroyed sessions are let go",
		Text:   "The memory of the process does not grow with the number of sessions that were set and destroyed.",
		Why:    "A cache that is never emptied ends the process after days.",
		Source: "@itrocks/fastify-file-session-store caches for ever",
	}
	ResourcesCloseTwice = &Requirement{
		ID: "resources/close-twice", Level: Should, Since: "1.0.0",
		Title:  "a second Close is harmless",
		Text:   "A Close of a closed store returns, without a panic.",
		Why:    "Shutdown paths run twice; gofiber's memory storage hung there.",
		Source: "gofiber/storage memory up to 2.1.2",
		Needs:  []Need{NeedInProcess},
	}
	ResourcesAfterClose = &Requirement{
		ID: "resources/after-close", Level: Should, Since: "1.0.0",
		Title:  "a closed store answers with an error",
		Text:   "A get, set or destroy after Close returns an error, without a panic or a hang.",
		Why:    "A request that is still running at shutdown must end, and must not believe that it was saved.",
		Source: "io.Closer leaves it open; gofiber/storage",
		Needs:  []Need{NeedInProcess},
	}
)

// The chapter go.
var (
	GoCancelledContext = &Requirement{
		ID: "go/cancelled-context", Level: Must, Since: "1.0.0",
		Title:  "a cancelled context has its error and no effect",
		Text:   "A call with a context that is already cancelled returns that context's error and changes nothing.",
		Why:    "Who cancelled has stopped waiting and decided that it did not happen.",
		Source: "package context; gofiber/storage 1928d025",
		Needs:  []Need{NeedInProcess},
	}
	GoEmptyID = &Requirement{
		ID: "go/empty-id", Level: Should, Since: "1.0.0",
		Title:  "an empty id is no panic",
		Text:   "get, set, destroy and touch with an empty id work, are missing or return an error, without a panic.",
		Why:    "A cookie without a value is enough to send one.",
		Source: "gofiber/storage ignores it; scs boltstore returns an error",
		Needs:  []Need{NeedInProcess},
	}
	GoNoGoroutineLeak = &Requirement{
		ID: "go/no-goroutine-leak", Level: Must, Since: "1.0.0",
		Title:  "Close ends the store's goroutines",
		Text:   "After Close the goroutines that the store started have ended.",
		Why:    "A sweeper that lives on holds the store and its backend for ever.",
		Source: "alexedwards/scs 228 and 231",
		Needs:  []Need{NeedInProcess},
	}
)
