package contract

func httpChapter() Chapter {
	return Chapter{"http", "the store behind a web site with express-session", []*Requirement{
		HTTPCounter, HTTPSaveUninitialized, HTTPLogin, HTTPLogoutElsewhere, HTTPUnset, HTTPRolling, HTTPParallel, HTTPLogoutAndSave,
	}}
}

// The chapter http: browsers with cookies ask a web site for pages that has the store behind the real express-session, in the store's own
// process.
var (
	HTTPCounter = &Requirement{
		ID: "http/counter", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a visitor is known from page to page",
		Breach: "a visitor is not known from page to page",
		Text:   "A counter in a visitor's session counts on with each page, and what is added to a list in the session stays there.",
		Why:    "It is what sessions are for. The application changes in place what it was given, deep inside as well.",
		Source: "express-session README, the example; index.js",
		Needs:  []Need{NeedHTTP},
	}
	HTTPSaveUninitialized = &Requirement{
		ID: "http/save-uninitialized", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a visitor without data keeps the session",
		Breach: "a visitor without data gets a new session each time",
		Text:   "With the option saveUninitialized, the second page finds the session of the first one, although it holds nothing.",
		Why:    "A site that only wants to tell its visitors apart gives out a new id with every page.",
		Source: "express-session README, saveUninitialized",
		Needs:  []Need{NeedHTTP},
	}
	HTTPLogin = &Requirement{
		ID: "http/login", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "the id from before a login is dead after it",
		Breach: "the id from before a login works after it",
		Text:   "After a login for which the application calls regenerate, the browser is logged in and still has what the session held, and the cookie from before finds no session.",
		Why:    "Who has planted an id in the browser, or has seen it, must not be logged in with the user.",
		Source: "express-session README, session.regenerate and the example of a login; session fixation",
		Needs:  []Need{NeedHTTP},
	}
	HTTPLogoutElsewhere = &Requirement{
		ID: "http/logout-elsewhere", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a logout holds while a page of another tab is on its way",
		Breach: "a page on its way brings a logged-out user back",
		Text:   "After a logout in one tab, during which a page of another tab was on its way that changed nothing, the browser has no session.",
		Why:    "The user who logs out in a library is logged in again for the next visitor.",
		Source: "express-session index.js: the page that is late touches the session that it had got",
		Needs:  []Need{NeedHTTP, NeedTouch},
	}
	HTTPUnset = &Requirement{
		ID: "http/unset", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a session that is set to null is gone",
		Breach: "a session that is set to null is still there",
		Text:   "With the option unset set to destroy, the page after one that has set req.session to null finds no session.",
		Why:    "Some applications log out so.",
		Source: "express-session README, unset; index.js shouldDestroy",
		Needs:  []Need{NeedHTTP},
	}
	HTTPRolling = &Requirement{
		ID: "http/rolling", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "each page prolongs a rolling session",
		Breach: "a page does not prolong a rolling session",
		Text:   "With the options rolling and maxAge, a visitor who asks for pages again and again, each before the session ends, is known beyond the first end.",
		Why:    "A user who reads page after page must not be logged out in the middle of it.",
		Source: "express-session README, rolling and cookie.maxAge",
		Needs:  []Need{NeedHTTP},
	}
	HTTPParallel = &Requirement{
		ID: "http/parallel", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "pages that are asked for together all know the visitor",
		Breach: "some of several pages at once do not know the visitor",
		Text:   "Of twelve pages that one browser asks for at once, and half of which change the session, each knows the visitor and nothing fails, and the page after them does so too.",
		Why:    "A page with images and scripts is many requests of one session.",
		Source: "express-session README, resave: parallel requests; index.js hands a failure of set or touch to next",
		Needs:  []Need{NeedHTTP},
	}
	HTTPLogoutAndSave = &Requirement{
		ID: "http/logout-and-save", Level: May, Since: "1.0.0",
		Title:  "whether a page on its way that changes the session undoes a logout",
		Text:   "After a logout in one tab, during which a page of another tab was on its way that changed the session, the browser has the session or none.",
		Why:    "set is an upsert, so the session is usually back; who must prevent that has to mark sessions as ended elsewhere.",
		Source: "expressjs/session 632, tj/connect-redis 328",
		Needs:  []Need{NeedHTTP},
	}
)
