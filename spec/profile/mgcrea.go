package profile

import "github.com/storecheck/storecheck/spec/contract"

var mgcreaSession = &Profile{
	Name: "@mgcrea/fastify-session", Short: "mgcrea", Version: "1.0.0", Middleware: "2.4.1",
	Title:   "stores of Fastify's other middleware",
	Calls:   []string{"get(id)", "set(id, data, expiry?)", "touch(id, expiry?), where the store has it, before the handler of each request", "destroy(id)"},
	Hands:   "a plain object with what the application has put into the session, live, and apart from it when it ends: milliseconds since 1970, or null for no end",
	Missing: "anything falsy; otherwise get answers with [data, expiry]",
	Ends:    "the middleware, by the number expiry; the store should",
	Site:    "a Fastify application with @fastify/cookie and @mgcrea/fastify-session",
	Notes: []string{
		"An error of get or touch is a logout: the visitor gets a new session, and an entry in the log is all that shows.",
		"It has no regenerate, so http/login is not asked for.",
		"The settings of a site belong to the module: two sites of one process share the store of the later one.",
	},
	Source: "@mgcrea/fastify-session dist/index.js; its calls, recorded",

	Host:     "profile_mgcrea",
	Packages: []string{"@fastify/cookie@11.1.5", "@mgcrea/fastify-session@2.4.1", "fastify@5.12.8"},
	Cookie:   []string{"expires"},

	without: with(ofPromises, []string{
		"http/login", "http/rolling",
		// Its touch moves the end alone: there is no session to be written, and no cookie to be shown.
		"middleware/max-age-change", "touch/argument-unchanged", "touch/cookie-visible",
	}),
	levels: levelled(contract.Should, contract.SetArgumentUnchanged),
	texts: promiseTexts(map[*contract.Requirement]string{
		contract.GetUsableCookie: "What get answers with is [data, expiry], and expiry is the number of milliseconds that was set, or null.",
		contract.TouchKeepsData:  "A touch leaves the stored data as it is.",
	}),
}
