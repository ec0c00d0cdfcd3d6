package contract

func resourcesChapter() Chapter {
	return Chapter{"resources", "what a store holds on to", []*Requirement{
		ResourcesTimers, ResourcesTimerTooLong, ResourcesMemory, ResourcesCloseTwice, ResourcesAfterClose,
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
	ResourcesTimerTooLong = &Requirement{
		ID: "resources/timer-too-long", Level: Should, Since: "1.0.0",
		Title:  "no timer is longer than Node can wait",
		Text:   "A store sets no timer with a delay above 2147483647 ms, or with one that is no number.",
		Why:    "Node fires such a timer after a millisecond: a sweep each month runs a thousand times a second, and a session that is to end in a month ends at once.",
		Source: "Node.js documentation of setTimeout, TimeoutOverflowWarning; five popular stores take a life of thirty days for the time between two sweeps",
		Needs:  []Need{NeedTimers},
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
