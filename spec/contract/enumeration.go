package contract

func enumerationChapter() Chapter {
	return Chapter{"enumeration", "all, length and clear", []*Requirement{
		EnumerationAllCollection, EnumerationAllArray, EnumerationAllElements, EnumerationAllLive, EnumerationAllNothingElse,
		EnumerationAllEmpty, EnumerationAllOddIDs, EnumerationAllMany, EnumerationAllIDs, EnumerationLengthCounts,
		EnumerationLengthReset, EnumerationLengthDestroy, EnumerationLengthMany, EnumerationClearEmpties, EnumerationClearEmpty,
		EnumerationClearLaterSets, EnumerationClearMany, EnumerationOwnOnly,
	}}
}

// The chapter enumeration. The three methods are optional: a store without one is not judged on it.
var (
	EnumerationAllCollection = &Requirement{
		ID: "enumeration/all-collection", Level: Must, Since: "1.0.0",
		Title:  "all answers with a collection",
		Breach: "all does not answer with a collection",
		Text:   "all calls back without an error and with an array, or with an object keyed by session id.",
		Why:    "Nothing else can be iterated by an application that does not know the store.",
		Source: "express-session README, store.all; MemoryStore answers with an object",
		Needs:  []Need{NeedAll},
	}
	EnumerationAllArray = &Requirement{
		ID: "enumeration/all-array", Level: Should, Since: "1.0.0",
		Title:  "all answers with an array",
		Breach: "all does not answer with an array",
		Text:   "The collection that all answers with is an array.",
		Why:    "An application written from the text calls map or forEach on it.",
		Source: "express-session README, store.all: as an array",
		Needs:  []Need{NeedAll, NeedCallbacks},
	}
	EnumerationAllElements = &Requirement{
		ID: "enumeration/all-elements", Level: Should, Since: "1.0.0",
		Title:  "the elements of all are sessions",
		Breach: "the elements of all are no sessions",
		Text:   "Each element of all is a session with its own cookie, not a row of the backend around it.",
		Why:    "An application that reads element.user finds nothing in a row of id, text and date.",
		Source: "express-session README, store.all: all sessions",
		Needs:  []Need{NeedAll},
	}
	EnumerationAllLive = &Requirement{
		ID: "enumeration/all-live", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "all has every live session once",
		Breach: "all lacks a live session, or has one twice",
		Text:   "all answers with each live session exactly once and with the data that was set.",
		Why:    "Logging a user out everywhere goes through all: a session that is left out stays logged in.",
		Source: "express-session README, store.all: all sessions in the store",
		Needs:  []Need{NeedAll},
	}
	EnumerationAllNothingElse = &Requirement{
		ID: "enumeration/all-nothing-else", Level: Must, Since: "1.0.0",
		Title:  "all has nothing that is no live session",
		Breach: "all has something that is no live session",
		Text:   "all answers with no session that was destroyed and with nothing that was not set.",
		Why:    "Bookkeeping records and dead sessions crash or mislead who iterates.",
		Source: "express-session README, store.all: all sessions in the store",
		Needs:  []Need{NeedAll, NeedDisposable},
	}
	EnumerationAllEmpty = &Requirement{
		ID: "enumeration/all-empty", Level: Must, Since: "1.0.0",
		Title:  "all of an empty store is an empty collection",
		Breach: "all of an empty store is no empty collection",
		Text:   "all of a store without sessions calls back without an error and with an empty collection.",
		Why:    "A fresh deployment has none.",
		Source: "express-session README, store.all",
		Needs:  []Need{NeedAll, NeedClear, NeedDisposable},
	}
	EnumerationAllOddIDs = &Requirement{
		ID: "enumeration/all-odd-ids", Level: Should, Since: "1.0.0",
		Title:  "all survives an id that names a prototype member",
		Breach: "an id that names a prototype member breaks all",
		Text:   "all answers with the sessions whose ids are __proto__ or constructor like with any other.",
		Why:    "Keyed by id in an ordinary object they vanish.",
		Source: "memorystore and express-mysql-session lose __proto__",
		Needs:  []Need{NeedAll},
	}
	EnumerationAllMany = &Requirement{
		ID: "enumeration/all-many", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "all is complete with thousands of sessions",
		Breach: "all is incomplete with thousands of sessions",
		Text:   "all answers with every one of more than 3,000 live sessions, and with each once.",
		Why:    "Paging that stops after the first page is seen in production only.",
		Source: "express-session README, store.all; redis SCAN and SQL pages",
		Needs:  []Need{NeedAll},
	}
	EnumerationAllIDs = &Requirement{
		ID: "enumeration/all-ids", Level: May, Since: "1.0.0",
		Title:  "whether all tells the ids",
		Text:   "The ids of the sessions of all are its keys, are added to each session, or are not told.",
		Why:    "An application that destroys what it lists needs them.",
		Source: "express-session README is silent; stores differ",
		Needs:  []Need{NeedAll, NeedCallbacks},
	}
	EnumerationLengthCounts = &Requirement{
		ID: "enumeration/length-counts", Level: Must, Since: "1.0.0",
		Title:  "length counts the sessions",
		Breach: "length does not count the sessions",
		Text:   "length answers with a whole number, which is 0 in an empty store and n more after n sets of new ids.",
		Why:    "It is what dashboards and licence limits read.",
		Source: "express-session README, store.length",
		Needs:  []Need{NeedLength, NeedDisposable},
	}
	EnumerationLengthReset = &Requirement{
		ID: "enumeration/length-reset", Level: Must, Since: "1.0.0",
		Title:  "setting a session again does not count twice",
		Breach: "setting a session again counts it twice",
		Text:   "length is unchanged by a set of an id that is already stored, and one more after many sets of a new id at the same time.",
		Why:    "A counter beside the data drifts with every request.",
		Source: "express-session README, store.length; level-session-store counts twice",
		Needs:  []Need{NeedLength, NeedDisposable},
	}
	EnumerationLengthDestroy = &Requirement{
		ID: "enumeration/length-destroy", Level: Must, Since: "1.0.0",
		Title:  "destroy is counted once",
		Breach: "length is wrong after a destroy",
		Text:   "length is one less after a destroy of a stored id, unchanged by a destroy of a missing one, and never negative.",
		Why:    "A counter that falls below zero is worse than none.",
		Source: "express-session README, store.length; level-session-store goes to -1",
		Needs:  []Need{NeedLength, NeedDisposable},
	}
	EnumerationLengthMany = &Requirement{
		ID: "enumeration/length-many", Level: Should, Since: "1.0.0",
		Title:  "length counts thousands of sessions",
		Breach: "length is wrong with thousands of sessions",
		Text:   "length is as many more as there were sets of new ids, for more than 3,000, many of them at the same time.",
		Why:    "A count of one page, or one that loses steps when sets meet, is right for as long as nobody needs it.",
		Source: "express-session README, store.length: the count of all sessions; stores that count the keys of one page",
		Needs:  []Need{NeedLength, NeedDisposable},
	}
	EnumerationClearEmpties = &Requirement{
		ID: "enumeration/clear-empties", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "clear removes every session",
		Breach: "clear leaves sessions",
		Text:   "After clear has called back, every get is missing, length is 0 and all is empty.",
		Why:    "It is the emergency logout of everybody.",
		Source: "express-session README, store.clear",
		Needs:  []Need{NeedClear, NeedDisposable},
	}
	EnumerationClearEmpty = &Requirement{
		ID: "enumeration/clear-empty", Level: Must, Since: "1.0.0",
		Title:  "clearing an empty store is no error",
		Breach: "clearing an empty store is an error",
		Text:   "A clear of a store without sessions calls back without an error.",
		Why:    "Set-up scripts and tests clear first.",
		Source: "express-session README, store.clear; connect-redis 4 to 6 failed on DEL without keys",
		Needs:  []Need{NeedClear, NeedDisposable},
	}
	EnumerationClearLaterSets = &Requirement{
		ID: "enumeration/clear-later-sets", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "what is set after clear stays",
		Breach: "what is set after clear is lost",
		Text:   "A session that is set after clear has called back is found, then and a moment later.",
		Why:    "A clear that goes on after its callback removes the sessions of users who logged in again.",
		Source: "express-session README, store.clear",
		Needs:  []Need{NeedClear, NeedDisposable},
	}
	EnumerationClearMany = &Requirement{
		ID: "enumeration/clear-many", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "clear removes thousands of sessions",
		Breach: "clear leaves some of thousands of sessions",
		Text:   "After a clear of a store with more than 3,000 sessions has called back, a get finds none of them.",
		Why:    "A clear that ends with its first page or batch leaves users logged in whom somebody had to log out at once.",
		Source: "express-session README, store.clear: delete all sessions; stores that scan and delete in pages",
		Needs:  []Need{NeedClear, NeedDisposable},
	}
	EnumerationOwnOnly = &Requirement{
		ID: "enumeration/own-only", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "clear, length and all keep to the store's own sessions",
		Breach: "clear, length or all reach data that is not the store's",
		Text:   "The sessions of another store on the same backend survive a clear and are neither counted nor listed.",
		Why:    "A shared server holds other applications' data; connect-memcached flushes all of it.",
		Source: "express-session README, all sessions in the store; connect-memcached up to 3.0.0, connect-mongo up to 5.1.0",
		Needs:  []Need{NeedForeign, NeedDisposable},
	}
)
