package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptData = []JavaScriptMutant{
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
		"the end of a cookie comes back as a text in _expires", "end-in-inner-field.js",
		[]*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie, contract.ExpressCreateSession},
		"",
	},
	{
		"all answers with an object keyed by id", "all-object.js",
		[]*contract.Requirement{contract.EnumerationAllArray},
		"express-session MemoryStore, memorystore, express-mysql-session, prisma-session-store",
	},
	{
		"all leaves out a last page that is not full", "all-first-pages.js",
		[]*contract.Requirement{contract.EnumerationAllMany},
		"",
	},
	{
		"first sets of an id that meet are all counted", "length-counts-meetings.js",
		[]*contract.Requirement{contract.EnumerationLengthReset},
		"",
	},
	{
		"clear removes the first page of 1,000 sessions", "clear-first-page.js",
		[]*contract.Requirement{contract.EnumerationClearMany},
		"",
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
		"length answers with the server's statistics", "length-statistics.js",
		[]*contract.Requirement{contract.EnumerationLengthCounts},
		"connect-memcached up to 3.0.0",
	},
	{
		"a set of a session that cannot be serialised is never answered", "refuses-without-answer.js",
		[]*contract.Requirement{contract.SetUnserialisable, contract.CallbacksFailedCalls},
		"connect-dynamodb 3.0.5",
	},
	{
		"a set of an odd id is rejected and never called back", "odd-id-rejects.js",
		[]*contract.Requirement{contract.IDsPrintable},
		"",
	},
	{
		"a get with the wrong secret calls back twice", "wrong-secret-twice.js",
		[]*contract.Requirement{contract.InstancesWrongSecret},
		"connect-mongo up to 5.1.0",
	},
}
