package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

var fastify = mustProfile("@fastify/session")

func mustProfile(name string) *profile.Profile {
	p, known := profile.Lookup(name)
	if !known {
		panic("mutants: there is no profile " + name)
	}
	return p
}

var fastifyMutants = []ProfileMutant{
	{
		Profile: fastify, Store: "loses-expires",
		Name:   "the cookie comes back without its expires, so that the middleware never ends the session",
		Breaks: []*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie},
	},
	{
		Profile: fastify, Store: "loses-original-max-age",
		Name:   "the cookie comes back without originalMaxAge, so that no later page prolongs the session",
		Breaks: []*contract.Requirement{contract.FidelityCookie},
	},
	{
		Profile: fastify, Store: "expires-without-milliseconds",
		Name:     "expires comes back as a text without milliseconds",
		Breaks:   []*contract.Requirement{contract.GetUsableCookie, contract.FidelityCookie},
		MayBreak: []*contract.Requirement{contract.HTTPRolling},
	},
	{
		Profile: fastify, Store: "expires-in-seconds",
		Name:   "expires comes back as a number of seconds, which the middleware reads as 1970",
		Breaks: []*contract.Requirement{contract.GetUsableCookie, contract.HTTPSaveUninitialized, contract.HTTPLogin, contract.HTTPParallel, contract.HTTPRolling},
	},
	{
		Profile: fastify, Store: "cookie-by-fields",
		Name:   "the cookie is copied field by field, without its toJSON, so that expires is _expires",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
	},
	{
		Profile: fastify, Store: "clones-structures",
		Name:   "the cookie is cloned by structuredClone, which leaves the accessor expires behind",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
	},
	{
		Profile: fastify, Store: "ends-by-original-expires",
		Name:     "the session ends by originalExpires, which is that of the page before",
		Breaks:   []*contract.Requirement{contract.ExpiryLatestWins},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryRolling, contract.MiddlewareActiveUser, contract.HTTPRolling},
	},
	{
		Profile: fastify, Store: "life-as-seconds",
		Name:     "cookie.originalMaxAge is taken for seconds",
		Breaks:   []*contract.Requirement{contract.ExpiryGoneAfter},
		MayBreak: []*contract.Requirement{contract.ExpirySubSecond, contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryGetDoesNotExtend, contract.ExpiryMaxAgeZero, contract.FidelityNestedCookie},
	},
	{
		Profile: fastify, Store: "life-divided",
		Name:     "cookie.maxAge is divided by a thousand once too often",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryMilliseconds, contract.ExpiryRolling, contract.ExpirySweepSparesLive, contract.ExpiryLatestWins, contract.MiddlewareActiveUser, contract.HTTPRolling},
	},
	{
		Profile: fastify, Store: "no-expires-is-over",
		Name:   "a session without expires is taken for over, which is the default of the middleware",
		Breaks: []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.SetCookieOnly, contract.MiddlewareBrowserSession, contract.HTTPCounter, contract.ExpiryLatestWins, contract.GetUsableCookie},
	},
	{
		Profile: fastify, Store: "promises-only",
		Name:   "the methods return promises and never call back: each page hangs",
		Breaks: []*contract.Requirement{contract.CallbacksCalled},
		Wholly: true,
	},
	{
		Profile: fastify, Store: "destroy-of-missing-fails",
		Name:   "a destroy of a session that was never stored is an error, as when a new visitor logs out",
		Breaks: []*contract.Requirement{contract.DestroyMissing, contract.DestroyTwice, contract.SetHistory},
	},
	{
		Profile: fastify, Store: "missing-is-error",
		Name:     "a missing session is an error without the code ENOENT: a page of a visitor who comes back is a 500",
		Breaks:   []*contract.Requirement{contract.GetMissing, contract.HTTPLogin, contract.HTTPLogoutElsewhere},
		MayBreak: []*contract.Requirement{contract.MiddlewareActiveUser, contract.ExpiryNotEarly},
	},
	{
		Profile: fastify, Store: "missing-is-empty-object",
		Name:     "a missing session is an empty object, which the middleware takes for one without an end",
		Breaks:   []*contract.Requirement{contract.GetMissing, contract.HTTPLogin, contract.HTTPLogoutElsewhere, contract.SetUnserialisable},
		MayBreak: []*contract.Requirement{contract.MiddlewareActiveUser},
	},
	{
		Profile: fastify, Store: "text-for-object",
		Name:   "get answers with the text of the session, whose characters the middleware takes for members",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: fastify, Store: "id-of-session",
		Name:   "the session is stored under session.id, which express-session has and @fastify/session has not",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: fastify, Store: "skips-same-as-kept",
		Name:   "a set is skipped when the session looks like the object that was set before, which is the same one",
		Breaks: []*contract.Requirement{contract.IsolationRewrite, contract.HTTPLogin, contract.SetUnserialisable},
	},
	{
		Profile: fastify, Store: "busy-after-destroy",
		Name:   "a set soon after the destroy of another session fails, as at a login",
		Breaks: []*contract.Requirement{contract.HTTPLogin},
		Wholly: true,
	},
	{
		Profile: fastify, Store: "reports-ok-as-error",
		Name:   "success is told as OK in the place of the error",
		Breaks: []*contract.Requirement{contract.CallbacksSuccessIsFalsy},
		Wholly: true,
	},
	{
		Profile: fastify, Store: "keeps-live-objects",
		Name:   "the store keeps and hands out the live session",
		Breaks: []*contract.Requirement{contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.SetUnserialisable},
	},
}

var fastifyStores = []ProfileStore{
	{Profile: fastify, Store: "correct"},
	{Profile: fastify, Store: "correct-missing-false"},
	{Profile: fastify, Store: "correct-missing-text"},
	{Profile: fastify, Store: "correct-missing-enoent"},
	{Profile: fastify, Store: "correct-expires-number"},
	{Profile: fastify, Store: "correct-expires-date"},
	{Profile: fastify, Store: "correct-bare-cookie"},
	{Profile: fastify, Store: "correct-both-ways"},
	{Profile: fastify, Store: "correct-outlives", Breaks: []*contract.Requirement{
		contract.ExpiryGoneAfter, contract.ExpirySubSecond, contract.ExpiryPastIsMissing, contract.ExpiryMaxAgeZero, contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge,
		contract.ExpiryGetDoesNotExtend, contract.FidelityNestedCookie, contract.InstancesReopenExpiry,
	}},
}
