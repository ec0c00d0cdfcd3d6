package contract

// Beyond returns the requirements of other middlewares than express-session, in reading order. Each belongs to a chapter of the catalogue. Package
// profile says which middleware asks for which of them.
func Beyond() []*Requirement {
	return []*Requirement{SetUnchanged, SetLoadedGone, SetNewTaken, TouchCrossed, IDsNotAdopted, HTTPLogoutReading}
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

// SetLoadedGone is for a layer that tells the store whether it changes a session or makes one.
var SetLoadedGone = &Requirement{
	ID: "set/loaded-gone", Level: Must, Harm: Revives, Since: "1.0.0",
	Title:  "a change of a session that is gone is refused",
	Text:   "A set by a request that has loaded the session, and that comes after another request has destroyed it, reports an error and stores nothing.",
	Why:    "The user logs out while another page of theirs is on its way. Only the store can see that the change of that page comes too late; one that stores it has the user logged in again.",
	Source: "django.contrib.sessions.backends.base, save and UpdateError; middleware.py, SessionInterrupted; rack/session/pool.rb, write_session",
	Breach: "a change in flight undoes a logout",
	Needs:  []Need{NeedForms},
}

// SetNewTaken is for a store that the layer asks to make a session under an id that must be free.
var SetNewTaken = &Requirement{
	ID: "set/new-taken", Level: Must, Harm: Exposes, Since: "1.0.0",
	Title:  "a new session takes no id that is in use",
	Text:   "A set that is to make a session under an id that is in use reports an error and leaves the session that is there as it is.",
	Why:    "Two visitors who are given one id share one session: the second reads the cart and the name of the first.",
	Source: "django.contrib.sessions.backends.base, save(must_create=True) and CreateError",
	Breach: "a new session replaces another visitor's",
	Needs:  []Need{NeedForms},
}

// TouchCrossed is for a layer whose touch comes at the end of a request that has loaded the session, with nothing in between that a store could check.
var TouchCrossed = &Requirement{
	ID: "touch/crossed", Level: Must, Harm: Revives, Since: "1.0.0",
	Title:  "a touch of a session that was destroyed meanwhile makes none",
	Text:   "When a request has loaded a session, another one destroys it, and the first ends without a change and touches it, the session is missing.",
	Why:    "The user logs out while another page of theirs is on its way, which only reads. A touch that writes the data it is given has the user logged in again.",
	Source: "php.net, SessionUpdateTimestampHandlerInterface::updateTimestamp; ext/session/session.c, php_session_save_current_state",
	Breach: "a page in flight that only reads undoes a logout",
	Needs:  []Need{NeedTouch, NeedForms},
}

// IDsNotAdopted is for a store that issues its ids itself.
var IDsNotAdopted = &Requirement{
	ID: "ids/not-adopted", Level: Must, Harm: Exposes, Since: "1.0.0",
	Title:  "an id that the store has not issued is not adopted",
	Text:   "A get of an id that the store has not issued answers without that id, and not with an empty session under it.",
	Why:    "Whoever can put a cookie into a browser knows the id of the session in which the victim then logs in.",
	Source: "django.contrib.sessions.backends, load, which leaves session_key None; rack/session/pool.rb, find_session, which answers with another id",
	Breach: "an id that a visitor brings is taken",
	Needs:  []Need{NeedForms},
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
