package contract

func middlewareChapter() Chapter {
	return Chapter{"middleware", "the calls of whole requests", []*Requirement{
		MiddlewareVisits, MiddlewareEmptied, MiddlewareCookieKept, MiddlewareActiveUser, MiddlewareBrowserSession, MiddlewareLogin,
		MiddlewareLogoutElsewhere, MiddlewareSaveElsewhere, MiddlewareBothSave, MiddlewareEarlySave, MiddlewareMaxAgeChange,
	}}
}

// The chapter middleware: what express-session calls in the course of one request and of several. A request gets the session, the
// application works on what get answered with, and at the end that very session is set when it was changed, or else touched, each time with
// a fresh expiry. A store without touch is set in both cases, which express-session's README tells to do by the option resave.
var (
	MiddlewareVisits = &Requirement{
		ID: "middleware/visits", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a session is changed from request to request",
		Breach: "a change does not last from request to request",
		Text:   "A session that each of several requests gets, changes and sets is found by the next one as the one before has set it.",
		Why:    "A store that takes what it handed out for what it holds loses every change but the first.",
		Source: "express-session index.js: get, inflate, shouldSave, set",
	}
	MiddlewareEmptied = &Requirement{
		ID: "middleware/emptied", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a session can be emptied",
		Breach: "a session cannot be emptied",
		Text:   "After a request that removes everything from a session, a get does not answer with what it held, and what a later request puts there is found.",
		Why:    "delete req.session.user is a logout; a store that finds nothing to write leaves the user logged in.",
		Source: "express-session index.js: a session that lacks what it held was modified, and is set with its cookie alone",
	}
	MiddlewareCookieKept = &Requirement{
		ID: "middleware/cookie-kept", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "visits leave the cookie as it was made",
		Breach: "visits change the cookie",
		Text:   "After requests that change nothing, the cookie that get answers with is what it was before, originalMaxAge and the attributes, expires aside.",
		Why:    "Each request prolongs the session by originalMaxAge: lost, it makes a session without end; reduced, it logs an active user out. And the browser's next cookie is made of the attributes.",
		Source: "express-session session/session.js resetMaxAge; index.js setcookie",
	}
	MiddlewareActiveUser = &Requirement{
		ID: "middleware/active-user", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "visits that change nothing keep a session alive",
		Breach: "visits that change nothing do not keep a session alive",
		Text:   "A session that is visited again and again before its end, by requests that change nothing, is found with its data beyond its first end.",
		Why:    "A user who reads is active, and must not be logged out in the middle of it.",
		Source: "express-session index.js shouldTouch; README, store.touch and resave",
	}
	MiddlewareBrowserSession = &Requirement{
		ID: "middleware/browser-session", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session without an end gets none",
		Breach: "a session without an end gets one",
		Text:   "After requests that change something and requests that do not, a cookie that had no expiry has none, and no originalMaxAge.",
		Why:    "An end that the store makes up turns a cookie that the browser forgets when it is closed into one that it keeps.",
		Source: "express-session README, cookie.maxAge null; session/session.js resetMaxAge",
	}
	MiddlewareLogin = &Requirement{
		ID: "middleware/login", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a login moves the session to a new id",
		Breach: "the old id works after a login, or the new one does not",
		Text:   "When a request destroys the session that it has got and sets what that held, and the user, under a new id, the new id is found with all of it and the old id is missing.",
		Why:    "An id that was known before the login must not be one of a logged-in user.",
		Source: "express-session session/store.js regenerate; passport's keepSessionInfo copies what the session held",
	}
	MiddlewareLogoutElsewhere = &Requirement{
		ID: "middleware/logout-elsewhere", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a request in flight does not undo a logout",
		Breach: "a request in flight undoes a logout",
		Text:   "When a request has got a session, another one gets and destroys it, and the first ends without a change and touches what it had got, the session is missing.",
		Why:    "The user logs out in one tab while a slow page loads in another, and is logged in again.",
		Source: "express-session index.js shouldTouch: the session of the slow request is touched, whatever became of it",
		Needs:  []Need{NeedTouch},
	}
	MiddlewareSaveElsewhere = &Requirement{
		ID: "middleware/save-elsewhere", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a request in flight does not undo another's change",
		Breach: "a request in flight undoes another's change",
		Text:   "When a request has got a session, another one gets, changes and sets it, and the first ends without a change and touches what it had got, the session is the changed one.",
		Why:    "touch exists so that a slow request that changes nothing does not write back what it had read.",
		Source: "express-session README, resave and store.touch; jdesboeufs/connect-mongo, connect-redis PR 285",
		Needs:  []Need{NeedTouch},
	}
	MiddlewareBothSave = &Requirement{
		ID: "middleware/both-save", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "of two requests in flight the last to save wins",
		Breach: "of two requests in flight the first to save wins",
		Text:   "When two requests have got a session and each changes and sets what it had got, both sets succeed and the session is whole as the later one has set it.",
		Why:    "A set is not asked whether others have set meanwhile: an error comes when the response is on its way and nobody can act on it.",
		Source: "express-session README, resave: changes made in one request may get overwritten by another; store.set is required to upsert",
	}
	MiddlewareEarlySave = &Requirement{
		ID: "middleware/early-save", Level: Should, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session may be saved in the middle of a request",
		Breach: "a session saved in the middle of a request is lost",
		Text: "When a session was kept alive by touches beyond its first end, a request that gets it, changes it and sets it before it ends, with the expiry that get answered with, " +
			"and touches it when it ends, leaves the session found with the change.",
		Why:    "req.session.save() before a redirect hands the expiry back that get answered with. A store whose touch leaves an old one there is told that the session is over, and the active user is logged out.",
		Source: "express-session README, session.save; session/session.js save does not touch; voxpelli/node-connect-pg-simple 54",
		Needs:  []Need{NeedTouch},
	}
	MiddlewareMaxAgeChange = &Requirement{
		ID: "middleware/max-age-change", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "a change of cookie.maxAge alone is kept",
		Breach: "a change of cookie.maxAge alone is lost",
		Text:   "When a request changes cookie.maxAge and nothing else, the requests after it have a cookie with that originalMaxAge.",
		Why:    "A box \"stay logged in\" is forgotten at the next page: the hash of express-session leaves the cookie out, so that only touch carries the change.",
		Source: "express-session index.js, hash and shouldTouch; README, cookie.maxAge; stores whose touch moves nothing but the end of the record",
		Needs:  []Need{NeedTouch},
	}
)
