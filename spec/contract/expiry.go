package contract

func expiryChapter() Chapter {
	return Chapter{"expiry", "the end of a session's life", []*Requirement{
		ExpiryGoneAfter, ExpiryNotEarly, ExpirySubSecond, ExpiryPastIsMissing, ExpiryPastRemovesOld, ExpiryMaxAgeZeroAccepted,
		ExpiryMaxAgeZero, ExpiryBrowserSession, ExpiryFromExpires, ExpiryOverOriginalMaxAge, ExpiryMilliseconds, ExpiryLong,
		ExpiryVeryLong, ExpiryFractional, ExpiryPlainCookie, ExpiryAllExcludes, ExpiryAllProlonged, ExpiryLengthExcludes,
		ExpirySweepSparesLive, ExpirySweepByTimer, ExpirySweepComplete, ExpiryEndedRecords, ExpiryRolling, ExpiryLatestWins, ExpiryGetDoesNotExtend,
	}}
}

// The chapter expiry. A check never asserts anything between expires minus and plus the store's granularity.
var (
	ExpiryGoneAfter = &Requirement{
		ID: "expiry/gone-after", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "an expired session is missing",
		Breach: "an expired session is still found",
		Text:   "A get after cookie.expires is missing.",
		Why:    "express-session does not look at the expiry of what it loads: the store is the only guard, and a stolen id works for ever.",
		Source: "express-session session/memory.js getSession; session/store.js createSession checks nothing",
	}
	ExpiryNotEarly = &Requirement{
		ID: "expiry/not-early", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session lives until it expires",
		Breach: "a session ends too early",
		Text:   "A get before cookie.expires finds the session.",
		Why:    "A session that ends early throws its user out, and with short lives it cannot be used at all.",
		Source: "express-session README, cookie.maxAge; better-sqlite3-session-store compares whole seconds",
	}
	ExpirySubSecond = &Requirement{
		ID: "expiry/sub-second", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "a life of less than a second is neither refused nor endless",
		Breach: "a life of less than a second is refused, or never ends",
		Text:   "A set of a session that expires in 400 ms calls back without an error, and the session is missing when that has passed.",
		Why:    "Rounded down to 0 a short life is an error in one backend and eternity in another.",
		Source: "connect-redis up to 3.4.2 failed; in connect-memcached 0 seconds means for ever",
	}
	ExpiryPastIsMissing = &Requirement{
		ID: "expiry/past-is-missing", Level: Should, Harm: Outlives, Since: "1.0.0",
		Title:  "a session set with a past expiry is missing",
		Breach: "a session set with a past expiry is found",
		Text:   "A set of a session whose expires lies in the past calls back without an error, and a get is missing at once.",
		Why:    "Setting a past expiry is how applications end a session from the server.",
		Source: "express-session session/memory.js; tj/connect-redis PR 322",
	}
	ExpiryPastRemovesOld = &Requirement{
		ID: "expiry/past-removes-old", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "a set with a past expiry replaces the live session",
		Breach: "a set with a past expiry leaves the old session alive",
		Text:   "After a set with a past expiry over a live session, a get does not answer with the old data.",
		Why:    "A forced logout by expiry that leaves the old session alive is no logout.",
		Source: "express-session README, store.set replaces; connect-redis up to 5.1.0 kept it alive",
	}
	ExpiryMaxAgeZeroAccepted = &Requirement{
		ID: "expiry/max-age-zero-accepted", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "a maxAge of 0 is accepted and not eternal",
		Breach: "a maxAge of 0 is an error, or lives for ever",
		Text:   "A set of a session with maxAge 0 calls back without an error, and the session does not live for ever.",
		Why:    "0 is falsy: a store that tests it for truth may keep the session without an end.",
		Source: "express-session session/cookie.js computes expires from any number",
	}
	ExpiryMaxAgeZero = &Requirement{
		ID: "expiry/max-age-zero", Level: Should, Harm: Outlives, Since: "1.0.0",
		Title:  "a maxAge of 0 means already over",
		Breach: "a session with a maxAge of 0 is still found",
		Text:   "A session set with maxAge 0 is missing as soon as the store's granularity allows.",
		Why:    "A day instead of nothing is the opposite of what the application asked for.",
		Source: "express-session session/cookie.js; 18 of 27 stores keep it for a day",
	}
	ExpiryBrowserSession = &Requirement{
		ID: "expiry/browser-session", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session without an expiry is kept",
		Breach: "a session without an expiry is lost",
		Text:   "A session whose cookie.expires is null, false or absent is stored and found two seconds later.",
		Why:    "It is the default of express-session; taken for expired, nobody can log in.",
		Source: "express-session README, cookie.expires and cookie.maxAge; session/memory.js",
	}
	ExpiryFromExpires = &Requirement{
		ID: "expiry/from-expires", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "the life follows an expires that the application set",
		Breach: "the expires that the application set is not heeded",
		Text:   "A session whose cookie.expires was set by the application as a date is missing after that date.",
		Why:    "An application that ends sessions at a given hour relies on it.",
		Source: "express-session session/cookie.js, the setter of expires",
	}
	ExpiryOverOriginalMaxAge = &Requirement{
		ID: "expiry/over-original-max-age", Level: Should, Harm: Outlives, Since: "1.0.0",
		Title:  "expires counts, not originalMaxAge",
		Breach: "originalMaxAge decides instead of expires",
		Text:   "A session whose cookie expires before its originalMaxAge has passed, as one that is saved in the middle of a request does, is missing after expires.",
		Why:    "originalMaxAge is what the life was at first; expires is when it ends, and the browser drops the cookie then.",
		Source: "express-session session/store.js createSession keeps both; session/memory.js reads expires",
	}
	ExpiryMilliseconds = &Requirement{
		ID: "expiry/milliseconds", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "lives are milliseconds",
		Breach: "milliseconds are read as another unit",
		Text:   "A session with a maxAge of twenty minutes is alive seconds later, and one with a maxAge of some seconds is missing after them.",
		Why:    "Taken for seconds, one second lives for a quarter of an hour; divided once too often, a day lives for a minute.",
		Source: "express-session README, cookie.maxAge in milliseconds; better-sqlite3-session-store up to 0.0.3, connect-dynamodb 4",
	}
	ExpiryLong = &Requirement{
		ID: "expiry/long", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "long lives are long",
		Breach: "a long life ends at once, or never",
		Text:   "A session with a maxAge of 25 days, 31 days or 10 years is stored and found.",
		Why:    "31 days is an absolute date to memcached, and 25 days overflow a JavaScript timer: such sessions end at once.",
		Source: "connect-memcached up to 3.0.0, connect-redis up to 2.3.0; setTimeout above 2^31 ms",
	}
	ExpiryVeryLong = &Requirement{
		ID: "expiry/very-long", Level: Should, Harm: LogsOut, Since: "1.0.0",
		Title:  "very long lives are kept or refused",
		Breach: "a very long life is lost in silence",
		Text:   "A session that expires in 100 years, in the year 9999 or at the end of JavaScript's dates is stored and found, or refused with an error.",
		Why:    "For ever is often written so; reported as stored and then missing it cannot be diagnosed.",
		Source: "express-mysql-session refuses beyond 2106; better-sqlite3-session-store lost them",
	}
	ExpiryFractional = &Requirement{
		ID: "expiry/fractional", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "fractions of a millisecond are accepted",
		Breach: "a fraction of a millisecond is an error",
		Text:   "A session with a maxAge of 60000.75 ms is stored and found.",
		Why:    "Computed lives are rarely whole, and an integer column refuses them.",
		Source: "express-session session/cookie.js accepts any number",
	}
	ExpiryPlainCookie = &Requirement{
		ID: "expiry/plain-cookie", Level: Should, Harm: Outlives, Since: "1.0.0",
		Title:  "a plain cookie expires too",
		Breach: "a session given as plain JSON never expires",
		Text:   "A session given as plain JSON, with expires as an ISO string and no maxAge, is missing after its expires.",
		Why:    "Socket servers, tests and other frameworks write sessions without express-session's Cookie.",
		Source: "express-session session/memory.js accepts a string; connect-pg-simple up to 6.2.1 kept it for a day",
		Needs:  []Need{NeedExpress},
	}
	ExpiryAllExcludes = &Requirement{
		ID: "expiry/all-excludes", Level: Should, Since: "1.0.0",
		Title:  "all leaves expired sessions out",
		Breach: "all answers with expired sessions",
		Text:   "all does not answer with a session that has expired.",
		Why:    "An admin page that lists the active sessions shows ghosts.",
		Source: "express-session session/memory.js all; the README is silent",
		Needs:  []Need{NeedAll},
	}
	ExpiryAllProlonged = &Requirement{
		ID: "expiry/all-prolonged", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "all has a session that touch has prolonged",
		Breach: "all lacks a session that touch has prolonged",
		Text:   "all answers with a session whose life a touch has prolonged, also beyond its earlier expiry.",
		Why:    "Whoever is active longest is left out where everybody is to be logged out.",
		Source: "express-session README, store.all: all sessions in the store, and store.touch: to reset the idle timer",
		Needs:  []Need{NeedAll, NeedTouch},
	}
	ExpiryLengthExcludes = &Requirement{
		ID: "expiry/length-excludes", Level: May, Since: "1.0.0",
		Title:  "whether length counts expired sessions",
		Text:   "length counts expired sessions that are not reaped yet, or leaves them out.",
		Why:    "A licence count or a dashboard reads differently.",
		Source: "express-session README says all sessions; MemoryStore counts the live ones",
		Needs:  []Need{NeedLength, NeedDisposable},
	}
	ExpirySweepSparesLive = &Requirement{
		ID: "expiry/sweep-spares-live", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "removing the expired spares the living",
		Breach: "removing the expired removes living sessions",
		Text:   "When some of many sessions have expired and the store has been used since, the others are still found.",
		Why:    "A sweep that confuses units or shares a variable across its waits logs live users out.",
		Source: "alphagov/govuk-prototype-kit PR 2399, multimeric/koa-pg-session PR 8",
	}
	ExpiryRolling = &Requirement{
		ID: "expiry/rolling", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "each set moves the expiry",
		Breach: "a set does not move the expiry",
		Text:   "A session that is set again and again, each time with a fresh cookie, lives past its first expiry.",
		Why:    "A store that writes the expiry on insert only ends the session of an active user.",
		Source: "express-session README, rolling and resave",
	}
	ExpiryLatestWins = &Requirement{
		ID: "expiry/latest-wins", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "the expiry of the latest set counts",
		Breach: "an expiry other than that of the latest set counts",
		Text:   "After a set with a shorter life over a longer one, the session is missing when the shorter life is over; after a set without an expiry over one that has an end, it is found beyond that end.",
		Why:    "The expiry belongs to the session that was written last.",
		Source: "express-session README, store.set replaces",
	}
	ExpiryGetDoesNotExtend = &Requirement{
		ID: "expiry/get-does-not-extend", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "reading does not prolong",
		Breach: "reading prolongs a life",
		Text:   "A session that is read again and again is missing after its cookie.expires all the same.",
		Why:    "Prolonging is what touch is for; a session that lives by being read never ends while someone polls it with a stolen id.",
		Source: "express-session README, store.touch is the signal of activity",
	}
)
