package contract

func touchChapter() Chapter {
	return Chapter{"touch", "prolonging a session", []*Requirement{
		TouchExtends, TouchKeepsData, TouchNoResurrection, TouchMissingNoError, TouchExpiredData, TouchExpiredStaysDead,
		TouchBrowserSession, TouchShortens, TouchArgumentUnchanged, TouchCookieVisible,
	}}
}

// The chapter touch.
var (
	TouchExtends = &Requirement{
		ID: "touch/extends", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "touch prolongs the life of a session",
		Breach: "touch does not prolong the life of a session",
		Text:   "After a touch with a cookie that expires later, be it by a little, the session is found beyond its earlier expiry, and seconds after it as well.",
		Why:    "With resave: false an active user lives by touch alone; without it the session ends in the middle of work.",
		Source: "express-session README, store.touch; index.js shouldTouch; session/memory.js touch",
		Needs:  []Need{NeedTouch},
	}
	TouchKeepsData = &Requirement{
		ID: "touch/keeps-data", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "touch does not write the data it is given",
		Breach: "touch overwrites the data that is stored",
		Text:   "A touch with a session whose data differs from what is stored leaves the stored data as it is, and the cookie a cookie.",
		Why:    "The session in hand was loaded when the request began: written back, it undoes what another request has saved since.",
		Source: "express-session README, resave and store.touch; valery-barysok/session-file-store PR 55, tj/connect-redis PR 285",
		Needs:  []Need{NeedTouch},
	}
	TouchNoResurrection = &Requirement{
		ID: "touch/no-resurrection", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "touch does not bring a session back",
		Breach: "touch brings a destroyed session back",
		Text:   "A touch of an id that is missing or was destroyed leaves it missing.",
		Why:    "A slow request that ends after the logout touches its session; a store that upserts there revives it.",
		Source: "express-session session/memory.js touch; index.js end of request; valery-barysok/session-file-store PR 55",
		Needs:  []Need{NeedTouch},
	}
	TouchMissingNoError = &Requirement{
		ID: "touch/missing-no-error", Level: Should, Since: "1.0.0",
		Title:  "touching a missing session is no error",
		Breach: "touching a missing session is an error",
		Text:   "A touch of an id that was never set, was destroyed or has expired calls back without an error.",
		Why:    "The error reaches next(err) when the response has already been sent.",
		Source: "jdesboeufs/connect-mongo 390, 407, 449, 459 and 469; memorystore up to 1.6.7 with the option stale",
		Needs:  []Need{NeedTouch},
	}
	TouchExpiredData = &Requirement{
		ID: "touch/expired-data", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "touching an expired session never invents one",
		Breach: "touching an expired session leaves one without its data",
		Text:   "After a touch of a session that has expired, a get is missing or answers with the data that was stored, never with other data.",
		Why:    "A session revived empty is a logout that looks like a login.",
		Source: "session-file-store 1.3.1 to 1.5.0 store an empty session there",
		Needs:  []Need{NeedTouch},
	}
	TouchExpiredStaysDead = &Requirement{
		ID: "touch/expired-stays-dead", Level: Should, Harm: Outlives, Since: "1.0.0",
		Title:  "touch does not revive an expired session",
		Breach: "touch revives an expired session",
		Text:   "After a touch of a session that has expired, a get is missing.",
		Why:    "The client was already told that it is gone; an expired session is no session, reaped or not.",
		Source: "express-session session/memory.js touch; about half of the stores revive it",
		Needs:  []Need{NeedTouch},
	}
	TouchBrowserSession = &Requirement{
		ID: "touch/browser-session", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "touch takes a cookie that never expires",
		Breach: "touch cannot take a cookie that never expires",
		Text:   "A touch with a cookie whose expires is null calls back and keeps the session, beyond the earlier expiry of one that had an end.",
		Why:    "Without maxAge, which is the default, every touch is such a touch; one that never calls back hangs the server.",
		Source: "express-session README, cookie.maxAge defaults to null; rawberg/connect-sqlite3 11",
		Needs:  []Need{NeedTouch},
	}
	TouchShortens = &Requirement{
		ID: "touch/shortens", Level: Should, Harm: Outlives, Since: "1.0.0",
		Title:  "touch can shorten a life",
		Breach: "touch cannot shorten a life",
		Text:   "After a touch with a cookie that expires earlier, the session is missing when that moment has passed.",
		Why:    "An application that lowers maxAge, as after a demotion or at a public terminal, relies on it.",
		Source: "express-session session/memory.js touch stores the cookie it is given",
		Needs:  []Need{NeedTouch},
	}
	TouchArgumentUnchanged = &Requirement{
		ID: "touch/argument-unchanged", Level: Should, Since: "1.0.0",
		Title:  "touch leaves its argument as it was",
		Breach: "touch changes the session that it is given",
		Text:   "After touch has called back, the session that was passed to it is what it was before the call.",
		Why:    "It is req.session, which an application may still work with after the response and save again.",
		Source: "express-session index.js passes req.session itself; README, store.touch, says nothing of changes",
		Needs:  []Need{NeedTouch},
	}
	TouchCookieVisible = &Requirement{
		ID: "touch/cookie-visible", Level: May, Since: "1.0.0",
		Title:  "whether get shows the touched expiry",
		Text:   "After a touch, a get answers with the new cookie.expires or with the one that was set.",
		Why:    "express-session copes with both; @fastify/session takes a past stored expires for an expired session.",
		Source: "MemoryStore, memorystore and session-file-store show the new one; redis and SQL stores keep the old",
		Needs:  []Need{NeedTouch},
	}
)
