package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var koaGenericSession = mustProfile("koa-generic-session")

var koaGenericSessionMutants = []ProfileMutant{
	{
		Profile: koaGenericSession, Store: "ignores-ttl",
		Name:     "the lifetime is ignored: a session never ends",
		Breaks:   []*contract.Requirement{contract.ExpiryGoneAfter},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryLatestWins, contract.ExpiryMaxAgeZero, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpiryPastIsMissing, contract.ExpirySubSecond},
	},
	{
		Profile: koaGenericSession, Store: "ttl-as-seconds",
		Name:     "the lifetime is taken for seconds",
		Breaks:   []*contract.Requirement{contract.ExpiryGoneAfter},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryLatestWins, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpirySubSecond},
	},
	{
		Profile: koaGenericSession, Store: "ttl-divided",
		Name:     "the lifetime is divided by a thousand once too often",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryMilliseconds, contract.ExpiryRolling, contract.HTTPRolling, contract.MiddlewareActiveUser},
	},
	{
		Profile: koaGenericSession, Store: "negative-is-for-ever",
		Name:     "a negative lifetime is none, so that a session that was ended lives for ever",
		Breaks:   []*contract.Requirement{contract.ExpiryPastIsMissing},
		MayBreak: []*contract.Requirement{contract.ExpiryMaxAgeZero},
	},
	{
		Profile: koaGenericSession, Store: "undefined-is-now",
		Name:     "no lifetime is taken for 0: a session that ends with the browser is over at once",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.GetUsableCookie, contract.SetCookieOnly, contract.MiddlewareBrowserSession, contract.HTTPCounter},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: koaGenericSession, Store: "undefined-fails",
		Name:     "no lifetime is an error: a session that ends with the browser is a 500",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.GetUsableCookie, contract.SetArgumentUnchanged, contract.SetCookieOnly, contract.MiddlewareBrowserSession, contract.HTTPCounter},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: koaGenericSession, Store: "loses-cookie",
		Name:   "the cookie does not come back, and the next Set-Cookie has no attributes",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
		Wholly: true,
	},
	{
		Profile: koaGenericSession, Store: "loses-max-age",
		Name:   "the maxAge of the cookie does not come back, and the next lifetime is undefined",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
	},
	{
		Profile: koaGenericSession, Store: "cookie-as-text",
		Name:   "the cookie comes back as text",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
		Wholly: true,
	},
	{
		Profile: koaGenericSession, Store: "text-for-object",
		Name:   "get answers with text: what the application puts into it is lost",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: koaGenericSession, Store: "keeps-live-objects",
		Name:   "the store keeps and hands out the live session",
		Breaks: []*contract.Requirement{contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.HTTPParallel, contract.SetUnserialisable},
	},
	{
		Profile: koaGenericSession, Store: "destroy-rejects",
		Name:   "a destroy fails, so that a logout is a 500 and the session stays",
		Breaks: []*contract.Requirement{contract.DestroyGone, contract.SetHistory, contract.DestroyOthersStay, contract.DestroyMissing, contract.DestroyTwice, contract.MiddlewareLogin, contract.HTTPLogin, contract.HTTPLogoutElsewhere, contract.SetAfterDestroy, contract.IsolationPrototypes},
	},
	{
		Profile: koaGenericSession, Store: "ttl-of-the-first-set",
		Name:     "only the first set decides when the session ends",
		Breaks:   []*contract.Requirement{contract.ExpiryRolling},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryLatestWins, contract.HTTPRolling, contract.MiddlewareActiveUser},
	},
	{
		Profile: koaGenericSession, Store: "missing-rejects",
		Name:   "a missing session is an error: a visitor whose session has ended gets a 500",
		Breaks: []*contract.Requirement{contract.GetMissing, contract.HTTPLogin},
	},
}

var koaGenericSessionStores = []ProfileStore{
	{Profile: koaGenericSession, Store: "correct"},
	{Profile: koaGenericSession, Store: "correct-empty-text"},
	{Profile: koaGenericSession, Store: "correct-strips-prefix"},
	{Profile: koaGenericSession, Store: "correct-at-once"},
}
