package profile

import "github.com/storecheck/storecheck/spec/contract"

var honoSessions = &Profile{
	Name: "hono-sessions", Short: "hono", Version: "1.0.0", Middleware: "0.8.1",
	Title: "stores of Hono",
	Calls: []string{"getSessionById(id)", "createSession(id, value)", "persistSessionData(id, value)", "deleteSession(id)"},
	Hands: "a plain object, live: _data with { value, flash } by name, _expire as an ISO text or null, _delete, _accessed and _id, which after a rotation is still " +
		"the id from before",
	Missing: "anything falsy",
	Ends:    "hono-sessions, by _expire in what the store answers with; no lifetime is handed over",
	Site:    "a Hono application with hono-sessions",
	Notes: []string{
		"An error of getSessionById is a logout: the good cookie is overwritten.",
		"With its default, autoExtendExpiration: true, every page stores the session, so a page on its way that only reads undoes a logout, unless persistSessionData writes nothing for an " +
			"id that is gone; http/logout-reading shows it, and nothing is held against the store.",
		"A visitor without a cookie gets a session that is stored, whatever the page does.",
	},
	Source: "hono-sessions esm/src/Middleware.js, esm/src/Session.js; its calls, recorded",

	Host:     "profile_hono",
	Packages: []string{"hono-sessions@0.8.1", "hono@4.13.19"},
	Cookie:   []string{"expires"},

	without: with(ofPromises, ofTouch),
	levels:  levelled(contract.Should, contract.SetArgumentUnchanged),
	texts: promiseTexts(map[*contract.Requirement]string{
		contract.GetUsableCookie: "What getSessionById answers with is an object that can be changed, and _expire in it is the instant that was set, or null.",
	}),
	beyond: []*contract.Requirement{contract.HTTPLogoutReading},
}
