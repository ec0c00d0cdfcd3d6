package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var keyvProfile = mustProfile("keyv")

var keyvMutants = []ProfileMutant{
	{
		Profile: keyvProfile, Store: "ttl-as-seconds",
		Name:     "the ttl is taken for seconds, so that a session lives on for days",
		Breaks:   []*contract.Requirement{contract.ExpiryGoneAfter},
		MayBreak: []*contract.Requirement{contract.ExpirySubSecond, contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryMilliseconds, contract.ExpiryLatestWins, contract.ExpiryGetDoesNotExtend},
	},
	{
		Profile: keyvProfile, Store: "ttl-divided",
		Name:     "the ttl is divided by a thousand once too often",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryMilliseconds, contract.ExpiryRolling, contract.MiddlewareActiveUser, contract.ExpirySweepSparesLive},
	},
	{
		Profile: keyvProfile, Store: "ttl-ignored",
		Name:     "the ttl is ignored",
		Breaks:   []*contract.Requirement{contract.ExpiryGoneAfter},
		MayBreak: []*contract.Requirement{contract.ExpirySubSecond, contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryMilliseconds, contract.ExpiryLatestWins, contract.ExpiryGetDoesNotExtend},
	},
	{
		Profile: keyvProfile, Store: "ttl-of-32-bits",
		Name:     "the ttl is cut to 32 bits, so that a month is over at once",
		Breaks:   []*contract.Requirement{contract.ExpiryLong},
		MayBreak: []*contract.Requirement{contract.ExpiryVeryLong},
	},
	{
		Profile: keyvProfile, Store: "ttl-in-whole-minutes",
		Name:     "the ttl is cut to whole minutes",
		Breaks:   []*contract.Requirement{contract.ExpiryNotEarly},
		MayBreak: []*contract.Requirement{contract.ExpiryFractional, contract.ExpiryRolling, contract.MiddlewareActiveUser},
	},
	{
		Profile: keyvProfile, Store: "ttl-of-a-second-at-least",
		Name:     "a ttl of less than five seconds is one of five",
		Breaks:   []*contract.Requirement{contract.ExpiryGoneAfter},
		MayBreak: []*contract.Requirement{contract.ExpirySubSecond, contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryMilliseconds, contract.ExpiryLatestWins, contract.ExpiryGetDoesNotExtend},
	},
	{
		Profile: keyvProfile, Store: "ttl-is-the-end",
		Name:   "the ttl is taken for the end since 1970, so that each session is over",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "no-ttl-is-the-default",
		Name:     "a session without a ttl gets one of a second",
		Breaks:   []*contract.Requirement{contract.ExpiryBrowserSession},
		MayBreak: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: keyvProfile, Store: "no-ttl-keeps-the-end",
		Name:   "a set without a ttl keeps the end from before",
		Breaks: []*contract.Requirement{contract.ExpiryLatestWins},
	},
	{
		Profile: keyvProfile, Store: "first-ttl-counts",
		Name:     "the ttl of the first set counts",
		Breaks:   []*contract.Requirement{contract.ExpiryRolling},
		MayBreak: []*contract.Requirement{contract.ExpiryFromExpires, contract.ExpiryLatestWins, contract.MiddlewareActiveUser},
	},
	{
		Profile: keyvProfile, Store: "get-prolongs",
		Name:   "a get sets the value with its ttl anew",
		Breaks: []*contract.Requirement{contract.ExpiryGetDoesNotExtend},
	},
	{
		Profile: keyvProfile, Store: "answers-the-envelope",
		Name:   "get answers with the envelope",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "answers-text",
		Name:   "get answers with text",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "missing-is-false",
		Name:   "a missing session is false, which is a value to Keyv",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: keyvProfile, Store: "missing-is-text",
		Name:   "a missing session is a text",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: keyvProfile, Store: "set-answers-false",
		Name:   "set stores the value and answers false",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "set-once",
		Name:   "a key that is there is not set again",
		Breaks: []*contract.Requirement{contract.SetReplaces},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "set-acknowledged-early",
		Name:   "set answers before it has stored the value",
		Breaks: []*contract.Requirement{contract.SetReadYourWrite},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "keys-without-case",
		Name:   "the adapter does not tell upper from lower case",
		Breaks: []*contract.Requirement{contract.IDsCase},
	},
	{
		Profile: keyvProfile, Store: "keys-of-64-characters",
		Name:   "keys are cut to 64 characters",
		Breaks: []*contract.Requirement{contract.IDsLongApart},
	},
	{
		Profile: keyvProfile, Store: "live-objects",
		Name:   "the adapter keeps and hands out the live object",
		Breaks: []*contract.Requirement{contract.IsolationArgument, contract.IsolationResult, contract.IsolationTwoResults, contract.SetUnserialisable},
	},
	{
		Profile: keyvProfile, Store: "delete-deletes-the-namespace",
		Name:   "delete deletes everything of the namespace",
		Breaks: []*contract.Requirement{contract.DestroyOthersStay},
		Wholly: true,
	},
	{
		Profile: keyvProfile, Store: "delete-of-missing-throws",
		Name:     "a delete of an unknown key fails",
		Breaks:   []*contract.Requirement{contract.DestroyMissing, contract.SetHistory, contract.DestroyTwice},
		MayBreak: []*contract.Requirement{contract.ExpiryPastIsMissing, contract.ExpiryMaxAgeZeroAccepted, contract.ExpiryMaxAgeZero},
	},
	{
		Profile: keyvProfile, Store: "delete-marks",
		Name:     "a deleted key holds null without an envelope, on which get fails",
		Breaks:   []*contract.Requirement{contract.DestroyGone, contract.SetHistory, contract.DestroyTwice},
		MayBreak: []*contract.Requirement{contract.ExpiryPastIsMissing, contract.ExpiryPastRemovesOld, contract.MiddlewareLogin, contract.ExpiryMaxAgeZero},
	},
}

var keyvStores = []ProfileStore{
	{Profile: keyvProfile, Store: "correct"},
	{Profile: keyvProfile, Store: "correct-at-once"},
	{Profile: keyvProfile, Store: "correct-thenable"},
	{Profile: keyvProfile, Store: "correct-timers"},
	{Profile: keyvProfile, Store: "correct-bytes"},
	{Profile: keyvProfile, Store: "correct-hashed"},
}
