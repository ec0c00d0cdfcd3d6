package profile

import "github.com/storecheck/storecheck/spec/contract"

var fastifySession = &Profile{
	Name: "@fastify/session", Short: "fastify", Version: "1.0.0", Middleware: "11.1.3",
	Title: "stores of Fastify",
	Calls: []string{"get(sessionId, callback)", "set(sessionId, session, callback)", "destroy(sessionId, callback)"},
	Hands: "its own Session, live: the data are its members, the request and the store hang on it by symbols, and cookie has a toJSON with expires, originalMaxAge, " +
		"the attributes, and originalExpires once the session was loaded",
	Missing: "undefined, null, false, an empty text, or an error whose code is ENOENT",
	Ends:    "the store should; @fastify/session destroys a session itself whose cookie.expires, as it was stored, has passed",
	Site:    "a Fastify application with @fastify/cookie and @fastify/session",
	Notes: []string{
		"With its default, rolling: true, @fastify/session stores every session at the end of every request, so a page on its way that only reads undoes a logout, " +
			"whatever the store does; http/logout-reading shows it, and nothing is held against the store.",
		"A logout does not clear the browser's cookie.",
		"It calls no touch, and it waits for callbacks only: the promise of a method is ignored.",
	},
	Source: "@fastify/session lib/session.js, lib/cookie.js, index.js; its calls, recorded",

	Host:       "profile_fastify",
	Packages:   []string{"@fastify/cookie@11.1.5", "@fastify/session@11.1.3", "fastify@5.12.8"},
	MayOutlive: true,
	Cookie:     []string{"originalMaxAge", "expires", "httpOnly", "path", "domain", "secure", "sameSite", "partitioned"},

	without: []string{
		// It calls neither of these methods, whatever the store has.
		"touch", "enumeration", "expiry/all-excludes", "expiry/all-prolonged", "expiry/length-excludes", "isolation/all", "durability/crash-lists", "durability/crash-cleared",
		"concurrency/set-and-touch", "concurrency/destroy-and-touch", "instances/see-touches",
		"middleware/logout-elsewhere", "middleware/save-elsewhere", "middleware/early-save", "middleware/max-age-change",
		// It extends nothing of the store and listens for nothing.
		"express", "events/emitter", "events/extensible", "events/reconnect", "faults/connect-event", "expiry/plain-cookie", "http/unset",
		// It always hands a callback over.
		"callbacks/destroy-without", "callbacks/set-without", "callbacks/touch-without", "callbacks/clear-without", "callbacks/reads-without",
	},
	levels: levelled(contract.Should, endsByItself...),
	texts: map[*contract.Requirement]string{
		contract.GetMissing: "A get of an id that was never set answers without a session: undefined, null, false, an empty text, or an error whose code is ENOENT.",
		contract.GetUsableCookie: "The session that get answers with has a cookie object whose expires is the instant that was set, as exactly as the store declares to keep time, " +
			"as an ISO string, a date or a number of milliseconds, or is null, false or absent where none was set.",
		contract.SetRealSession:      "A set of a live Session, on which the request and the store hang by symbols, stores its named members only.",
		contract.HTTPLogoutElsewhere: "With rolling: false, after a logout in one tab, during which a page of another tab was on its way that changed nothing, the browser has no session.",
	},
	beyond: []*contract.Requirement{contract.HTTPLogoutReading},
}

// endsByItself are the requirements that a session ends, for middlewares that refuse ended sessions themselves.
var endsByItself = []*contract.Requirement{
	contract.ExpiryGoneAfter, contract.ExpirySubSecond, contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.InstancesReopenExpiry,
	contract.CalendarLivesEnd,
	contract.CalendarLivesEnd, contract.CalendarProlongedDaily, contract.CalendarClockChanges, contract.CalendarOddDates,
}

// levelled gives requirements a level.
func levelled(level contract.Level, requirements ...*contract.Requirement) map[*contract.Requirement]contract.Level {
	levels := map[*contract.Requirement]contract.Level{}
	for _, r := range requirements {
		levels[r] = level
	}
	return levels
}
