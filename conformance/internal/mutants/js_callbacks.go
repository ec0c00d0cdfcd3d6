package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptCallbacks = []JavaScriptMutant{
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
		"a get whose callback throws keeps the other instances from writing", "files-locks-after-throw.js",
		[]*contract.Requirement{contract.CallbacksThrowing},
		"express-sqlite3 0.0.5, because node-sqlite3 leaves the statement of such a get open",
	},
	{
		"destroy needs its callback", "destroy-needs-callback.js",
		[]*contract.Requirement{contract.CallbacksDestroyWithout},
		"better-sqlite3-session-store up to 0.0.3 (PR 10), connect-mongo up to 2.0.0 (issue 271), session-file-store's master (PR 99), lowdb-session-store 1.1.1",
	},
	{
		"destroy needs its callback, which is called from what began at the opening", "destroy-elsewhere-needs-callback.js",
		[]*contract.Requirement{contract.CallbacksDestroyWithout},
		"",
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
		"a set of a stored session throws from a callback of its own", "set-again-crashes.js",
		[]*contract.Requirement{
			contract.CallbacksNoUncaught, contract.CallbacksFailedCalls, contract.SetReplaces, contract.IsolationRewrite, contract.ExpressReload, contract.CallbacksCalled, contract.CallbacksSetWithout, contract.HTTPCounter, contract.HTTPSaveUninitialized, contract.HTTPParallel,
		},
		"connect-session-sequelize of 2018 with the option raw (commits f5b1c6c and d722b76)",
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
		"get of a missing session never calls back", "get-missing-hangs.js",
		[]*contract.Requirement{
			contract.GetMissing, contract.CallbacksCalled, contract.CallbacksDestroyWithout,
			contract.ExpressLoad, contract.ExpressReload, contract.ExpressRegenerate, contract.HTTPLogin, contract.HTTPLogoutElsewhere,
			contract.HTTPUnset,
		},
		"",
	},
	{
		"a set that fails calls back and rejects as well", "failure-rejects-too.js",
		[]*contract.Requirement{contract.CallbacksFailedCalls},
		"connect-session-knex 5.0.0, all but touch",
	},
	{
		"a touch that fails calls back and throws as well", "failure-throws-too.js",
		[]*contract.Requirement{contract.CallbacksFailedCalls},
		"",
	},
	{
		"a set that fails calls back and leaves a second promise rejected", "failure-forgets-promise.js",
		[]*contract.Requirement{contract.CallbacksFailedCalls},
		"",
	},
	{
		"a destroy that fails calls back and throws from its timer", "failure-throws-later.js",
		[]*contract.Requirement{contract.CallbacksFailedCalls},
		"",
	},
	{
		"a get of a damaged record calls back and rejects as well", "files-damaged-rejects.js",
		[]*contract.Requirement{contract.CallbacksFailedCalls},
		"",
	},
	{
		"a touch that fails never gives back its place in a pool", "touch-keeps-slot.js",
		[]*contract.Requirement{contract.ResourcesAfterFailures},
		"",
	},
	{
		"a get that fails counts as in flight for ever", "long-id-locks.js",
		[]*contract.Requirement{contract.ResourcesAfterFailures},
		"",
	},
}
