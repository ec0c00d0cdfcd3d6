package mutants

import (
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// A JavaScriptMutant is a store for Node with one fault.
type JavaScriptMutant struct {
	// Name says what the store does wrong.
	Name string
	// File is its file in folder js.
	File string
	// Breaks are the requirements that the fault violates: the first is the one that is there to catch it. No other may fail but those of mayBreak.
	Breaks []*contract.Requirement
	// From names the real stores that have or had the fault, where there are any.
	From string
}

// JavaScript returns every mutant for Node, in the order of the catalogue.
func JavaScript() []JavaScriptMutant { return javaScript }

var javaScript = []JavaScriptMutant{
	{
		"a set walks all properties of a Session, also those that are not enumerable", "walks-all-properties.js",
		[]*contract.Requirement{contract.SetRealSession, contract.FidelityJavaScriptValues, contract.ExpressReload, contract.CallbacksSetWithout, contract.HTTPLogoutElsewhere},
		"",
	},
	{
		"a set throws for a session that cannot be serialised", "throws-when-refused.js",
		[]*contract.Requirement{contract.SetUnserialisable},
		"express-session MemoryStore and seven more",
	},
	{
		"a set of a session that cannot be serialised calls back twice and leaves an entry", "refuses-and-stores.js",
		[]*contract.Requirement{contract.SetUnserialisable, contract.CallbacksOnce},
		"memorystore up to 1.6.7",
	},
	{
		"a set reads cookie.maxAge only, which a plain cookie lacks", "max-age-only.js",
		[]*contract.Requirement{contract.ExpiryPlainCookie},
		"connect-pg-simple up to 6.2.1 (commit fc44b75), memorystore, and 17 more of 27",
	},
	{
		"all answers with an object keyed by id", "all-object.js",
		[]*contract.Requirement{contract.EnumerationAllArray},
		"express-session MemoryStore, memorystore, express-mysql-session, prisma-session-store",
	},
	{
		"a set copies the data by hand and forgets toJSON", "copies-by-hand.js",
		[]*contract.Requirement{contract.FidelityJavaScriptValues},
		"",
	},
	{
		"a get makes a Date of every string that looks like one", "revives-dates.js",
		[]*contract.Requirement{contract.FidelityLookAlikes},
		"",
	},
	{
		"a set clones the data, which functions do not survive", "structured-clone.js",
		[]*contract.Requirement{contract.FidelityJavaScriptValues},
		"",
	},
	{
		"a get answers with what was given to set", "keeps-argument.js",
		[]*contract.Requirement{contract.IsolationArgument},
		"lowdb-session-store 1.1.1",
	},
	{
		"a get answers with the same object every time", "keeps-result.js",
		[]*contract.Requirement{contract.IsolationResult, contract.IsolationTwoResults},
		"connect-loki up to 1.2.0, cluster-store 2.0.8, session-pouchdb-store 0.4.1, @fastify/session's Store (issue 251)",
	},
	{
		"gets that run at the same time share a result", "shares-running-gets.js",
		[]*contract.Requirement{contract.IsolationTwoResults},
		"",
	},
	{
		"a set of the object that was set before writes nothing", "compares-with-itself.js",
		[]*contract.Requirement{contract.IsolationRewrite},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"length takes its callback for something else", "length-never-answers.js",
		[]*contract.Requirement{contract.CallbacksCalled},
		"express-session-level 1.0.0",
	},
	{
		"destroy of a missing session never calls back", "destroy-missing-never-answers.js",
		[]*contract.Requirement{contract.CallbacksCalled},
		"",
	},
	{
		"destroy of a missing session calls back twice", "destroy-twice.js",
		[]*contract.Requirement{contract.CallbacksOnce},
		"prisma-session-store up to 3.1.2 (issue 72)",
	},
	{
		"touch calls back again later", "touch-twice-later.js",
		[]*contract.Requirement{contract.CallbacksOnce},
		"connect-typeorm 2.0.0",
	},
	{
		"clear calls back with the number of sessions as its error", "clear-reports-count.js",
		[]*contract.Requirement{contract.CallbacksSuccessIsFalsy, contract.CallbacksErrorsAreErrors},
		"",
	},
	{
		"length throws after it has arranged for its callback", "length-throws.js",
		[]*contract.Requirement{contract.CallbacksNoThrow},
		"",
	},
	{
		"touch throws from a timer", "touch-crashes-later.js",
		[]*contract.Requirement{contract.CallbacksNoUncaught, contract.CallbacksTouchWithout},
		"",
	},
	{
		"a sweep throws from its timer", "sweep-crashes.js",
		[]*contract.Requirement{contract.CallbacksNoUncaught},
		"prisma-session-store up to 3.1.5 (issue 76, PR 93)",
	},
	{
		"destroy forgets a promise that is rejected", "destroy-loses-rejection.js",
		[]*contract.Requirement{contract.CallbacksNoUncaught, contract.CallbacksDestroyWithout},
		"",
	},
	{
		"get of a missing session calls back at once", "get-at-once.js",
		[]*contract.Requirement{contract.CallbacksAsynchronous},
		"memorystore up to 1.6.7, @fastify/session's Store (issue 251)",
	},
	{
		"an error is a string", "errors-are-strings.js",
		[]*contract.Requirement{contract.CallbacksErrorsAreErrors},
		"kruptein in session-file-store 1.4.0 and later",
	},
	{
		"set calls back inside a try and hands the callback its own error", "callback-in-try.js",
		[]*contract.Requirement{contract.CallbacksThrowing},
		"connect-redis 7 to 10, connect-mongo up to 4.5.0 (issue 440), express-mysql-session and more",
	},
	{
		"get is stuck after a callback that throws", "stuck-after-throw.js",
		[]*contract.Requirement{contract.CallbacksThrowing},
		"",
	},
	{
		"destroy needs its callback", "destroy-needs-callback.js",
		[]*contract.Requirement{contract.CallbacksDestroyWithout},
		"better-sqlite3-session-store up to 0.0.3 (PR 10), connect-mongo up to 2.0.0 (issue 271), session-file-store's master (PR 99), lowdb-session-store 1.1.1",
	},
	{
		"destroy without a callback does nothing", "destroy-ignored-without.js",
		[]*contract.Requirement{contract.CallbacksDestroyWithout},
		"",
	},
	{
		"set needs its callback", "set-needs-callback.js",
		[]*contract.Requirement{contract.CallbacksSetWithout},
		"better-sqlite3-session-store up to 0.0.3 (PR 10), connect-lowdb 2.1.0",
	},
	{
		"set without a callback does nothing", "set-ignored-without.js",
		[]*contract.Requirement{contract.CallbacksSetWithout},
		"",
	},
	{
		"touch needs its callback", "touch-needs-callback.js",
		[]*contract.Requirement{contract.CallbacksTouchWithout},
		"connect-pg-simple up to 6.1.0",
	},
	{
		"clear of an empty store needs its callback", "clear-needs-callback.js",
		[]*contract.Requirement{contract.CallbacksClearWithout},
		"session-file-store, all versions",
	},
	{
		"a lock file that a killed process has left keeps the store closed", "files-stale-lock.js",
		[]*contract.Requirement{contract.DurabilityCrashOpens},
		"",
	},
	{
		"the lock of a record that a killed process has left is never broken", "files-stale-record-lock.js",
		[]*contract.Requirement{contract.DurabilityCrashOpens},
		"",
	},
	{
		"a set writes a record in place", "files-in-place.js",
		[]*contract.Requirement{contract.DurabilityCrashWhole},
		"session-file-store up to 0.0.22; @itrocks/fastify-file-session-store, all versions",
	},
	{
		"a set calls back before it writes", "files-acknowledges-first.js",
		[]*contract.Requirement{contract.DurabilityCrashAcknowledged},
		"",
	},
	{
		"a destroy is a mark in memory until the store is closed", "files-destroys-later.js",
		[]*contract.Requirement{contract.DurabilityCrashNoRevival},
		"",
	},
	{
		"all reads unfinished files like any other", "files-lists-unfinished.js",
		[]*contract.Requirement{contract.DurabilityCrashLists},
		"",
	},
	{
		"the store is no event emitter", "no-emitter.js",
		[]*contract.Requirement{contract.EventsEmitter},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"the store has a generate of its own", "own-generate.js",
		[]*contract.Requirement{contract.EventsExtensible},
		"",
	},
	{
		"nothing can be added to the store", "frozen.js",
		[]*contract.Requirement{contract.EventsExtensible, contract.ExpressRegenerate},
		"",
	},
	{
		"any failure is a disconnect, and nothing a connect", "disconnect-for-ever.js",
		[]*contract.Requirement{contract.EventsReconnect},
		"connect-typeorm, all versions without onError",
	},
	{
		"a failure is an error event that nobody listens for", "unheard-error.js",
		[]*contract.Requirement{contract.EventsNoUnheardError},
		"connect-pg-simple before 5 (issue 29, commit 5a0ab99)",
	},
	{
		"createSession leaves the expiry a string", "create-session-keeps-string.js",
		[]*contract.Requirement{contract.ExpressCreateSession},
		"",
	},
	{
		"load answers with plain data", "load-plain.js",
		[]*contract.Requirement{contract.ExpressLoad},
		"",
	},
	{
		"load of a missing session is an error", "load-missing-error.js",
		[]*contract.Requirement{contract.ExpressLoad},
		"",
	},
	{
		"createSession leaves the request without the session", "create-session-unattached.js",
		[]*contract.Requirement{
			contract.ExpressReload, contract.ExpressCreateSession, contract.HTTPCounter, contract.HTTPSaveUninitialized, contract.HTTPLogin, contract.HTTPLogoutElsewhere,
			contract.HTTPUnset, contract.HTTPRolling, contract.HTTPParallel,
		},
		"",
	},
	{
		"regenerate generates first and destroys the new session", "regenerate-first.js",
		[]*contract.Requirement{contract.ExpressRegenerate, contract.HTTPLogin},
		"",
	},
	{
		"a set compares the session with what the last get handed out, nested objects of which the application has changed", "compares-with-handed.js",
		[]*contract.Requirement{contract.HTTPCounter},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"a new session without data is not stored", "skips-empty.js",
		[]*contract.Requirement{contract.HTTPSaveUninitialized, contract.SetCookieOnly},
		"",
	},
	{
		"regenerate destroys the sessions of users only", "regenerates-users-only.js",
		[]*contract.Requirement{contract.HTTPLogin, contract.ExpressRegenerate},
		"",
	},
	{
		"touch of a destroyed session writes back what a get has read", "touch-writes-loaded.js",
		[]*contract.Requirement{contract.HTTPLogoutElsewhere, contract.MiddlewareLogoutElsewhere, contract.InstancesSeeTouches},
		"",
	},
	{
		"a destroy leaves what a get has put into a cache", "destroy-leaves-cache.js",
		[]*contract.Requirement{
			contract.HTTPUnset, contract.HTTPLogin, contract.HTTPLogoutElsewhere, contract.DestroyGone, contract.ConcurrencyStaleReads, contract.MiddlewareLogin,
			contract.MiddlewareLogoutElsewhere,
		},
		"",
	},
	{
		"touch keeps the originalMaxAge in whole minutes", "whole-minutes.js",
		[]*contract.Requirement{contract.HTTPRolling, contract.MiddlewareActiveUser},
		"",
	},
	{
		"a set while a touch is under way is refused", "busy.js",
		[]*contract.Requirement{contract.HTTPParallel, contract.ConcurrencySetAndTouch},
		"",
	},
	{
		"a sweep timer keeps the process alive", "timer.js",
		[]*contract.Requirement{contract.ResourcesTimers},
		"better-sqlite3-session-store, lowdb-session-store, prisma-session-store, express-mysql-session, connect-session-sequelize before PR 63",
	},
	{
		"destroyed sessions are remembered for ever", "remembers-destroyed.js",
		[]*contract.Requirement{contract.ResourcesMemory},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"a call whose connection breaks is forgotten by its client", "network-forgets.js",
		[]*contract.Requirement{contract.FaultsAnswered},
		"connect-memcached 3.0.0, in memcached 2.2.2; connect-memjs 0.2.1, in memjs 1.3.2",
	},
	{
		"a call that was given up calls back again with its late answer", "network-answers-twice.js",
		[]*contract.Requirement{contract.FaultsAnsweredOnce},
		"",
	},
	{
		"nobody listens for the errors of a connection", "network-unheard-error.js",
		[]*contract.Requirement{contract.FaultsProcessLives},
		"express-sessions 1.0.6; connect-pg-simple before 5, issue 29",
	},
	{
		"what fails is rejected as well as called back", "network-rejects.js",
		[]*contract.Requirement{contract.FaultsProcessLives},
		"connect-session-knex 5.0.0, all but touch",
	},
	{
		"touch awaits its query without a guard", "network-touch-unguarded.js",
		[]*contract.Requirement{contract.FaultsProcessLives, contract.FaultsAnswered},
		"connect-session-knex 5.0.0",
	},
	{
		"half an answer is taken over into the next connection", "network-keeps-half.js",
		[]*contract.Requirement{contract.FaultsRightData},
		"connect-redis 8.1.0, in node-redis 4.7.1",
	},
	{
		"a lost connection is a disconnect, and the next one no connect", "network-never-connects.js",
		[]*contract.Requirement{contract.FaultsConnectEvent},
		"",
	},
	{
		"a set that meets another of the id is never answered", "set-meets-set.js",
		[]*contract.Requirement{contract.ConcurrencyOneID, contract.HTTPParallel},
		"prisma-session-store 2.0.0 to 3.1.4 (commit 3c774eb)",
	},
	{
		"touch of an expired session throws from a callback of its own and never calls back", "touch-expired-crashes.js",
		[]*contract.Requirement{contract.TouchExpiredData, contract.TouchExpiredStaysDead, contract.TouchMissingNoError},
		"session-file-store 1.1.2 to 1.3.0",
	},
	{
		"all lists a session until the expiry of its set, whatever a touch has made of it", "all-keeps-ends.js",
		[]*contract.Requirement{contract.ExpiryAllExcludes},
		"",
	},
	{
		"all answers with promises", "all-promises.js",
		[]*contract.Requirement{contract.EnumerationAllLive, contract.EnumerationAllOddIDs, contract.ExpiryAllExcludes, contract.ExpiryAllProlonged},
		"connect-redis 7.1 to 10 with a serializer that answers later (PR 390)",
	},
	{
		"all is never answered", "all-never-answers.js",
		[]*contract.Requirement{contract.CallbacksCalled},
		"connect-mongodb-session 5.0.0, whose driver takes callbacks no more",
	},
	{
		"clear is never answered, and removes nothing", "clear-never-answers.js",
		[]*contract.Requirement{contract.CallbacksCalled, contract.EnumerationClearEmpties},
		"level-session-store, all versions",
	},
	{
		"clear throws", "clear-throws.js",
		[]*contract.Requirement{contract.CallbacksNoThrow, contract.CallbacksCalled, contract.CallbacksClearWithout, contract.EnumerationClearEmpties},
		"cluster-store 2.0.8",
	},
	{
		"length answers with the server's statistics", "length-statistics.js",
		[]*contract.Requirement{contract.EnumerationLengthCounts},
		"connect-memcached up to 3.0.0",
	},
	{
		"a set of a session that cannot be serialised is never answered", "refuses-without-answer.js",
		[]*contract.Requirement{contract.SetUnserialisable},
		"connect-dynamodb 3.0.5",
	},
	{
		"a set of an odd id is rejected and never called back", "odd-id-rejects.js",
		[]*contract.Requirement{contract.IDsPrintable},
		"",
	},
	{
		"a set of a stored session throws from a callback of its own", "set-again-crashes.js",
		[]*contract.Requirement{
			contract.CallbacksNoUncaught, contract.SetReplaces, contract.IsolationRewrite, contract.ExpressReload, contract.CallbacksCalled, contract.CallbacksSetWithout, contract.HTTPCounter, contract.HTTPSaveUninitialized, contract.HTTPParallel,
		},
		"connect-session-sequelize of 2018 with the option raw (commits f5b1c6c and d722b76)",
	},
	{
		"regenerate leaves the old session", "regenerate-keeps.js",
		[]*contract.Requirement{contract.ExpressRegenerate, contract.HTTPLogin},
		"@fastify/session up to 11.1.1 (issue 240, PR 348), in its own regenerate",
	},
	{
		"get of a missing session throws", "get-missing-throws.js",
		[]*contract.Requirement{
			contract.CallbacksNoThrow, contract.GetMissing, contract.ExpressLoad, contract.ExpressReload, contract.ExpressRegenerate, contract.CallbacksCalled,
			contract.CallbacksDestroyWithout, contract.HTTPLogin, contract.HTTPLogoutElsewhere, contract.HTTPUnset,
		},
		"session-file-store, all versions, with a minTimeout beyond its maxTimeout",
	},
	{
		"a get with the wrong secret calls back twice", "wrong-secret-twice.js",
		[]*contract.Requirement{contract.InstancesWrongSecret},
		"connect-mongo up to 5.1.0",
	},
}

// mayBreak are requirements that a store violates as well, of which the checks do not always meet it, by its file.
var mayBreak = map[string][]*contract.Requirement{
	"touch-crashes-later.js":   {contract.HTTPParallel},
	"network-keeps-half.js":    {contract.FaultsServesAgain, contract.FaultsNotMissing, contract.FaultsAcknowledged},
	"network-unheard-error.js": {contract.EventsReconnect},
}

// overNetwork reports whether a file of folder js is a store that needs a server.
func overNetwork(file string) bool { return strings.HasPrefix(file, "network") }

// keepsFiles reports whether a file of folder js is a store that can be killed and opened again.
func keepsFiles(file string) bool { return strings.Contains(file, "files") }
