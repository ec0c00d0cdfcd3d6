package contract

// Beyond returns the requirements of other middlewares than express-session, in reading order. Each belongs to a chapter of the catalogue. Package
// profile says which middleware asks for which of them.
func Beyond() []*Requirement {
	return []*Requirement{HTTPLogoutReading}
}

// HTTPLogoutReading shows what a middleware does that stores sessions nobody has changed. A store cannot tell such a set from another one.
var HTTPLogoutReading = &Requirement{
	ID: "http/logout-reading", Level: May, Since: "1.0.0",
	Title: "whether a page on its way that only reads undoes a logout",
	Text: "With the middleware's own defaults, after a logout in one tab, during which a page of another tab was on its way that changed nothing, the browser has the session or " +
		"none.",
	Why:    "Where the session is back, the user who logs out in a library is logged in again for the next visitor. The middleware stores the session that the late page has read; the store sees a set like any other.",
	Source: "the middleware's code: it saves sessions that were not changed",
	Needs:  []Need{NeedHTTP},
}
