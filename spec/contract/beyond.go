package contract

// Beyond returns the requirements of other middlewares than express-session, in reading order. Each belongs to a chapter of the catalogue. Package
// profile says which middleware asks for which of them.
func Beyond() []*Requirement {
	return []*Requirement{SetUnchanged, HTTPLogoutReading}
}

// SetUnchanged is for a middleware that tells the store whether it has seen a change.
var SetUnchanged = &Requirement{
	ID: "set/unchanged", Level: Must, Harm: LogsOut, Since: "1.0.0",
	Title:  "a set stores, whatever it is told of changes",
	Text:   "A set with changed: false stores the session, under an id that holds one and under a new one.",
	Why:    "koa-session says so whenever it has not compared: a login that regenerates the session is lost, and so is a session that is saved by hand or renewed.",
	Source: "koa-session src/context.ts, commit and save: changed is true only where the two hashes were compared",
	Breach: "a set that is told of no change is not stored",
	Needs:  []Need{NeedCallbacks},
}

// HTTPLogoutReading shows what a middleware does that stores sessions nobody has changed. A store cannot tell such a set from another one.
var HTTPLogoutReading = &Requirement{
	ID: "http/logout-reading", Level: May, Since: "1.0.0",
	Title: "whether a page on its way that only reads undoes a logout",
	Text: "With rolling sessions, which are the default or an option of the middleware, after a logout in one tab, during which a page of another tab was on its way that changed nothing, the browser has the session or " +
		"none.",
	Why:    "Where the session is back, the user who logs out in a library is logged in again for the next visitor. The middleware stores the session that the late page has read; the store sees a set like any other.",
	Source: "the middleware's code: it saves sessions that were not changed",
	Needs:  []Need{NeedHTTP},
}
