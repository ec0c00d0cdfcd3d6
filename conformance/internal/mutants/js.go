package mutants

import (
	"strings"

	"github.com/storecheck/storecheck/spec"
)

// A JavaScriptMutant is a store for Node with one fault.
type JavaScriptMutant struct {
	// Name says what the store does wrong.
	Name string
	// File is its file in folder js.
	File string
	// Breaks are the requirements that the fault violates: the first is the one that is there to catch it. No other may fail but those of mayBreak.
	Breaks []*spec.Requirement
	// From names the real stores that have or had the fault, where there are any.
	From string
}

// JavaScript returns every mutant for Node, in the order of the catalogue.
func JavaScript() []JavaScriptMutant { return javaScript }

var javaScript = []JavaScriptMutant{
	{
		"a set walks all properties of a Session, also those that are not enumerable", "walks-all-properties.js",
		[]*spec.Requirement{spec.SetRealSession, spec.FidelityJavaScriptValues, spec.ExpressReload, spec.CallbacksSetWithout, spec.HTTPLogoutElsewhere},
		"",
	},
	{
		"a set throws for a session that cannot be serialised", "throws-when-refused.js",
		[]*spec.Requirement{spec.SetUnserialisable},
		"express-session MemoryStore and seven more",
	},
	{
		"a set of a session that cannot be serialised calls back twice and leaves an entry", "refuses-and-stores.js",
		[]*spec.Requirement{spec.SetUnserialisable, spec.CallbacksOnce},
		"memorystore up to 1.6.7",
	},
	{
		"a set reads cookie.maxAge only, which a plain cookie lacks", "max-age-only.js",
		[]*spec.Requirement{spec.ExpiryPlainCookie},
		"connect-pg-simple up to 6.2.1 (commit fc44b75), memorystore, and 17 more of 27",
	},
	{
		"all answers with an object keyed by id", "all-object.js",
		[]*spec.Requirement{spec.EnumerationAllArray},
		"express-session MemoryStore, memorystore, express-mysql-session, prisma-session-store",
	},
	{
		"a set copies the data by hand and forgets toJSON", "copies-by-hand.js",
		[]*spec.Requirement{spec.FidelityJavaScriptValues},
		"",
	},
	{
		"a get makes a Date of every string that looks like one", "revives-dates.js",
		[]*spec.Requirement{spec.FidelityLookAlikes},
		"",
	},
	{
		"a set clones the data, which functions do not survive", "structured-clone.js",
		[]*spec.Requirement{spec.FidelityJavaScriptValues},
		"",
	},
	{
		"a get answers with what was given to set", "keeps-argument.js",
		[]*spec.Requirement{spec.IsolationArgument},
		"lowdb-session-store 1.1.1",
	},
	{
		"a get answers with the same object every time", "keeps-result.js",
		[]*spec.Requirement{spec.IsolationResult, spec.IsolationTwoResults},
		"connect-loki up to 1.2.0, cluster-store 2.0.8, session-pouchdb-store 0.4.1, @fastify/session's Store (issue 251)",
	},
	{
		"gets that run at the same time share a result", "shares-running-gets.js",
		[]*spec.Requirement{spec.IsolationTwoResults},
		"",
	},
	{
		"a set of the object that was set before writes nothing", "compares-with-itself.js",
		[]*spec.Requirement{spec.IsolationRewrite},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"length takes its callback for something else", "length-never-answers.js",
		[]*spec.Requirement{spec.CallbacksCalled},
		"express-session-level 1.0.0",
	},
	{
		"destroy of a missing session never calls back", "destroy-missing-never-answers.js",
		[]*spec.Requirement{spec.CallbacksCalled},
		"",
	},
	{
		"destroy of a missing session calls back twice", "destroy-twice.js",
		[]*spec.Requirement{spec.CallbacksOnce},
		"prisma-session-store up to 3.1.2 (issue 72)",
	},
	{
		"touch calls back again later", "touch-twice-later.js",
		[]*spec.Requirement{spec.CallbacksOnce},
		"connect-typeorm 2.0.0",
	},
	{
		"clear calls back with the number of sessions as its error", "clear-reports-count.js",
		[]*spec.Requirement{spec.CallbacksSuccessIsFalsy, spec.CallbacksErrorsAreErrors},
		"",
	},
	{
		"length throws after it has arranged for its callback", "length-throws.js",
		[]*spec.Requirement{spec.CallbacksNoThrow},
		"",
	},
	{
		"touch throws from a timer", "touch-crashes-later.js",
		[]*spec.Requirement{spec.CallbacksNoUncaught, spec.CallbacksTouchWithout},
		"",
	},
	{
		"a sweep throws from its timer", "sweep-crashes.js",
		[]*spec.Requirement{spec.CallbacksNoUncaught},
		"prisma-session-store up to 3.1.5 (issue 76, PR 93)",
	},
	{
		"destroy forgets a promise that is rejected", "destroy-loses-rejection.js",
		[]*spec.Requirement{spec.CallbacksNoUncaught, spec.CallbacksDestroyWithout},
		"",
	},
	{
		"get of a missing session calls back at once", "get-at-once.js",
		[]*spec.Requirement{spec.CallbacksAsynchronous},
		"memorystore up to 1.6.7, @fastify/session's Store (issue 251)",
	},
	{
		"an error is a string", "errors-are-strings.js",
		[]*spec.Requirement{spec.CallbacksErrorsAreErrors},
		"kruptein in session-file-store 1.4.0 and later",
	},
	{
		"set calls back inside a try and hands the callback its own error", "callback-in-try.js",
		[]*spec.Requirement{spec.CallbacksThrowing},
		"connect-redis 7 to 10, connect-mongo up to 4.5.0 (issue 440), express-mysql-session and more",
	},
	{
		"get is stuck after a callback that throws", "stuck-after-throw.js",
		[]*spec.Requirement{spec.CallbacksThrowing},
		"",
	},
	{
		"destroy needs its callback", "destroy-needs-callback.js",
		[]*spec.Requirement{spec.CallbacksDestroyWithout},
		"better-sqlite3-session-store up to 0.0.3 (PR 10), connect-mongo up to 2.0.0 (issue 271), session-file-store's master (PR 99), lowdb-session-store 1.1.1",
	},
	{
		"destroy without a callback does nothing", "destroy-ignored-without.js",
		[]*spec.Requirement{spec.CallbacksDestroyWithout},
		"",
	},
	{
		"set needs its callback", "set-needs-callback.js",
		[]*spec.Requirement{spec.CallbacksSetWithout},
		"better-sqlite3-session-store up to 0.0.3 (PR 10), connect-lowdb 2.1.0",
	},
	{
		"set without a callback does nothing", "set-ignored-without.js",
		[]*spec.Requirement{spec.CallbacksSetWithout},
		"",
	},
	{
		"touch needs its callback", "touch-needs-callback.js",
		[]*spec.Requirement{spec.CallbacksTouchWithout},
		"connect-pg-simple up to 6.1.0",
	},
	{
		"clear of an empty store needs its callback", "clear-needs-callback.js",
		[]*spec.Requirement{spec.CallbacksClearWithout},
		"session-file-store, all versions",
	},
	{
		"a lock file that a killed process has left keeps the store closed", "files-stale-lock.js",
		[]*spec.Requirement{spec.DurabilityCrashOpens},
		"",
	},
	{
		"the lock of a record that a killed process has left is never broken", "files-stale-record-lock.js",
		[]*spec.Requirement{spec.DurabilityCrashOpens},
		"",
	},
	{
		"a set writes a record in place", "files-in-place.js",
		[]*spec.Requirement{spec.DurabilityCrashWhole},
		"session-file-store up to 0.0.22; @itrocks/fastify-file-session-store, all versions",
	},
	{
		"a set calls back before it writes", "files-acknowledges-first.js",
		[]*spec.Requirement{spec.DurabilityCrashAcknowledged},
		"",
	},
	{
		"a destroy is a mark in memory until the store is closed", "files-destroys-later.js",
		[]*spec.Requirement{spec.DurabilityCrashNoRevival},
		"",
	},
	{
		"all reads unfinished files like any other", "files-lists-unfinished.js",
		[]*spec.Requirement{spec.DurabilityCrashLists},
		"",
	},
	{
		"the store is no event emitter", "no-emitter.js",
		[]*spec.Requirement{spec.EventsEmitter},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"the store has a generate of its own", "own-generate.js",
		[]*spec.Requirement{spec.EventsExtensible},
		"",
	},
	{
		"nothing can be added to the store", "frozen.js",
		[]*spec.Requirement{spec.EventsExtensible, spec.ExpressRegenerate},
		"",
	},
	{
		"any failure is a disconnect, and nothing a connect", "disconnect-for-ever.js",
		[]*spec.Requirement{spec.EventsReconnect},
		"connect-typeorm, all versions without onError",
	},
	{
		"a failure is an error event that nobody listens for", "unheard-error.js",
		[]*spec.Requirement{spec.EventsNoUnheardError},
		"connect-pg-simple before 5 (issue 29, commit 5a0ab99)",
	},
	{
		"createSession leaves the expiry a string", "create-session-keeps-string.js",
		[]*spec.Requirement{spec.ExpressCreateSession},
		"",
	},
	{
		"load answers with plain data", "load-plain.js",
		[]*spec.Requirement{spec.ExpressLoad},
		"",
	},
	{
		"load of a missing session is an error", "load-missing-error.js",
		[]*spec.Requirement{spec.ExpressLoad},
		"",
	},
	{
		"createSession leaves the request without the session", "create-session-unattached.js",
		[]*spec.Requirement{
			spec.ExpressReload, spec.ExpressCreateSession, spec.HTTPCounter, spec.HTTPSaveUninitialized, spec.HTTPLogin, spec.HTTPLogoutElsewhere,
			spec.HTTPUnset, spec.HTTPRolling, spec.HTTPParallel,
		},
		"",
	},
	{
		"regenerate generates first and destroys the new session", "regenerate-first.js",
		[]*spec.Requirement{spec.ExpressRegenerate, spec.HTTPLogin},
		"",
	},
	{
		"a set compares the session with what the last get handed out, nested objects of which the application has changed", "compares-with-handed.js",
		[]*spec.Requirement{spec.HTTPCounter},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"a new session without data is not stored", "skips-empty.js",
		[]*spec.Requirement{spec.HTTPSaveUninitialized, spec.SetCookieOnly},
		"",
	},
	{
		"regenerate destroys the sessions of users only", "regenerates-users-only.js",
		[]*spec.Requirement{spec.HTTPLogin, spec.ExpressRegenerate},
		"",
	},
	{
		"touch of a destroyed session writes back what a get has read", "touch-writes-loaded.js",
		[]*spec.Requirement{spec.HTTPLogoutElsewhere, spec.MiddlewareLogoutElsewhere, spec.InstancesSeeTouches},
		"",
	},
	{
		"a destroy leaves what a get has put into a cache", "destroy-leaves-cache.js",
		[]*spec.Requirement{
			spec.HTTPUnset, spec.HTTPLogin, spec.HTTPLogoutElsewhere, spec.DestroyGone, spec.ConcurrencyStaleReads, spec.MiddlewareLogin,
			spec.MiddlewareLogoutElsewhere,
		},
		"",
	},
	{
		"touch keeps the originalMaxAge in whole minutes", "whole-minutes.js",
		[]*spec.Requirement{spec.HTTPRolling, spec.MiddlewareActiveUser},
		"",
	},
	{
		"a set while a touch is under way is refused", "busy.js",
		[]*spec.Requirement{spec.HTTPParallel, spec.ConcurrencySetAndTouch},
		"",
	},
	{
		"a sweep timer keeps the process alive", "timer.js",
		[]*spec.Requirement{spec.ResourcesTimers},
		"better-sqlite3-session-store, lowdb-session-store, prisma-session-store, express-mysql-session, connect-session-sequelize before PR 63",
	},
	{
		"destroyed sessions are remembered for ever", "remembers-destroyed.js",
		[]*spec.Requirement{spec.ResourcesMemory},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"a call whose connection breaks is forgotten by its client", "network-forgets.js",
		[]*spec.Requirement{spec.FaultsAnswered},
		"connect-memcached 3.0.0, in memcached 2.2.2; connect-memjs 0.2.1, in memjs 1.3.2",
	},
	{
		"a call that was given up calls back again with its late answer", "network-answers-twice.js",
		[]*spec.Requirement{spec.FaultsAnsweredOnce},
		"",
	},
	{
		"nobody listens for the errors of a connection", "network-unheard-error.js",
		[]*spec.Requirement{spec.FaultsProcessLives},
		"express-sessions 1.0.6; connect-pg-simple before 5, issue 29",
	},
	{
		"what fails is rejected as well as called back", "network-rejects.js",
		[]*spec.Requirement{spec.FaultsProcessLives},
		"connect-session-knex 5.0.0, all but touch",
	},
	{
		"touch awaits its query without a guard", "network-touch-unguarded.js",
		[]*spec.Requirement{spec.FaultsProcessLives, spec.FaultsAnswered},
		"connect-session-knex 5.0.0",
	},
	{
		"half an answer is taken over into the next connection", "network-keeps-half.js",
		[]*spec.Requirement{spec.FaultsRightData},
		"connect-redis 8.1.0, in node-redis 4.7.1",
	},
	{
		"a lost connection is a disconnect, and the next one no connect", "network-never-connects.js",
		[]*spec.Requirement{spec.FaultsConnectEvent},
		"",
	},
	{
		"a set that meets another of the id is never answered", "set-meets-set.js",
		[]*spec.Requirement{spec.ConcurrencyOneID, spec.HTTPParallel},
		"prisma-session-store 2.0.0 to 3.1.4 (commit 3c774eb)",
	},
	{
		"touch of an expired session throws from a callback of its own and never calls back", "touch-expired-crashes.js",
		[]*spec.Requirement{spec.TouchExpiredData, spec.TouchExpiredStaysDead, spec.TouchMissingNoError},
		"session-file-store 1.1.2 to 1.3.0",
	},
	{
		"all lists a session until the expiry of its set, whatever a touch has made of it", "all-keeps-ends.js",
		[]*spec.Requirement{spec.ExpiryAllExcludes},
		"",
	},
	{
		"all answers with promises", "all-promises.js",
		[]*spec.Requirement{spec.EnumerationAllLive, spec.EnumerationAllOddIDs, spec.ExpiryAllExcludes, spec.ExpiryAllProlonged},
		"connect-redis 7.1 to 10 with a serializer that answers later (PR 390)",
	},
	{
		"all is never answered", "all-never-answers.js",
		[]*spec.Requirement{spec.CallbacksCalled},
		"connect-mongodb-session 5.0.0, whose driver takes callbacks no more",
	},
	{
		"clear is never answered, and removes nothing", "clear-never-answers.js",
		[]*spec.Requirement{spec.CallbacksCalled, spec.EnumerationClearEmpties},
		"level-session-store, all versions",
	},
	{
		"clear throws", "clear-throws.js",
		[]*spec.Requirement{spec.CallbacksNoThrow, spec.CallbacksCalled, spec.CallbacksClearWithout, spec.EnumerationClearEmpties},
		"cluster-store 2.0.8",
	},
	{
		"length answers with the server's statistics", "length-statistics.js",
		[]*spec.Requirement{spec.EnumerationLengthCounts},
		"connect-memcached up to 3.0.0",
	},
	{
		"a set of a session that cannot be serialised is never answered", "refuses-without-answer.js",
		[]*spec.Requirement{spec.SetUnserialisable},
		"connect-dynamodb 3.0.5",
	},
	{
		"a set of an odd id is rejected and never called back", "odd-id-rejects.js",
		[]*spec.Requirement{spec.IDsPrintable},
		"",
	},
	{
		"a set of a stored session throws from a callback of its own", "set-again-crashes.js",
		[]*spec.Requirement{
			spec.CallbacksNoUncaught, spec.SetReplaces, spec.IsolationRewrite, spec.ExpressReload, spec.CallbacksCalled, spec.CallbacksSetWithout, spec.HTTPCounter, spec.HTTPSaveUninitialized, spec.HTTPParallel,
		},
		"connect-session-sequelize of 2018 with the option raw (commits f5b1c6c and d722b76)",
	},
	{
		"regenerate leaves the old session", "regenerate-keeps.js",
		[]*spec.Requirement{spec.ExpressRegenerate, spec.HTTPLogin},
		"@fastify/session up to 11.1.1 (issue 240, PR 348), in its own regenerate",
	},
	{
		"get of a missing session throws", "get-missing-throws.js",
		[]*spec.Requirement{
			spec.CallbacksNoThrow, spec.GetMissing, spec.ExpressLoad, spec.ExpressReload, spec.ExpressRegenerate, spec.CallbacksCalled,
			spec.CallbacksDestroyWithout, spec.HTTPLogin, spec.HTTPLogoutElsewhere, spec.HTTPUnset,
		},
		"session-file-store, all versions, with a minTimeout beyond its maxTimeout",
	},
	{
		"a get with the wrong secret calls back twice", "wrong-secret-twice.js",
		[]*spec.Requirement{spec.InstancesWrongSecret},
		"connect-mongo up to 5.1.0",
	},
}

// mayBreak are requirements that a store violates as well, of which the checks do not always meet it, by its file.
var mayBreak = map[string][]*spec.Requirement{
	"touch-crashes-later.js":   {spec.HTTPParallel},
	"network-keeps-half.js":    {spec.FaultsServesAgain, spec.FaultsNotMissing, spec.FaultsAcknowledged},
	"network-unheard-error.js": {spec.EventsReconnect},
}

// overNetwork reports whether a file of folder js is a store that needs a server.
func overNetwork(file string) bool { return strings.HasPrefix(file, "network") }

// keepsFiles reports whether a file of folder js is a store that can be killed and opened again.
func keepsFiles(file string) bool { return strings.Contains(file, "files") }
