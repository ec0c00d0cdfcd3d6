package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptExpress = []JavaScriptMutant{
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
		[]*contract.Requirement{contract.EventsNoUnheardError, contract.CallbacksFailedCalls},
		"connect-pg-simple before 5 (issue 29, commit 5a0ab99)",
	},
	{
		"createSession leaves the expiry a string", "create-session-keeps-string.js",
		[]*contract.Requirement{contract.ExpressCreateSession},
		"",
	},
	{
		"createSession gives the session a cookie of plain data", "create-session-plain-cookie.js",
		[]*contract.Requirement{contract.ExpressCreateSession, contract.ExpressLoad, contract.ExpressReload},
		"",
	},
	{
		"createSession copies the session, whose methods stay behind", "create-session-copies.js",
		[]*contract.Requirement{
			contract.ExpressCreateSession, contract.ExpressLoad, contract.ExpressReload, contract.HTTPCounter, contract.HTTPSaveUninitialized, contract.HTTPLogin,
			contract.HTTPLogoutElsewhere, contract.HTTPParallel,
		},
		"",
	},
	{
		"createSession makes a session whose touch does nothing", "create-session-touchless.js",
		[]*contract.Requirement{contract.ExpressCreateSession, contract.ExpressLoad, contract.ExpressReload},
		"",
	},
	{
		"createSession makes a session of another id", "create-session-other-id.js",
		[]*contract.Requirement{
			contract.ExpressCreateSession, contract.ExpressLoad, contract.ExpressReload, contract.HTTPCounter, contract.HTTPSaveUninitialized, contract.HTTPLogin,
			contract.HTTPLogoutElsewhere,
		},
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
		"a watcher of its folder keeps the process alive", "watches.js",
		[]*contract.Requirement{contract.ResourcesTimers},
		"",
	},
	{
		"a watcher that looks at a file now and then keeps the process alive", "watches-file.js",
		[]*contract.Requirement{contract.ResourcesTimers},
		"",
	},
	{
		"a server of its own keeps the process alive", "serves-its-numbers.js",
		[]*contract.Requirement{contract.ResourcesTimers},
		"",
	},
	{
		"destroyed sessions are remembered for ever", "remembers-destroyed.js",
		[]*contract.Requirement{contract.ResourcesMemory},
		"@itrocks/fastify-file-session-store, all versions",
	},
	{
		"regenerate leaves the old session", "regenerate-keeps.js",
		[]*contract.Requirement{contract.ExpressRegenerate, contract.HTTPLogin},
		"@fastify/session up to 11.1.1 (issue 240, PR 348), in its own regenerate",
	},
}
