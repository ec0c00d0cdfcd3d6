package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var mgcreaSession = mustProfile("@mgcrea/fastify-session")

var mgcreaSessionMutants = []ProfileMutant{
	{
		Profile: mgcreaSession, Store: "data-alone",
		Name:   "get answers with the data and not with [data, expiry]: nobody is known",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: mgcreaSession, Store: "without-expiry",
		Name:   "get answers with [data], so that a session never ends for the middleware",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
	},
	{
		Profile: mgcreaSession, Store: "expiry-as-text",
		Name:   "the end comes back as text, which the middleware never takes for past",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
	},
	{
		Profile: mgcreaSession, Store: "expiry-in-seconds",
		Name:   "the end comes back in seconds, so that each session is over",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: mgcreaSession, Store: "expiry-as-lifetime",
		Name:     "the end is taken for a lifetime, so that a session lives for decades",
		Breaks:   []*contract.Requirement{contract.ExpiryPastIsMissing, contract.GetUsableCookie},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryGoneAfter, contract.ExpiryLatestWins, contract.ExpiryMaxAgeZero, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpirySubSecond},
	},
	{
		Profile: mgcreaSession, Store: "null-is-now",
		Name:   "no end is taken for 0: a session that ends with the browser is over at once",
		Breaks: []*contract.Requirement{contract.ExpiryBrowserSession},
		Wholly: true,
	},
	{
		Profile: mgcreaSession, Store: "touch-makes-a-session",
		Name:   "a touch of a missing session makes one: a logout is undone by a page that was on its way",
		Breaks: []*contract.Requirement{contract.TouchNoResurrection, contract.SetHistory, contract.MiddlewareLogoutElsewhere},
	},
	{
		Profile: mgcreaSession, Store: "touch-of-missing-spoils-get",
		Name:   "a touch of a missing session leaves a record that get cannot read",
		Breaks: []*contract.Requirement{contract.TouchNoResurrection, contract.SetHistory, contract.MiddlewareLogoutElsewhere},
	},
	{
		Profile: mgcreaSession, Store: "touch-writes-what-was-read",
		Name:     "a touch writes the data that was read before, over what another page has set",
		Breaks:   []*contract.Requirement{contract.MiddlewareSaveElsewhere, contract.SetHistory},
		MayBreak: []*contract.Requirement{contract.MiddlewareEarlySave},
	},
	{
		Profile: mgcreaSession, Store: "touch-does-nothing",
		Name:     "a touch does nothing: an active user is logged out",
		Breaks:   []*contract.Requirement{contract.TouchExtends},
		MayBreak: []*contract.Requirement{contract.MiddlewareActiveUser},
	},
	{
		Profile: mgcreaSession, Store: "touch-of-null-ignored",
		Name:     "a touch without an end is ignored, so that the old end stays",
		Breaks:   []*contract.Requirement{contract.TouchBrowserSession},
		MayBreak: []*contract.Requirement{contract.MiddlewareActiveUser},
	},
	{
		Profile: mgcreaSession, Store: "at-most-a-day",
		Name:     "a session without an end gets one of the store, before the browser is closed",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.GetUsableCookie},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: mgcreaSession, Store: "missing-rejects",
		Name:   "a missing session is an error",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: mgcreaSession, Store: "live-objects",
		Name:   "the store keeps and hands out live data",
		Breaks: []*contract.Requirement{contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.HTTPParallel, contract.SetUnserialisable},
	},
	{
		Profile: mgcreaSession, Store: "frozen-data",
		Name:   "the data come back frozen, so that a page that changes its session is a 500",
		Breaks: []*contract.Requirement{contract.HTTPCounter, contract.HTTPLogoutElsewhere, contract.HTTPParallel},
	},
	{
		Profile: mgcreaSession, Store: "destroy-later",
		Name:   "a destroy resolves before the session is gone",
		Breaks: []*contract.Requirement{contract.DestroyGone, contract.SetHistory, contract.DestroyTwice, contract.MiddlewareLogin, contract.MiddlewareLogoutElsewhere, contract.SetAfterDestroy},
	},
}

var mgcreaSessionStores = []ProfileStore{
	{Profile: mgcreaSession, Store: "correct"},
	{Profile: mgcreaSession, Store: "correct-undefined"},
	{Profile: mgcreaSession, Store: "correct-without-touch"},
	{Profile: mgcreaSession, Store: "correct-outlives", Breaks: []*contract.Requirement{contract.TouchExpiredStaysDead}},
}
