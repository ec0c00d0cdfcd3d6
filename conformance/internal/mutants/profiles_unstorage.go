package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var unstorageProfile = mustProfile("unstorage")

var unstorageMutants = []ProfileMutant{
	{
		Profile: unstorageProfile, Store: "ttl-as-milliseconds",
		Name:     "the ttl is taken for milliseconds",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryMilliseconds, contract.ExpiryRolling, contract.MiddlewareActiveUser},
	},
	{
		Profile: unstorageProfile, Store: "ttl-is-the-end",
		Name:   "the ttl is taken for the end since 1970, so that each session is over",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "ttl-of-32-bits",
		Name:     "the ttl in milliseconds is cut to 32 bits, so that a month is over at once",
		Breaks:   []*contract.Requirement{contract.ExpiryLong},
		MayBreak: []*contract.Requirement{contract.ExpiryVeryLong},
	},
	{
		Profile: unstorageProfile, Store: "ttl-in-whole-minutes",
		Name:     "the ttl is cut to whole minutes",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryRolling, contract.MiddlewareActiveUser},
	},
	{
		Profile: unstorageProfile, Store: "options-needed",
		Name:     "a session without a ttl is an error",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.GetUsableCookie, contract.SetArgumentUnchanged, contract.SetCookieOnly},
		MayBreak: []*contract.Requirement{contract.MiddlewareBrowserSession, contract.ExpiryLatestWins},
	},
	{
		Profile: unstorageProfile, Store: "no-ttl-is-now",
		Name:     "a session without a ttl is over at once",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession, contract.SetReplaces, contract.GetUsableCookie, contract.SetCookieOnly},
		MayBreak: []*contract.Requirement{contract.MiddlewareBrowserSession, contract.ExpiryLatestWins},
	},
	{
		Profile: unstorageProfile, Store: "no-ttl-is-the-default",
		Name:     "a session without a ttl gets one of a second",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: unstorageProfile, Store: "no-ttl-keeps-the-end",
		Name:   "a set without a ttl keeps the end from before",
		Breaks: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: unstorageProfile, Store: "first-ttl-counts",
		Name:     "the ttl of the first set counts",
		Breaks:   []*contract.Requirement{contract.ExpiryRolling},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins, contract.MiddlewareActiveUser},
	},
	{
		Profile: unstorageProfile, Store: "keys-of-64-characters",
		Name:   "keys are cut to 64 characters",
		Breaks: []*contract.Requirement{contract.IDsLongApart},
	},
	{
		Profile: unstorageProfile, Store: "keys-by-mount",
		Name:   "the driver keeps one record for each first part of a key",
		Breaks: []*contract.Requirement{contract.GetOwnSession},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "answers-text",
		Name:   "getItem answers with text",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "parses-loosely",
		Name:   "texts that look like numbers or true come back as such",
		Breaks: []*contract.Requirement{contract.FidelityLookAlikes},
	},
	{
		Profile: unstorageProfile, Store: "live-objects",
		Name:   "the driver keeps and hands out the live object",
		Breaks: []*contract.Requirement{contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.SetUnserialisable},
	},
	{
		Profile: unstorageProfile, Store: "object-as-text",
		Name:   "the value is stored as [object Object]",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "missing-is-empty-object",
		Name:   "a missing session is an empty object",
		Breaks: []*contract.Requirement{contract.GetMissing, contract.SetUnserialisable},
	},
	{
		Profile: unstorageProfile, Store: "missing-rejects",
		Name:   "a missing session is an error",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: unstorageProfile, Store: "missing-is-text",
		Name:   "a missing session is the text null",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: unstorageProfile, Store: "in-place",
		Name:   "setItem empties the record before it writes it",
		Breaks: []*contract.Requirement{contract.ConcurrencyTornReads},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "set-acknowledged-early",
		Name:   "setItem settles before it has stored the value",
		Breaks: []*contract.Requirement{contract.SetReadYourWrite},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "set-once",
		Name:   "a key that is there is not set again",
		Breaks: []*contract.Requirement{contract.SetReplaces},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "remove-removes-the-base",
		Name:   "removeItem removes everything of the base",
		Breaks: []*contract.Requirement{contract.DestroyOthersStay},
		Wholly: true,
	},
	{
		Profile: unstorageProfile, Store: "remove-of-missing-rejects",
		Name:     "a removal of an unknown key fails",
		Breaks:   []*contract.Requirement{contract.DestroyMissing, contract.SetHistory, contract.DestroyTwice},
		MayBreak: []*contract.Requirement{contract.ExpiryMaxAgeZeroAccepted},
	},
	{
		Profile: unstorageProfile, Store: "remove-removes-meta",
		Name:   "removeItem removes what is known of the record, and not the record",
		Breaks: []*contract.Requirement{contract.DestroyGone},
		Wholly: true,
	},
}

var unstorageStores = []ProfileStore{
	{Profile: unstorageProfile, Store: "correct"},
	{Profile: unstorageProfile, Store: "correct-at-once"},
	{Profile: unstorageProfile, Store: "correct-without-ttl"},
	{Profile: unstorageProfile, Store: "correct-empty-text"},
	{Profile: unstorageProfile, Store: "correct-thenable"},
	{Profile: unstorageProfile, Store: "correct-buffers"},
}
