package profile

import "github.com/storecheck/storecheck/spec/contract"

var shopifyStorage = &Profile{
	Name: "@shopify/shopify-app-session-storage", Short: "shopify", Version: "1.0.0", Middleware: "7.0.0",
	Title: "session storages of apps for Shopify",
	Calls: []string{
		"storeSession(session)", "loadSession(id)", "deleteSession(id)",
		"findSessionsByShop(shop), and deleteSessions(ids) with all that it finds, when a shop uninstalls the app",
	},
	Hands: "a Session of @shopify/shopify-api, live: id, shop, state, isOnline, scope, accessToken, expires as a Date for a token that ends, refreshToken and refreshTokenExpires for one that can be " +
		"refreshed, and onlineAccessInfo for a user's; the id is offline_SHOP, SHOP_USERID or a UUID",
	Missing: "undefined, or anything falsy",
	Ends:    "the application, by isActive of what loadSession answers with; the storage keeps what has ended, because the refresh token is in it",
	Site:    "none: a request carries a token that Shopify has signed, and no cookie",
	Notes: []string{
		"loadSession must answer with a Session: the middleware calls its isActive, and an object without it is a 500.",
		"The text of an error of loadSession is what the visitor reads.",
		"Where findSessionsByShop fails, the tokens of a shop that has left stay.",
		"The members that the suite sets are carried by scope, as a text of 1,024 characters at most; every other member of the Session is compared with what was stored.",
	},
	Source: "@shopify/shopify-app-session-storage dist/ts/types.d.ts; @shopify/shopify-app-express dist/cjs; @shopify/shopify-api dist/cjs/lib/session/session.js; its calls, recorded",

	Host: "profile_shopify",
	Packages: []string{
		"@shopify/shopify-api@15.0.0", "@shopify/shopify-app-express@8.0.2", "@shopify/shopify-app-session-storage-memory@8.0.0", "@shopify/shopify-app-session-storage@7.0.0", "express@5.3.0",
	},
	Brief:  true,
	Cookie: []string{"expires"},

	without: with(
		// It calls no touch, waits for promises, and listens for nothing.
		ofTouch, withoutNames(ofPromises, "enumeration"),
		// No request carries a cookie, and the application stores nothing of its own.
		[]string{"http", "middleware", "fidelity", "set/unserialisable", "callbacks/errors-are-errors", "callbacks/failed-calls"},
		// What the application does with a Session after it was stored or loaded is its own.
		[]string{"isolation/argument", "isolation/result", "isolation/two-results", "isolation/rewrite"},
		// The storage ends nothing: the application does. A token lives for a day, and a refresh token for months.
		[]string{
			"calendar", "expiry/gone-after", "expiry/sub-second", "expiry/past-is-missing", "expiry/past-removes-old", "expiry/max-age-zero-accepted", "expiry/max-age-zero", "expiry/from-expires",
			"expiry/over-original-max-age", "expiry/milliseconds", "expiry/long", "expiry/very-long", "expiry/fractional", "expiry/sweep-spares-live", "expiry/sweep-by-timer", "expiry/sweep-complete",
			"expiry/ended-records", "expiry/get-does-not-extend", "instances/reopen-expiry", "concurrency/sweep-and-refresh",
		},
		// Ids are made of the names of shops and of numbers, or are UUIDs. A shop has as many users as an office.
		[]string{
			"ids/case", "ids/look-alikes", "ids/bookkeeping", "ids/prototype-names", "ids/no-escape", "ids/printable", "ids/length-128", "ids/long-apart", "ids/length-limit", "ids/strange",
			"destroy/one-only", "set/many", "enumeration/all-many", "enumeration/all-odd-ids", "enumeration/clear-many",
		},
		// It asks for no count, and for no more of what is found than id and accessToken.
		[]string{
			"enumeration/all-array", "enumeration/all-elements", "enumeration/all-ids", "enumeration/length-counts", "enumeration/length-reset", "enumeration/length-destroy", "enumeration/length-many",
		},
	),
	texts: map[*contract.Requirement]string{
		contract.GetMissing:                "loadSession of an id that was never stored answers without a session and without an error: undefined or anything falsy.",
		contract.GetUsableCookie:           "What loadSession answers with is a Session, whose isActive can be called, and whose expires is a Date of the instant that was stored, or none.",
		contract.SetCookieOnly:             "A Session whose scope is short is stored and found.",
		contract.CallbacksCalled:           "The promise of each method settles, for stored and for missing ids.",
		contract.EnumerationAllCollection:  "findSessionsByShop answers with an array of sessions.",
		contract.EnumerationAllLive:        "findSessionsByShop answers with each session of the shop exactly once and as it was stored last.",
		contract.EnumerationAllNothingElse: "findSessionsByShop answers with no session that was deleted and with nothing that was not stored.",
		contract.EnumerationAllEmpty:       "findSessionsByShop of a shop without sessions answers with an empty array.",
		contract.EnumerationClearEmpties:   "After deleteSessions with the ids of all sessions of a shop none of them is loaded, and findSessionsByShop finds none.",
		contract.EnumerationClearEmpty:     "To uninstall the app of a shop without sessions is no error.",
		contract.EnumerationClearLaterSets: "A session that is stored after deleteSessions has settled is loaded, then and a moment later: the shop has installed the app again.",
		contract.EnumerationOwnOnly:        "The sessions of another app on the same backend are neither found nor deleted, also those of the same shop.",
		contract.ExpiryLatestWins:          "A session that is stored without expires over one that has an end has none.",
	},
	beyond: []*contract.Requirement{
		contract.SetRemovedMembers, contract.ExpiryEndedKept, contract.EnumerationTogether, contract.EnumerationOtherShops, contract.FidelitySessionKinds,
	},
}
