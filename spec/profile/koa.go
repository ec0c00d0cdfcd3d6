package profile

import "github.com/storecheck/storecheck/spec/contract"

var koaSession = &Profile{
	Name: "koa-session", Short: "koa", Version: "1.0.0", Middleware: "7.0.2",
	Title: "external stores of Koa",
	Calls: []string{"get(key, maxAge?, { ctx, rolling })", "set(key, value, maxAge, { changed, ctx, rolling })", "destroy(key, { ctx })"},
	Hands: "a plain object, new each time, with what the application has put into the session, and _expire and _maxAge in milliseconds, or _session: true; the lifetime is " +
		"a number of milliseconds, ten seconds longer than the session, or the text session",
	Missing: "anything falsy; an error is an error, also one whose code is ENOENT",
	Ends:    "koa-session, by the number _expire in what get answers with; the store should forget the session after the lifetime",
	Site:    "a Koa application with koa-session",
	Notes: []string{
		"With rolling: true it stores every session at the end of every request, so a page on its way that only reads undoes a logout, whatever the store does; " +
			"http/logout-reading shows it, and nothing is held against the store.",
		"changed: false means that nothing was compared, and not that there is nothing to do.",
	},
	Source: "koa-session src/context.ts, src/session.ts; its calls, recorded",

	Host:     "profile_koa",
	Packages: []string{"koa-session@7.0.2", "koa@3.3.0"},
	Cookie:   []string{"originalMaxAge", "expires"},

	// A store keeps a session ten seconds longer than it is shown, so that nothing can be said of its records before.
	without: with(ofPromises, ofTouch, []string{"expiry/sweep-complete", "expiry/ended-records"}),
	// What is handed over is new each time; only what is nested in it is shared.
	levels: levelled(contract.Should, contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.SetArgumentUnchanged),
	texts: promiseTexts(map[*contract.Requirement]string{
		contract.GetUsableCookie:      "The object that get answers with has _expire and _maxAge as the numbers that were set, or _session where the session ends with the browser.",
		contract.ExpiryBrowserSession: "A session that is set with the lifetime session, which has no _expire, is stored and found two seconds later.",
		contract.HTTPLogin:            "After a login for which the application calls regenerate, the browser is logged in and still has what the session held, and the cookie from before finds no session.",
	}),
	beyond: []*contract.Requirement{contract.SetUnchanged, contract.HTTPLogoutReading},
}

// promiseTexts adds the texts that differ for every middleware which waits for promises.
func promiseTexts(texts map[*contract.Requirement]string) map[*contract.Requirement]string {
	texts[contract.GetMissing] = "A get of an id that was never set answers without a session and without an error: undefined, null or anything falsy."
	texts[contract.CallbacksCalled] = "The promise of each method settles, for stored and for missing ids."
	texts[contract.CallbacksFailedCalls] = "A call that fails, because its session cannot be serialised or is too large, its record is damaged or its id is too long, " +
		"rejects, and leads to no other uncaught exception or unhandled rejection."
	texts[contract.HTTPLogoutElsewhere] = "Without rolling, after a logout in one tab, during which a page of another tab was on its way that changed nothing, the browser has no session."
	return texts
}

var koaGenericSession = &Profile{
	Name: "koa-generic-session", Short: "koa-generic", Version: "1.0.0", Middleware: "2.3.1",
	Title: "stores of Koa's older middleware",
	Calls: []string{"get(prefix + sid)", "set(prefix + sid, session, ttl?)", "destroy(prefix + sid)"},
	Hands: "the application's own plain object, live, whose member cookie has maxAge in milliseconds and the attributes; ttl is what is left of cookie.maxAge or cookie.expires " +
		"in milliseconds, or undefined where cookie.maxAge is null",
	Missing: "anything falsy; an error is an error",
	Ends:    "the store alone: koa-generic-session looks at no end",
	Site:    "a Koa application with koa-generic-session",
	Notes: []string{
		"With rolling: true it stores every session at the end of every request, so a page on its way that only reads undoes a logout, whatever the store does; " +
			"http/logout-reading shows it, and nothing is held against the store.",
	},
	Source: "koa-generic-session lib/session.js, lib/store.js; its calls, recorded",

	Host:     "profile_koa_generic",
	Packages: []string{"koa-generic-session@2.3.1", "koa@3.3.0"},
	Cookie:   []string{"originalMaxAge", "httpOnly", "path"},

	without: with(ofPromises, ofTouch),
	levels:  map[*contract.Requirement]contract.Level{contract.SetArgumentUnchanged: contract.Should},
	texts: promiseTexts(map[*contract.Requirement]string{
		contract.GetUsableCookie: "The object that get answers with has the member cookie as it was set.",
	}),
	beyond: []*contract.Requirement{contract.HTTPLogoutReading},
}
