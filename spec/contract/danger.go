package contract

// A Danger is what the users of an application meet where some requirements do not hold.
type Danger struct {
	// Says names it in a few words.
	Says string
	// Of are the requirements whose violation alone brings it about.
	Of []*Requirement
}

// Dangers returns what matters most to users, the worst first. A requirement stands under one danger at most, and under none where what its
// violation does to users is open. The caller owns the slices.
//
// A violation that follows from that of a foundation says nothing of its own: a store that never looks at an end fails FidelityNestedCookie, and logs
// nobody out.
func Dangers() []Danger {
	return []Danger{
		{"One user may get the data of another", []*Requirement{
			GetOwnSession, IDsCase, IDsLookAlikes, IDsLongApart, InstancesFreshWriters, InstancesSeparate, FaultsRightData,
		}},
		{"A logout may be undone", []*Requirement{
			DestroyGone, TouchNoResurrection, InstancesReopenMissing, InstancesSeeDestroys, ConcurrencyStaleReads, ConcurrencyDestroyAndTouch,
			DurabilityCrashNoRevival, DurabilityCrashCleared, ExpressRegenerate, MiddlewareLogin, MiddlewareLogoutElsewhere, HTTPLogin,
			HTTPLogoutElsewhere, HTTPUnset, EnumerationClearEmpties, EnumerationClearMany,
		}},
		{"Sessions may outlive their end", []*Requirement{
			ExpiryGoneAfter, ExpirySubSecond, ExpiryPastRemovesOld, ExpiryMaxAgeZeroAccepted, ExpiryFromExpires, ExpiryGetDoesNotExtend,
			TouchExpiredData,
		}},
		{"Users may find themselves logged out", []*Requirement{
			GetAfterSet, GetBackendErrorReported, SetReadYourWrite, DestroyOthersStay, DestroyOneOnly, TouchExtends, TouchBrowserSession,
			ExpiryNotEarly, ExpiryBrowserSession, ExpiryLong, ExpiryVeryLong, ExpirySweepSparesLive, ExpirySweepByTimer, ExpiryRolling,
			FidelityNestedCookie, IDsBase64URL, IDsLength128, InstancesReopen, InstancesReopenMany, InstancesSeeWrites,
			ConcurrencySweepAndRefresh, MiddlewareActiveUser, MiddlewareBrowserSession, MiddlewareEarlySave, HTTPCounter,
			HTTPRolling, HTTPParallel, FaultsNotMissing,
		}},
		{"Data may be lost or changed", []*Requirement{
			SetReplaces, TouchKeepsData, FidelityValues, FidelityJavaScriptValues, FidelityUnicode, FidelityNUL, FidelityNumbers, FidelityDepth100,
			FidelityKeys, FidelityDottedKeys, FidelityReservedNames, FidelityLookAlikes, FidelityLarge, IsolationArgument, IsolationResult,
			IsolationRewrite, ConcurrencyManyIDs, ConcurrencyLastAcknowledged, ConcurrencyTornReads, ConcurrencySetAndTouch,
			DurabilityCrashOpens, DurabilityCrashWhole, DurabilityCrashAcknowledged, MiddlewareVisits, MiddlewareEmptied, MiddlewareSaveElsewhere,
			MiddlewareBothSave, EnumerationOwnOnly, FaultsAcknowledged, FaultsRefusedWrites,
		}},
		{"The application may stop or hang", []*Requirement{
			GetBackendFailure, CallbacksCalled, CallbacksNoThrow, CallbacksNoUncaught, FaultsAnswered, FaultsProcessLives, FaultsServesAgain,
			FaultsRefusedAnswered,
		}},
	}
}
