package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var honoSessions = mustProfile("hono-sessions")

var honoSessionsMutants = []ProfileMutant{
	{
		Profile: honoSessions, Store: "keys-by-own-id",
		Name:   "the session is stored under its member _id, which after a rotation is the id from before",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "expire-dropped",
		Name:     "_expire is dropped, so that a session never ends for the middleware",
		Breaks:   []*contract.Requirement{contract.GetUsableCookie},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryGetDoesNotExtend, contract.ExpiryGoneAfter, contract.ExpiryLatestWins, contract.ExpiryMaxAgeZero, contract.ExpiryMilliseconds, contract.ExpiryOverOriginalMaxAge, contract.ExpiryPastIsMissing, contract.ExpirySubSecond},
	},
	{
		Profile: honoSessions, Store: "expire-in-seconds",
		Name:   "_expire comes back in seconds, so that each session is over",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "expire-without-zone",
		Name:   "_expire is read in another zone, so that each session is over",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "null-expire-is-zero",
		Name:   "no end comes back as 0, so that a session without an end is over",
		Breaks: []*contract.Requirement{contract.ExpiryBrowserSession},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "data-as-text",
		Name:   "_data comes back as text",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "values-without-entries",
		Name:   "the members of _data come back without value and flash",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "text-for-object",
		Name:   "getSessionById answers with text, which the middleware cannot write to, and takes for missing",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "frozen",
		Name:   "getSessionById answers with a frozen object, which the middleware cannot write to, and takes for missing",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "live-objects",
		Name:   "the store keeps and hands out the live object",
		Breaks: []*contract.Requirement{contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.HTTPParallel, contract.SetUnserialisable},
	},
	{
		Profile: honoSessions, Store: "lives-a-second",
		Name:   "a new session is dropped after a second, whatever its _expire says",
		Breaks: []*contract.Requirement{contract.ExpiryMilliseconds},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "persist-adds-members",
		Name:   "a member that was removed from the session stays",
		Breaks: []*contract.Requirement{contract.SetReplaces, contract.SetHistory, contract.MiddlewareEmptied, contract.SetFailed},
	},
	{
		Profile: honoSessions, Store: "persist-later",
		Name:   "persistSessionData resolves before it has stored the session",
		Breaks: []*contract.Requirement{contract.SetReadYourWrite},
		Wholly: true,
	},
	{
		Profile: honoSessions, Store: "delete-of-missing-rejects",
		Name:   "a delete of an unknown id fails",
		Breaks: []*contract.Requirement{contract.DestroyMissing, contract.SetHistory, contract.DestroyTwice},
	},
	{
		Profile: honoSessions, Store: "missing-rejects",
		Name:   "a missing session is an error",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: honoSessions, Store: "missing-is-empty-object",
		Name:   "a missing session is an empty object, which the middleware takes for a session",
		Breaks: []*contract.Requirement{contract.GetMissing, contract.HTTPLogin, contract.HTTPLogoutElsewhere, contract.SetUnserialisable},
	},
}

var honoSessionsStores = []ProfileStore{
	{Profile: honoSessions, Store: "correct"},
	{Profile: honoSessions, Store: "correct-at-once"},
	{Profile: honoSessions, Store: "correct-updates-only"},
	{Profile: honoSessions, Store: "correct-false"},
	{Profile: honoSessions, Store: "correct-forgets"},
}
