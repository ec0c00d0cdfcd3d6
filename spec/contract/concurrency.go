package contract

func concurrencyChapter() Chapter {
	return Chapter{"concurrency", "calls at the same time", []*Requirement{
		ConcurrencyManyIDs, ConcurrencyOneID, ConcurrencyLastAcknowledged, ConcurrencyTornReads, ConcurrencyStaleReads, ConcurrencySetAndTouch,
		ConcurrencyDestroyAndTouch, ConcurrencySweepAndRefresh, ConcurrencyDestroyAndSet, ConcurrencySetAfterDestroy,
	}}
}

// The chapter concurrency. Order is defined by callbacks alone: what is in flight together has none.
var (
	ConcurrencyManyIDs = &Requirement{
		ID: "concurrency/many-ids", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "parallel sets of different ids all survive",
		Breach: "of parallel sets of different ids some are lost",
		Text:   "100 sets of different ids that are in flight together are all found afterwards.",
		Why:    "A store that reads, changes and writes one big file loses users who log in together.",
		Source: "express-session serves requests in parallel; connect-lowdb keeps 1 of 20",
	}
	ConcurrencyOneID = &Requirement{
		ID: "concurrency/one-id", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "parallel sets of one id do not fail or mix",
		Breach: "parallel sets of one id fail, or are mixed",
		Text:   "Sets of one id that are in flight together, on a new id as on a stored one, report no error, and the session is one of those that were set, not a mixture.",
		Why:    "A page with ten images is ten requests of one session.",
		Source: "express-session serves requests in parallel; connect-typeorm and prisma-session-store: unique-key errors",
	}
	ConcurrencyLastAcknowledged = &Requirement{
		ID: "concurrency/last-acknowledged", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a set that starts after others have called back wins",
		Breach: "an earlier set wins over a later one",
		Text:   "A set that starts when all sets before it have called back is what a get answers with, however many ran together before.",
		Why:    "A write that is still queued when its callback comes overwrites the newer one.",
		Source: "express-session README, store.set; prisma-session-store 3.1.21 keeps the first",
	}
	ConcurrencyTornReads = &Requirement{
		ID: "concurrency/torn-reads", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a get during a set sees the old or the new session",
		Breach: "a get during a set sees half a session",
		Text:   "A get that runs while the same id is being set answers with the old or the new session: not with an error, not as missing, not with a part.",
		Why:    "A half-written session is a logout or an HTTP 500 under load.",
		Source: "express-session serves requests in parallel; session-file-store up to 0.0.22",
	}
	ConcurrencyStaleReads = &Requirement{
		ID: "concurrency/stale-reads", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a get in flight does not undo a set or a destroy",
		Breach: "a get in flight undoes a set or a destroy",
		Text:   "When a get of an id is in flight together with a set or a destroy of it, a get that starts after both have called back answers with what was set, or is missing after the destroy.",
		Why:    "A cache that is filled by a read which was overtaken serves the session after its logout.",
		Source: "express-session README, store.destroy and store.set; the cache-aside race",
	}
	ConcurrencySetAndTouch = &Requirement{
		ID: "concurrency/set-and-touch", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a touch in flight does not undo a set",
		Breach: "a touch in flight undoes a set",
		Text:   "When a set and a touch of one id are in flight together, or many touches, the session afterwards has the data of the set, whichever was issued first.",
		Why:    "One single request does it: save() without waiting, then the end of the request, which touches.",
		Source: "express-session index.js; session-file-store 103",
		Needs:  []Need{NeedTouch},
	}
	ConcurrencyDestroyAndTouch = &Requirement{
		ID: "concurrency/destroy-and-touch", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a touch in flight does not undo a destroy",
		Breach: "a touch in flight undoes a destroy",
		Text:   "When a destroy and a touch of one id are in flight together, the session is missing afterwards, whichever was issued first.",
		Why:    "A logout while another request ends must hold.",
		Source: "express-session index.js; session-file-store revives it every time",
		Needs:  []Need{NeedTouch},
	}
	ConcurrencySweepAndRefresh = &Requirement{
		ID: "concurrency/sweep-and-refresh", Level: Should, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session refreshed at its last moment stays",
		Breach: "a session refreshed at its last moment is lost",
		Text:   "A session that is set anew around its expiry, while gets of it run, is found afterwards.",
		Why:    "A store that deletes what it read as expired a moment ago removes the fresh session.",
		Source: "gofiber/storage, fixes of 2026; the read-then-delete race",
	}
	ConcurrencyDestroyAndSet = &Requirement{
		ID: "concurrency/destroy-and-set", Level: May, Since: "1.0.0",
		Title:  "what a destroy and a set in flight together leave",
		Text:   "When a destroy and a set of one id are in flight together, the session is found or missing afterwards.",
		Why:    "Both orders are right; always the same one tells of a queue for one of them only.",
		Source: "undefined between calls in flight; session-file-store always keeps the session",
	}
	ConcurrencySetAfterDestroy = &Requirement{
		ID: "concurrency/set-after-destroy", Level: May, Since: "1.0.0",
		Title:  "whether a late save brings a destroyed session back",
		Text:   "A set of a session that was loaded before it was destroyed elsewhere stores it again, or not.",
		Why:    "A slow request that changes its session undoes a logout; set is an upsert, and stores that prevented it lost good sets.",
		Source: "expressjs/session 632, tj/connect-redis 328",
	}
)
