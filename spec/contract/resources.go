package contract

func resourcesChapter() Chapter {
	return Chapter{"resources", "what a store holds on to", []*Requirement{
		ResourcesTimers, ResourcesTimerTooLong, ResourcesMemory, ResourcesOpenFiles, ResourcesCloses, ResourcesLetGo, ResourcesCloseTwice, ResourcesAfterClose,
		ResourcesAfterFailures,
	}}
}

// The chapter resources.
var (
	ResourcesTimers = &Requirement{
		ID: "resources/timers", Level: Should, Since: "1.0.0",
		Title:  "no timer keeps the process alive",
		Breach: "a timer keeps the process alive",
		Text:   "A store that has done its work holds no timer, no watcher of files and no server of its own that keeps the process from ending.",
		Why:    "Scripts and tests that use the store never end.",
		Source: "better-sqlite3-session-store, lowdb-session-store and prisma-session-store do not unref their timers",
		Needs:  []Need{NeedResources},
	}
	ResourcesTimerTooLong = &Requirement{
		ID: "resources/timer-too-long", Level: Should, Since: "1.0.0",
		Title:  "no timer is longer than Node can wait",
		Breach: "a timer is longer than Node can wait, and fires at once",
		Text:   "A store sets no timer with a delay above 2147483647 ms, or with one that is no number.",
		Why:    "Node fires such a timer after a millisecond: a sweep each month runs a thousand times a second, and a session that is to end in a month ends at once.",
		Source: "Node.js documentation of setTimeout, TimeoutOverflowWarning; five popular stores take a life of thirty days for the time between two sweeps",
		Needs:  []Need{NeedTimers},
	}
	ResourcesMemory = &Requirement{
		ID: "resources/memory", Level: Should, Since: "1.0.0",
		Title:  "destroyed sessions are let go",
		Breach: "destroyed sessions stay in memory",
		Text:   "The memory of the process does not grow with the number of sessions that were set and destroyed.",
		Why:    "A cache that is never emptied ends the process after days.",
		Source: "@itrocks/fastify-file-session-store caches for ever",
	}
	ResourcesOpenFiles = &Requirement{
		ID: "resources/open-files", Level: Should, Since: "1.0.0",
		Title:  "calls leave no file open",
		Breach: "calls leave a file open",
		Text:   "The number of files and connections that the process has open does not grow with the number of calls on one id, whether its session lives, has ended or is missing.",
		Why:    "A process may have some thousand of them: then nothing can be opened any more, and every visitor gets an error until somebody restarts the application.",
		Source: "open(2), EMFILE; express-session makes a store once, for the life of the process",
	}
	ResourcesCloses = &Requirement{
		ID: "resources/closes", Level: Should, Since: "1.0.0",
		Title:  "a close ends",
		Breach: "a close does not end",
		Text:   "A close of an open store ends within 10 seconds, without a panic or an exception.",
		Why:    "A shutdown that waits for the store is killed in the end, in the middle of the work of others.",
		Source: "io.Closer leaves it open; orchestrators kill a process that does not end, after 10 to 30 seconds",
	}
	ResourcesLetGo = &Requirement{
		ID: "resources/let-go", Level: Should, Since: "1.0.0",
		Title:  "a closed store lets the process end",
		Breach: "a closed store keeps the process alive",
		Text:   "After its close a store holds nothing that keeps the process from ending: no timer, no connection, no watcher, no thread.",
		Why:    "A shutdown that waits for the process to end is killed in the end; tests and scripts hang.",
		Source: "Node.js documentation: a process ends when nothing is left to wait for",
		Needs:  []Need{NeedResources, NeedForeign},
	}
	ResourcesCloseTwice = &Requirement{
		ID: "resources/close-twice", Level: Should, Since: "1.0.0",
		Title:  "a second Close is harmless",
		Breach: "a second close is an error, or harmful",
		Text:   "A Close of a closed store returns, without a panic.",
		Why:    "Shutdown paths run twice; gofiber's memory storage hung there.",
		Source: "gofiber/storage memory up to 2.1.2",
		Needs:  []Need{NeedInProcess},
	}
	ResourcesAfterClose = &Requirement{
		ID: "resources/after-close", Level: Should, Since: "1.0.0",
		Title:  "a closed store answers with an error",
		Breach: "a closed store answers as if it were open",
		Text:   "A get, set or destroy after Close returns an error, without a panic or a hang.",
		Why:    "A request that is still running at shutdown must end, and must not believe that it was saved.",
		Source: "io.Closer leaves it open; gofiber/storage",
		Needs:  []Need{NeedInProcess},
	}
	ResourcesAfterFailures = &Requirement{
		ID: "resources/after-failures", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "calls that fail use nothing up",
		Breach: "calls that fail use something up",
		Text: "While fifty calls fail, because of a session that cannot be serialised or is too large, a long id, a damaged record, a context that has " +
			"ended or a backend that fails, each is answered, and at most 15 s later set and get of an ordinary session succeed.",
		Why:    "A store that loses a connection, a lock or a place in its queue with each call that fails answers nobody after ten of them, until somebody restarts the application.",
		Source: "express-session makes a store once, for the life of the process; index.js ends no response before the callback",
	}
)
