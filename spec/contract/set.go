package contract

func setChapter() Chapter {
	return Chapter{"set", "storing a session", []*Requirement{
		SetReplaces, SetReadYourWrite, SetAfterDestroy, SetFailed, SetArgumentUnchanged, SetRealSession, SetCookieOnly,
		SetUnserialisable, SetHistory, SetMany,
	}}
}

// The chapter set.
var (
	SetReplaces = &Requirement{
		ID: "set/replaces", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "set inserts or replaces",
		Breach: "a set does not replace the session that is there",
		Text:   "A set on an unused id inserts the session; a set on a used one replaces it whole, so that a key of the old session that the new one lacks is gone, however little the two differ.",
		Why:    "A store that merges keeps what the application deleted: a revoked role, a finished cart.",
		Source: "express-session README, store.set; connect-redis 6.1 merged (tj/connect-redis 346)",
	}
	SetReadYourWrite = &Requirement{
		ID: "set/read-your-write", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session is visible when set calls back",
		Breach: "a session cannot be seen yet when set calls back",
		Text:   "A get that starts when set has called back, on the same instance, answers with what was set.",
		Why:    "The middleware ends the response in that callback, and the browser's next request follows at once: a login that is not visible yet ends in a redirect loop.",
		Source: "express-session index.js ends the response in the callback of the save; connect-session-sequelize issue 7",
	}
	SetAfterDestroy = &Requirement{
		ID: "set/after-destroy", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a destroyed id can be set again",
		Breach: "a destroyed id cannot be set again",
		Text:   "A set on an id that was destroyed before stores the session as on any other.",
		Why:    "Stores that keep a tombstone acknowledge the set and drop it.",
		Source: "express-session README, store.set; tj/connect-redis 333 and 346, nykula/connect-typeorm 25",
	}
	SetFailed = &Requirement{
		ID: "set/failed", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a failed set is reported and changes nothing by halves",
		Breach: "a set that failed is not reported, or left half a session",
		Text:   "A set that cannot store the session reports an error and leaves the old session or the new one, never a mixture; a set that reports success has stored it.",
		Why:    "A swallowed error loses a login or a payment without anybody noticing.",
		Source: "express-session index.js hands the error of a save to next; connect-pg-simple 5 and 6 swallowed it",
	}
	SetArgumentUnchanged = &Requirement{
		ID: "set/argument-unchanged", Level: Must, Since: "1.0.0",
		Title:  "set leaves its argument as it was",
		Breach: "set changes the session that it is given",
		Text:   "After set has called back, the session that was passed to it is what it was before the call.",
		Why:    "The middleware compares the session with its hash from before the save; a property that the store adds makes every saved session be written twice.",
		Source: "express-session index.js, wrapmethods and hash; session-file-store adds __lastAccess",
	}
	SetRealSession = &Requirement{
		ID: "set/real-session", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "set takes a real Session",
		Breach: "set cannot take the middleware's own Session",
		Text:   "A set of a Session instance, whose non-enumerable req and id lead back to the store, stores its enumerable members only.",
		Why:    "That is what the middleware passes; a store that walks all properties never ends or stores the request.",
		Source: "express-session session/session.js, the constructor",
		Needs:  []Need{NeedExpress},
	}
	SetCookieOnly = &Requirement{
		ID: "set/cookie-only", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a session without data is a session",
		Breach: "a session with nothing but its cookie is lost",
		Text:   "A session that holds nothing but its cookie is stored and found.",
		Why:    "saveUninitialized and regenerate store exactly that; a store that takes it for empty loses the id that the browser just got.",
		Source: "express-session README, saveUninitialized; index.js",
	}
	SetUnserialisable = &Requirement{
		ID: "set/unserialisable", Level: Should, Since: "1.0.0",
		Title:  "a session that cannot be serialised is refused",
		Breach: "a session that has no JSON text is not refused",
		Text:   "A set of a session with a cycle or a BigInt calls back once, with an error, and stores nothing.",
		Why:    "Stores threw into the response, called back twice, or stored a phantom entry.",
		Source: "memorystore 1.6.7 called back twice and kept an entry; the middleware's own hash throws first, hence no Must",
		Needs:  []Need{NeedCallbacks, NeedExpressions},
	}
	SetHistory = &Requirement{
		ID: "set/history", Level: Must, Harm: Loses, Since: "1.0.0", ByChance: true,
		Title:  "a history of calls is answered as by the model",
		Breach: "after a history of calls an answer is wrong",
		Text:   "Any sequence of set, get, destroy and touch on a few ids, one call after the other, is answered as the contract's sequential model answers it.",
		Why:    "Bugs that need three or four calls in a row escape checks that make two.",
		Source: "express-session README, the methods together; package spec/model",
	}
	SetMany = &Requirement{
		ID: "set/many", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "thousands of sessions are kept",
		Breach: "sessions are lost when there are thousands",
		Text:   "Each of more than 3,000 sessions that were set is found by a get.",
		Why:    "A bound that nobody knows of logs users out as soon as there are more of them; a store that is bounded on purpose says so.",
		Source: "express-session README, store.set; caches with a default bound",
	}
)
