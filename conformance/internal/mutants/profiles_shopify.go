package mutants

import (
	"github.com/storecheck/storecheck/spec/contract"
)

var shopifyStorage = mustProfile("@shopify/shopify-app-session-storage")

var shopifyStorageMutants = []ProfileMutant{
	{
		Profile: shopifyStorage, Store: "plain-object",
		Name:   "what loadSession answers with is a plain object, without isActive",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "expires-as-text",
		Name:   "expires comes back as text",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "expires-as-number",
		Name:   "expires comes back as a number",
		Breaks: []*contract.Requirement{contract.GetUsableCookie},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "expires-dropped",
		Name:   "expires is dropped, so that the application takes a token that has ended",
		Breaks: []*contract.Requirement{contract.GetUsableCookie, contract.FidelitySessionKinds, contract.ExpiryLatestWins},
	},
	{
		Profile: shopifyStorage, Store: "expires-in-seconds",
		Name:   "expires comes back in seconds, so that each token has ended",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "no-expires-is-1970",
		Name:   "no expires comes back as 1970, so that a token that stays has ended",
		Breaks: []*contract.Requirement{contract.ExpiryBrowserSession},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "ended-is-missing",
		Name:   "a session whose token has ended is missing, and its refresh token with it",
		Breaks: []*contract.Requirement{contract.ExpiryEndedKept},
	},
	{
		Profile: shopifyStorage, Store: "ends-with-the-token",
		Name:   "a session is dropped when its token ends",
		Breaks: []*contract.Requirement{contract.ExpiryEndedKept},
	},
	{
		Profile: shopifyStorage, Store: "merges",
		Name:   "what a session has no more stays: a token that was refused is used again",
		Breaks: []*contract.Requirement{contract.SetRemovedMembers, contract.ExpiryLatestWins},
	},
	{
		Profile: shopifyStorage, Store: "token-needed",
		Name:   "a session without a token is not stored: a token that was refused is used again",
		Breaks: []*contract.Requirement{contract.SetRemovedMembers},
	},
	{
		Profile: shopifyStorage, Store: "refresh-token-dropped",
		Name:   "the refresh token is dropped",
		Breaks: []*contract.Requirement{contract.FidelitySessionKinds, contract.SetRemovedMembers, contract.ExpiryEndedKept},
	},
	{
		Profile: shopifyStorage, Store: "user-without-names",
		Name:   "of a user only the id is kept",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "names-in-latin-1",
		Name:   "names beyond Latin-1 are damaged",
		Breaks: []*contract.Requirement{contract.FidelitySessionKinds},
	},
	{
		Profile: shopifyStorage, Store: "token-of-24-characters",
		Name:   "a token is cut to 24 characters",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "user-id-of-32-bits",
		Name:   "the id of a user is cut to 32 bits",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "online-as-text",
		Name:   "isOnline comes back as text, which is true where it is false",
		Breaks: []*contract.Requirement{contract.GetAfterSet},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "one-session-a-shop",
		Name:   "a shop has one session: a user logs the others out",
		Breaks: []*contract.Requirement{contract.DestroyOthersStay},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "empty-state-refused",
		Name:   "an empty state is refused: every token exchange is a 500",
		Breaks: []*contract.Requirement{contract.FidelitySessionKinds, contract.SetRemovedMembers, contract.ExpiryEndedKept},
	},
	{
		Profile: shopifyStorage, Store: "list-loses-writes",
		Name:   "the list of the sessions of a shop loses what is added meanwhile",
		Breaks: []*contract.Requirement{contract.EnumerationTogether, contract.EnumerationClearEmpties},
	},
	{
		Profile: shopifyStorage, Store: "list-has-one-twice",
		Name:   "the list of the sessions of a shop has one twice that is stored again",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive},
	},
	{
		Profile: shopifyStorage, Store: "finds-by-end",
		Name:   "findSessionsByShop finds the shops whose names end alike",
		Breaks: []*contract.Requirement{contract.EnumerationOtherShops},
	},
	{
		Profile: shopifyStorage, Store: "finds-by-beginning",
		Name:   "findSessionsByShop finds the shops whose names begin alike",
		Breaks: []*contract.Requirement{contract.EnumerationOtherShops},
	},
	{
		Profile: shopifyStorage, Store: "finds-ten",
		Name:     "findSessionsByShop finds ten sessions at most",
		Breaks:   []*contract.Requirement{contract.EnumerationTogether, contract.EnumerationClearEmpties},
		MayBreak: []*contract.Requirement{contract.EnumerationAllLive},
	},
	{
		Profile: shopifyStorage, Store: "none-found-is-undefined",
		Name:   "findSessionsByShop of a shop without sessions answers undefined",
		Breaks: []*contract.Requirement{contract.EnumerationAllEmpty, contract.EnumerationClearEmpty},
	},
	{
		Profile: shopifyStorage, Store: "finds-promises",
		Name:   "findSessionsByShop answers with promises of sessions",
		Breaks: []*contract.Requirement{contract.EnumerationAllLive, contract.EnumerationAllNothingElse, contract.EnumerationClearEmpties, contract.EnumerationTogether},
	},
	{
		Profile: shopifyStorage, Store: "deletes-the-first",
		Name:   "deleteSessions deletes one session",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties},
	},
	{
		Profile: shopifyStorage, Store: "deletes-later",
		Name:   "deleteSessions settles before it has deleted the sessions",
		Breaks: []*contract.Requirement{contract.EnumerationClearEmpties},
	},
	{
		Profile: shopifyStorage, Store: "delete-of-missing-rejects",
		Name:   "a delete of an unknown id fails",
		Breaks: []*contract.Requirement{contract.DestroyMissing, contract.SetHistory, contract.DestroyTwice},
	},
	{
		Profile: shopifyStorage, Store: "missing-rejects",
		Name:   "a missing session is an error",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: shopifyStorage, Store: "missing-is-empty-session",
		Name:   "a missing session is an empty one, so that a shop counts as one that has installed the app",
		Breaks: []*contract.Requirement{contract.GetMissing},
	},
	{
		Profile: shopifyStorage, Store: "stores-later",
		Name:   "storeSession settles before it has stored the session",
		Breaks: []*contract.Requirement{contract.SetReadYourWrite},
		Wholly: true,
	},
	{
		Profile: shopifyStorage, Store: "changes-what-it-stores",
		Name:   "storeSession changes the session that it is given",
		Breaks: []*contract.Requirement{contract.SetArgumentUnchanged},
	},
}

var shopifyStorageStores = []ProfileStore{
	{Profile: shopifyStorage, Store: "correct"},
	{Profile: shopifyStorage, Store: "correct-live"},
	{Profile: shopifyStorage, Store: "correct-at-once"},
	{Profile: shopifyStorage, Store: "correct-rows"},
	{Profile: shopifyStorage, Store: "correct-listed"},
	{Profile: shopifyStorage, Store: "correct-queued"},
	{Profile: shopifyStorage, Store: "correct-own-session"},
}
