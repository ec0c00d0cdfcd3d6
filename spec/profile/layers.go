package profile

import (
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

var keyv = &Profile{
	Name: "keyv", Short: "keyv", Version: "1.0.0", Middleware: "5.6.0",
	Title: "Keyv as a session store",
	Calls: []string{"get(id)", "set(id, session, ttl?)", "delete(id)"},
	Hands: "a plain object with cookie and what the application has put into the session; ttl is what is left of the session in whole milliseconds, more than 0, or undefined for one " +
		"without an end",
	Missing: "undefined or null",
	Ends:    "Keyv, by the end that it keeps beside the value, and its adapter",
	Site:    "none: Keyv belongs to no middleware",
	Notes: []string{
		"Of an error of the adapter get says nothing: it answers undefined, as for a missing session, unless throwOnErrors is set.",
		"A set that answers false is a failed one. What is over already is deleted and not set, because a ttl of 0 is for ever.",
	},
	Source: "keyv dist/index.js; the documentation of keyv",

	Host:     "profile_keyv",
	Packages: []string{"keyv@5.6.0"},
	Cookie:   []string{"originalMaxAge", "expires"},

	without: with(ofPromises, ofTouch, []string{"http"}),
	texts:   layerTexts("get"),
}

var unstorage = &Profile{
	Name: "unstorage", Short: "unstorage", Version: "1.0.0", Middleware: "1.17.6",
	Title: "unstorage as a session store",
	Calls: []string{"getItem(key)", "setItem(key, session, { ttl }?)", "removeItem(key)"},
	Hands: "a plain object with cookie and what the application has put into the session; ttl is in whole seconds, at least 1, and left out for a session without an end; the key is sess: and the " +
		"id in base64url, since : / \\ and ? have a meaning in keys",
	Missing: "null, undefined or an empty text",
	Ends:    "the driver, if it knows ttl: most do not, and no promise of unstorage is broken by that",
	Site:    "none: h3's own sessions use no store",
	Notes: []string{
		"On a driver without ttl a session never ends: the requirements of expiry record what the driver does, and judge nothing.",
		"What is over already is removed and not set.",
	},
	Source: "unstorage dist/index.mjs; the documentation of unstorage",

	Host:       "profile_unstorage",
	Packages:   []string{"unstorage@1.17.6"},
	MayOutlive: true,
	Cookie:     []string{"originalMaxAge", "expires"},

	without: with(ofPromises, ofTouch, []string{"http"}),
	levels: levelled(contract.May, slices.Concat(endsByItself, []*contract.Requirement{
		contract.ExpiryPastIsMissing, contract.ExpiryMaxAgeZero, contract.ExpiryOverOriginalMaxAge, contract.FidelityNestedCookie,
	})...),
	texts: layerTexts("getItem"),
}

// layerTexts are the texts for a store behind no middleware.
func layerTexts(get string) map[*contract.Requirement]string {
	texts := promiseTexts(map[*contract.Requirement]string{
		contract.GetUsableCookie: "The object that " + get + " answers with has the member cookie as it was set.",
	})
	delete(texts, contract.HTTPLogoutElsewhere)
	return texts
}
