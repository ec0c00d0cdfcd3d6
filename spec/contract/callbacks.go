package contract

func callbacksChapter() Chapter {
	return Chapter{"callbacks", "how a method answers", []*Requirement{
		CallbacksCalled, CallbacksOnce, CallbacksSuccessIsFalsy, CallbacksNoThrow, CallbacksNoUncaught, CallbacksAsynchronous,
		CallbacksErrorsAreErrors, CallbacksThrowing, CallbacksDestroyWithout, CallbacksSetWithout, CallbacksTouchWithout,
		CallbacksClearWithout, CallbacksReadsWithout, CallbacksExtraArguments, CallbacksFailedCalls,
	}}
}

// The chapter callbacks: for stores whose methods take a callback, seen from inside their process.
var (
	CallbacksCalled = &Requirement{
		ID: "callbacks/called", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "every callback is called",
		Breach: "some callback is never called",
		Text:   "Each method calls its callback, for stored and for missing ids.",
		Why:    "The response waits for it: without it the request hangs.",
		Source: "express-session README, the signatures; index.js",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksOnce = &Requirement{
		ID: "callbacks/once", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "no callback is called twice",
		Breach: "some callback is called twice",
		Text:   "Each method calls its callback once only, also when it reports an error.",
		Why:    "A second callback of get runs the application's handlers twice.",
		Source: "express-session index.js; memorystore up to 1.6.7, prisma-session-store up to 3.1.2",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksSuccessIsFalsy = &Requirement{
		ID: "callbacks/success-is-falsy", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "success has no error argument",
		Breach: "success calls back with an error argument",
		Text:   "On success the first argument of the callback is null, undefined or another falsy value.",
		Why:    "Anything truthy is an HTTP 500.",
		Source: "express-session README, callback(error)",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksNoThrow = &Requirement{
		ID: "callbacks/no-throw", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "no method throws at its caller",
		Breach: "a method throws at its caller",
		Text:   "No method throws synchronously for a valid id and session.",
		Why:    "A throw from set or touch happens inside res.end and becomes an uncaught exception.",
		Source: "express-session index.js calls without a guard",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksNoUncaught = &Requirement{
		ID: "callbacks/no-uncaught", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "nothing is thrown where nobody can catch it",
		Breach: "something is thrown where nobody can catch it",
		Text:   "Neither an operation on a valid id and session nor the store's own work in the background leads to an uncaught exception or an unhandled rejection.",
		Why:    "Node ends the process for either, with every user's request in it.",
		Source: "Node's default for uncaught exceptions and unhandled rejections; session-file-store with a wrong secret",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksAsynchronous = &Requirement{
		ID: "callbacks/asynchronous", Level: Should, Since: "1.0.0",
		Title:  "callbacks come later, not at once",
		Breach: "a callback comes before the call returns",
		Text:   "No method calls its callback before it returns.",
		Why:    "Code that is called sometimes at once and sometimes later is a known source of faults, and deep stacks.",
		Source: "express-session tolerates synchronous stores since 1.5",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksErrorsAreErrors = &Requirement{
		ID: "callbacks/errors-are-errors", Level: Should, Since: "1.0.0",
		Title:  "errors are Error objects",
		Breach: "an error is no Error object",
		Text:   "What a method reports as an error is an Error, not a string or an array.",
		Why:    "Error handlers read message, stack and status.",
		Source: "express-session README, callback(error); session-file-store's clear passes an array",
		Needs:  []Need{NeedCallbacks, NeedExpressions},
	}
	CallbacksThrowing = &Requirement{
		ID: "callbacks/throwing", Level: Should, Since: "1.0.0",
		Title:  "a callback that throws is not called again",
		Breach: "a callback that throws is called again",
		Text:   "A callback that throws is not called a second time with its own error, and the store works on.",
		Why:    "A throw in a handler then runs the rest of the request twice.",
		Source: "jdesboeufs/connect-mongo 440; a callback inside a try or a promise chain",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksDestroyWithout = &Requirement{
		ID: "callbacks/destroy-without", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "destroy works without a callback",
		Breach: "destroy needs a callback",
		Text:   "A destroy without a callback throws nothing, neither at once nor later, and removes the session.",
		Why:    "req.session.destroy() hands its missing callback on, and is common.",
		Source: "express-session session/session.js destroy; better-sqlite3-session-store PR 10, connect-mongo 271",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksSetWithout = &Requirement{
		ID: "callbacks/set-without", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "set works without a callback",
		Breach: "set needs a callback",
		Text:   "A set without a callback throws nothing, neither at once nor later, and stores the session.",
		Why:    "Code outside of the middleware stores sessions so.",
		Source: "express-session session/memory.js tolerates it",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksTouchWithout = &Requirement{
		ID: "callbacks/touch-without", Level: Should, Since: "1.0.0",
		Title:  "touch works without a callback",
		Breach: "touch needs a callback",
		Text:   "A touch without a callback throws nothing, neither at once nor later.",
		Why:    "Code outside of the middleware prolongs sessions so.",
		Source: "express-session session/memory.js tolerates it",
		Needs:  []Need{NeedCallbacks, NeedTouch},
	}
	CallbacksClearWithout = &Requirement{
		ID: "callbacks/clear-without", Level: Should, Since: "1.0.0",
		Title:  "clear works without a callback",
		Breach: "clear needs a callback",
		Text:   "A clear without a callback throws nothing, neither at once nor later, also on an empty store.",
		Why:    "Set-up scripts clear so.",
		Source: "express-session session/memory.js tolerates it; session-file-store crashes on an empty directory",
		Needs:  []Need{NeedCallbacks, NeedClear, NeedDisposable},
	}
	CallbacksReadsWithout = &Requirement{
		ID: "callbacks/reads-without", Level: May, Since: "1.0.0",
		Title:  "what get, all and length do without a callback",
		Text:   "get, all and length without a callback throw, at once or later, reject or do nothing.",
		Why:    "Nobody needs them so; a store that returns promises may accept it.",
		Source: "express-session session/memory.js throws from get and length",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksExtraArguments = &Requirement{
		ID: "callbacks/extra-arguments", Level: May, Since: "1.0.0",
		Title:  "whether callbacks get more than the contract says",
		Text:   "Callbacks of set, destroy, touch and clear get no further arguments on success, or some that the middleware ignores.",
		Why:    "Code that reads them works with one store only.",
		Source: "seven of 27 stores pass something",
		Needs:  []Need{NeedCallbacks},
	}
	CallbacksFailedCalls = &Requirement{
		ID: "callbacks/failed-calls", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "an error is told to the callback alone",
		Breach: "an error is told to the callback, and thrown or rejected too",
		Text: "A call that fails, because its session cannot be serialised or is too large, its record is damaged or its id is too long, leads to no " +
			"uncaught exception and no unhandled rejection, and does not throw at its caller as well when it calls back.",
		Why:    "Nobody looks at the promise that a method returns: when it is rejected Node ends the process, with every user's request in it, on the first call that fails.",
		Source: "Node's default for unhandled rejections; express-session index.js ignores what a method returns; connect-session-knex 5.0.0 rejects beside its callback",
		Needs:  []Need{NeedCallbacks, NeedExpressions},
	}
)
