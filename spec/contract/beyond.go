package contract

// Beyond returns the requirements of other middlewares than express-session, in reading order. Each belongs to a chapter of the catalogue. Package
// profile says which middleware asks for which of them.
func Beyond() []*Requirement {
	return []*Requirement{
		SetUnchanged, SetLoadedGone, SetNewTaken, SetRemovedMembers, TouchCrossed, ExpiryEndedKept, EnumerationTogether, EnumerationOtherShops,
		FidelitySessionKinds, IDsNotAdopted, HTTPLogoutReading,
	}
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

// The requirements of Shopify's SessionStorage, whose sessions hold the tokens of shops and of their users.
var (
	SetRemovedMembers = &Requirement{
		ID: "set/removed-members", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a member that a session has no more is not kept",
		Breach: "a member of the session that was stored before stays",
		Text:   "A Session that is stored without accessToken, or without expires and refreshToken, over one that has them is loaded without them.",
		Why:    "The middleware drops a token that Shopify has refused by storing the Session without it. Where the old one stays, every request is made with the refused token again, and nobody gets a new one.",
		Source: "@shopify/shopify-app-express helpers/invalidate-access-token.js: session.accessToken = undefined, then storeSession; SessionStorage: creates or updates the given session",
		Needs:  []Need{NeedCallbacks},
	}
	ExpiryEndedKept = &Requirement{
		ID: "expiry/ended-kept", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "a session whose token has ended is still loaded",
		Breach: "a session is dropped when its token ends",
		Text:   "A Session is loaded after its expires as before, until it is deleted.",
		Why:    "The refresh token is in it: without it the owner of the shop has to authorize the app again. And a shop whose session is missing counts as one that has not installed the app.",
		Source: "@shopify/shopify-app-express helpers/ensure-offline-token-is-not-expired.js: loads the ended session and refreshes it",
		Needs:  []Need{NeedCallbacks},
	}
	EnumerationTogether = &Requirement{
		ID: "enumeration/all-together", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "sessions that are stored at once are all found by shop",
		Breach: "of sessions that are stored at once some are not found by shop",
		Text:   "findSessionsByShop answers with every one of the sessions of a shop that were stored, or of which others were deleted, at the same time.",
		Why:    "A list of the ids of a shop that is read, changed and written loses what another request adds meanwhile. What is not found is not deleted when the shop uninstalls the app: its tokens stay.",
		Source: "SessionStorage: findSessionsByShop returns the sessions of a shop; @shopify/shopify-app-express app-installations.js deletes what it finds",
		Needs:  []Need{NeedAll, NeedCallbacks},
	}
	EnumerationOtherShops = &Requirement{
		ID: "enumeration/other-shops", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "the sessions of other shops are not found by shop",
		Breach: "a search by shop finds sessions of another shop",
		Text:   "findSessionsByShop answers with no session of a shop whose name begins or ends alike, and such a session is loaded after the sessions that were found are deleted.",
		Why:    "One shop that uninstalls the app logs another one out, or is shown its tokens.",
		Source: "@shopify/shopify-app-express app-installations.js, delete: deletes every session that is found",
		Needs:  []Need{NeedAll, NeedClear, NeedDisposable, NeedCallbacks},
	}
	FidelitySessionKinds = &Requirement{
		ID: "fidelity/session-kinds", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "every kind of Session comes back equal",
		Breach: "a Session does not come back equal",
		Text: "A Session of a shop, with a token that stays or one that can be refreshed, and one of a user, with any name and with an id of either kind, comes back with the members that it had: to the second for times, " +
			"and equal by Session.equals otherwise.",
		Why:    "A token that is cut, a refresh token that is lost or an isOnline that is a text ends in a refused request, and a user's id that is rounded is another user's.",
		Source: "@shopify/shopify-api lib/session/session.js, equals and toPropertyArray",
		Needs:  []Need{NeedCallbacks},
	}
)
