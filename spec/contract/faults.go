package contract

func faultsChapter() Chapter {
	return Chapter{"faults", "a backend that is slow, cut off, gone and back", []*Requirement{
		FaultsSlow, FaultsAnswered, FaultsAnsweredOnce, FaultsProcessLives, FaultsRightData, FaultsNotMissing, FaultsAcknowledged,
		FaultsSeesChanges, FaultsServesAgain, FaultsConnectEvent, FaultsGivesUp, FaultsRefusedWrites, FaultsRefusedAnswered,
	}}
}

// The chapter faults. An outage is what the suite makes of the way between a store and its backend: connections are reset in the middle of
// an answer, or refused, or nothing gets through and nobody is told, or the backend answers writes with errors. The times are those of an
// ordinary run; they follow the longest that a call may take.
var (
	FaultsSlow = &Requirement{
		ID: "faults/slow", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a slow backend is only slow",
		Breach: "a slow backend makes calls fail",
		Text:   "While every answer of the backend comes 200 ms later, get, set, destroy and touch answer as they do without that.",
		Why:    "Every backend is slow now and then; a store that takes that for an error or a missing session makes an outage of it.",
		Source: "express-session index.js waits for the callback and sets the store no time",
		Needs:  []Need{NeedFaults},
	}
	FaultsAnswered = &Requirement{
		ID: "faults/answered", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "every call of an outage is answered in the end",
		Breach: "a call of an outage is never answered",
		Text:   "A call that is made in an outage of the backend is answered, with an error or late, at most 15 s after the backend is back.",
		Why:    "The response waits for the callback: a call that is forgotten with its connection hangs for ever, although the backend is long back.",
		Source: "express-session README, the signatures; index.js ends no response before the callback",
		Needs:  []Need{NeedFaults},
	}
	FaultsAnsweredOnce = &Requirement{
		ID: "faults/answered-once", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "no call of an outage is answered twice",
		Breach: "a call of an outage is answered twice",
		Text:   "A call that is made in an outage of the backend calls back once only, also when its answer comes after it was given up.",
		Why:    "A second callback of get runs the application's handlers twice.",
		Source: "express-session index.js, the callbacks of store.get, store.set and store.touch",
		Needs:  []Need{NeedFaults, NeedCallbacks},
	}
	FaultsProcessLives = &Requirement{
		ID: "faults/process-lives", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "an outage does not end the process",
		Breach: "an outage ends the process",
		Text:   "An outage of the backend leads to no uncaught exception, no unhandled rejection, no exception at a caller, and not to the end of the process.",
		Why:    "Each of them takes every other user's request along; with the restart that follows, a short outage of the backend is one of the application.",
		Source: "Node's defaults for these and for error events that nobody hears; connect-pg-simple before 5, issue 29",
		Needs:  []Need{NeedFaults},
	}
	FaultsRightData = &Requirement{
		ID: "faults/right-data", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "an outage damages and swaps no answer",
		Breach: "an outage damages or swaps an answer",
		Text:   "A get in an outage of the backend that answers with a session answers with the one that was set, whole.",
		Why:    "A connection that is used on after an answer was given up hands one user the answer for another.",
		Source: "express-session README, store.get by session id; index.js compares nothing afterwards",
		Needs:  []Need{NeedFaults},
	}
	FaultsNotMissing = &Requirement{
		ID: "faults/not-missing", Level: Should, Harm: LogsOut, Since: "1.0.0",
		Title:  "an outage makes no session missing",
		Breach: "an outage makes sessions missing",
		Text:   "A get of a stored session in an outage of the backend is not answered as missing.",
		Why:    "Reported as missing, a short outage logs everybody out and starts new sessions over the old ones.",
		Source: "express-session index.js: an error becomes next(err), a missing session becomes a new one",
		Needs:  []Need{NeedFaults},
	}
	FaultsAcknowledged = &Requirement{
		ID: "faults/acknowledged", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "what was acknowledged survives an outage",
		Breach: "an outage loses what was acknowledged",
		Text: "After an outage of the backend each session is as the last call on it that was acknowledged left it, " +
			"or as one that was not acknowledged would have, whole, and what failed takes no effect after a later call was acknowledged.",
		Why: "A store that reports success for what the backend never heard loses carts and logins, and keeps sessions that were logged out; " +
			"so does one that tries again what it has told to have failed.",
		Source: "express-session README, store.set and store.destroy; connect-pg-simple 5.0.0 and 6.0.0 report success for what failed",
		Needs:  []Need{NeedFaults},
	}
	FaultsSeesChanges = &Requirement{
		ID: "faults/sees-changes", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "an instance sees after an outage what another one has changed",
		Breach: "after an outage an instance does not see what another has changed",
		Text: "What another instance, whose backend was never away, sets or destroys in an outage or after it, an instance sees at most 15 s " +
			"after both the change and the end of the outage, also when it has read the session before.",
		Why:    "An instance that trusts a cache, and was not told of what happened meanwhile, lets those in for good who have logged out elsewhere.",
		Source: "the store's own claim to be shared; Redis documentation, client-side caching: the cache is to be flushed when the connection is lost",
		Needs:  []Need{NeedFaults, NeedShared},
	}
	FaultsServesAgain = &Requirement{
		ID: "faults/serves-again", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "the store serves again after an outage",
		Breach: "the store does not serve again after an outage",
		Text:   "At most 15 s after the backend is back the store sets and gets sessions again, by itself.",
		Why:    "Otherwise somebody must restart the application by hand after each restart of its backend.",
		Source: "express-session makes a store once, for the life of the process",
		Needs:  []Need{NeedFaults},
	}
	FaultsConnectEvent = &Requirement{
		ID: "faults/connect-event", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "a disconnect in an outage is followed by a connect",
		Breach: "a disconnect in an outage is followed by no connect",
		Text:   "A store that emits disconnect in an outage of the backend emits connect at most 15 s after it serves again.",
		Why:    "After disconnect the middleware serves every request without a session until connect comes.",
		Source: "express-session index.js, storeReady",
		Needs:  []Need{NeedFaults, NeedEvents},
	}
	FaultsGivesUp = &Requirement{
		ID: "faults/gives-up", Level: Should, Harm: Stops, Since: "1.0.0",
		Title:  "a call is answered although the backend stays away",
		Breach: "a call is not answered while the backend stays away",
		Text:   "A call that is made while the backend refuses connections or keeps silent is answered within 30 s, although the backend stays as it is.",
		Why:    "Routers and proxies in front of an application give a request up after 30 to 60 s; until then each holds memory and a connection.",
		Source: "express-session index.js sets the store no time; node-redis queues calls without a limit while it is offline",
		Needs:  []Need{NeedFaults},
	}
	FaultsRefusedWrites = &Requirement{
		ID: "faults/refused-writes", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "what the backend refuses is not acknowledged, and the old session stays",
		Breach: "a refused write is acknowledged, or loses the old session",
		Text: "While the backend answers writes with errors, because it is full or a read-only replica, each set, touch and destroy reports an error " +
			"or takes effect, and a get answers with a session that was set, whole, or with an error.",
		Why: "A full disk or a failover to a replica is an ordinary day: a store that does not look at the answer loses logins and carts and keeps sessions " +
			"that were logged out, and one that empties the record before it writes loses the old session too.",
		Source: "express-session README, store.set, store.touch and store.destroy; Redis documentation, maxmemory-policy noeviction and read-only replicas; " +
			"ENOSPC and EFBIG of write(2)",
		Needs: []Need{NeedRefusals},
	}
	FaultsRefusedAnswered = &Requirement{
		ID: "faults/refused-answered", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "a backend that refuses writes ends neither the process nor the service",
		Breach: "a backend that refuses writes ends the process or the service",
		Text: "While the backend answers writes with errors each call is answered once, and nothing is thrown or rejected where nobody can catch it; " +
			"at most 15 s after the backend takes writes again the store sets and gets sessions, by itself, however many were refused.",
		Why: "A store that ends the process with the first refused write, or loses a connection of its pool with each, makes an outage of a full disk " +
			"that lasts until somebody restarts the application.",
		Source: "express-session README, the signatures; Node's default for unhandled rejections; connect-session-knex 5.0.0",
		Needs:  []Need{NeedRefusals},
	}
)
