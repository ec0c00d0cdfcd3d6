package contract

// Beyond returns the requirements of other middlewares than express-session, in reading order. Each belongs to a chapter of the catalogue. Package
// profile says which middleware asks for which of them.
func Beyond() []*Requirement {
	return []*Requirement{
		SetUnchanged, SetRemovedMembers, ExpiryEndedKept, EnumerationTogether, EnumerationOtherShops, FidelitySessionKinds, HTTPLogoutReading,
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
