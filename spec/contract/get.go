package contract

func getChapter() Chapter {
	return Chapter{"get", "reading one session", []*Requirement{
		GetMissing, GetAfterSet, GetUsableCookie, GetOwnSession, GetPromptMiss, GetCorruptRecord, GetBackendFailure,
		GetBackendErrorReported,
	}}
}

// The chapter get.
var (
	GetMissing = &Requirement{
		ID: "get/missing", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "an id that was never set is missing",
		Breach: "an id that was never set is not answered as missing",
		Text:   "A get of an id that was never set answers without a session: null, undefined, or an error whose code is ENOENT.",
		Why:    "Every visitor without a session, and every one whose session expired, sends such an id; any other error is an HTTP 500 for them.",
		Source: "express-session README, store.get; index.js, the callback of store.get",
	}
	GetAfterSet = &Requirement{
		ID: "get/after-set", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session that was set is found, whole",
		Breach: "a session that was set is not found, or not whole",
		Text:   "After set has called back, a get of that id answers with a session equal to the JSON view of what was set.",
		Why:    "A store that drops or alters a session logs its user out or shows wrong data.",
		Source: "express-session README, store.set and store.get",
	}
	GetUsableCookie = &Requirement{
		ID: "get/usable-cookie", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "what get answers can be used as a session",
		Breach: "the middleware cannot use the cookie that get answers with",
		Text:   "The session that get answers with has a cookie object whose expires is the instant that was set, as exactly as the store declares to keep time, as an ISO string or a date, or is null, false or absent where none was set.",
		Why:    "The middleware reads sess.cookie.expires without a guard: a session without it ends the request with a TypeError.",
		Source: "express-session session/store.js, createSession",
	}
	GetOwnSession = &Requirement{
		ID: "get/own-session", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "get never answers with another id's session",
		Breach: "get answers with the session of another id",
		Text:   "A get of an id that differs from a stored one in a single character, or is a prefix or an extension of it, is missing.",
		Why:    "Anything else hands one user another user's data.",
		Source: "express-session README, store.get by session id; index.js compares nothing afterwards",
	}
	GetPromptMiss = &Requirement{
		ID: "get/prompt-miss", Level: Should, Since: "1.0.0",
		Title:  "a missing id is answered promptly",
		Breach: "a missing id is answered late",
		Text:   "A get of a missing id is answered within 100 ms, or 100 ms more than a set or the get of a stored session takes.",
		Why:    "Unknown ids are the normal case after expiry and under attack; a store that waits or retries makes each of them expensive.",
		Source: "session-file-store issues 41, 48 and 113: 254 ms and five log lines for each unknown id",
	}
	GetCorruptRecord = &Requirement{
		ID: "get/corrupt-record", Level: Should, Harm: Stops, Since: "1.0.0",
		Title:  "a record that cannot be read harms nobody else",
		Breach: "one record that cannot be read harms other sessions",
		Text:   "A get of a record that was damaged from outside answers once, with an error or as missing, and other sessions stay readable.",
		Why:    "One damaged record must not take the process or the other users down.",
		Source: "session-file-store, connect-pg-simple and express-mysql-session each do something else here; the text is silent",
		Needs:  []Need{NeedCorrupt},
	}
	GetBackendFailure = &Requirement{
		ID: "get/backend-failure", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "a failing backend is answered, not fatal",
		Breach: "a failing backend leaves get unanswered, or ends the process",
		Text:   "A get on a backend that fails answers once, with an error or as missing.",
		Why:    "A request without an answer hangs until the client gives up; an exception takes every other user's request along.",
		Source: "express-session index.js, the callback of store.get hands an error to next",
		Needs:  []Need{NeedBreak},
	}
	GetBackendErrorReported = &Requirement{
		ID: "get/backend-error-reported", Level: Should, Harm: LogsOut, Since: "1.0.0",
		Title:  "a failing backend is not a missing session",
		Breach: "a failing backend is told as a missing session",
		Text:   "A get on a backend that fails answers with an error rather than as missing.",
		Why:    "Reported as missing, a short outage logs everybody out and starts new sessions over the old ones.",
		Source: "express-session index.js: an error becomes next(err), a missing session becomes a new one",
		Needs:  []Need{NeedBreak},
	}
)
