package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var koaSession = mustProfile("koa-session")

var koaSessionMutants = []ProfileMutant{
	{
		Profile: koaSession, Store: "expire-as-text",
		Name:     "_expire comes back as text, so that the middleware takes a session that has ended",
		Breaks:   []*contract.Requirement{contract.GetUsableCookie},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryGoneAfter, contract.ExpiryLatestWins, contract.ExpiryMaxAgeZero, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpirySubSecond},
	},
	{
		Profile: koaSession, Store: "expire-dropped",
		Name:     "_expire is dropped, so that a session never ends for the middleware",
		Breaks:   []*contract.Requirement{contract.GetUsableCookie},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryGoneAfter, contract.ExpiryLatestWins, contract.ExpiryMaxAgeZero, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpirySubSecond},
	},
	{
		Profile: koaSession, Store: "max-age-as-text",
		Name:     "_maxAge comes back as text, to which the middleware adds a number the next time",
		Breaks:   []*contract.Requirement{contract.HTTPRolling, contract.MiddlewareVisits, contract.MiddlewareLogin, contract.MiddlewareBothSave, contract.HTTPCounter, contract.HTTPLogin, contract.HTTPLogoutElsewhere, contract.HTTPParallel},
		MayBreak: []*contract.Requirement{contract.MiddlewareActiveUser},
	},
	{
		Profile: koaSession, Store: "own-members-stripped",
		Name:     "members that begin with _ are dropped",
		Breaks:   []*contract.Requirement{contract.GetUsableCookie},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryGoneAfter, contract.ExpiryLatestWins, contract.ExpiryMaxAgeZero, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpirySubSecond},
	},
	{
		Profile: koaSession, Store: "ignores-unchanged",
		Name:     "a set with changed: false does nothing: a login that regenerates the session loses it",
		Breaks:   []*contract.Requirement{contract.SetUnchanged},
		MayBreak: []*contract.Requirement{contract.HTTPRolling},
	},
	{
		Profile: koaSession, Store: "unchanged-must-exist",
		Name:   "a set with changed: false fails for a new key: a login is a 500",
		Breaks: []*contract.Requirement{contract.SetUnchanged, contract.HTTPLogin, contract.HTTPLogoutElsewhere},
	},
	{
		Profile: koaSession, Store: "session-is-no-number",
		Name:     "the lifetime session is taken for a number: a session that ends with the browser is a 500",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.GetUsableCookie, contract.SetArgumentUnchanged, contract.SetCookieOnly, contract.MiddlewareBrowserSession},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: koaSession, Store: "session-is-now",
		Name:     "the lifetime session is taken for 0: a session that ends with the browser is over at once",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.GetUsableCookie, contract.SetCookieOnly, contract.MiddlewareBrowserSession},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: koaSession, Store: "lifetime-as-seconds",
		Name:     "the lifetime is divided by a thousand once too often",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryMilliseconds, contract.ExpiryRolling, contract.HTTPRolling, contract.MiddlewareActiveUser},
	},
	{
		Profile: koaSession, Store: "lifetime-into-integer",
		Name:     "the lifetime is cut to 32 bits, so that a month is over at once",
		Breaks:   []*contract.Requirement{contract.ExpiryLong},
		MayBreak: []*contract.Requirement{contract.ExpiryVeryLong},
	},
	{
		Profile: koaSession, Store: "text-for-object",
		Name:   "get answers with text, whose characters the middleware takes for members",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: koaSession, Store: "missing-rejects",
		Name:   "a missing session is an error: a visitor whose session has ended gets a 500",
		Breaks: []*contract.Requirement{contract.GetMissing, contract.HTTPLogin},
	},
	{
		Profile: koaSession, Store: "missing-is-empty-object",
		Name:     "a missing session is an empty object, which the middleware takes for a session",
		Breaks:   []*contract.Requirement{contract.GetMissing, contract.DestroyGone, contract.GetOwnSession, contract.SetHistory, contract.DestroyTwice, contract.MiddlewareLogin, contract.HTTPLogin, contract.SetFailed, contract.SetUnserialisable},
		MayBreak: []*contract.Requirement{contract.ExpiryPastIsMissing},
	},
	{
		Profile: koaSession, Store: "destroy-of-missing-rejects",
		Name:   "a destroy of a session that was never stored fails: koa-session destroys such a session at a login",
		Breaks: []*contract.Requirement{contract.DestroyMissing, contract.SetHistory, contract.DestroyTwice},
	},
	{
		Profile: koaSession, Store: "set-acknowledged-early",
		Name:   "a set resolves before it has stored the session",
		Breaks: []*contract.Requirement{contract.SetReadYourWrite},
		Wholly: true,
	},
	{
		Profile: koaSession, Store: "wants-a-callback",
		Name:   "get waits for a callback, and answers nothing",
		Breaks: []*contract.Requirement{contract.CallbacksCalled},
		Wholly: true,
	},
}

var koaSessionStores = []ProfileStore{
	{Profile: koaSession, Store: "correct"},
	{Profile: koaSession, Store: "correct-false"},
	{Profile: koaSession, Store: "correct-at-once"},
	{Profile: koaSession, Store: "correct-keeps-all"},
	{Profile: koaSession, Store: "correct-thenable"},
	{Profile: koaSession, Store: "correct-longer"},
}
