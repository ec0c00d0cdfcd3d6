package contract

// A Foundation is a requirement on which others rest.
type Foundation struct {
	*Requirement
	// Resting are the requirements that no store can meet that violates the foundation wholly: it never does what the foundation asks for.
	// A store that violates it in some cases only may meet them.
	Resting []*Requirement
}

// Foundations returns the relation between the requirements, the most basic first. It has no cycle. The mutants that violate a foundation wholly
// prove it: whatever rests on the foundation fails for each of them.
func Foundations() []Foundation {
	return []Foundation{
		{GetAfterSet, []*Requirement{
			GetUsableCookie, GetCorruptRecord, SetReplaces, SetReadYourWrite, SetAfterDestroy, SetFailed, SetCookieOnly,
			DestroyOthersStay, DestroyOneOnly, TouchExtends, TouchKeepsData, TouchBrowserSession, ExpiryNotEarly, ExpiryBrowserSession,
			ExpiryMilliseconds, ExpiryLong, ExpiryFractional, ExpirySweepSparesLive, ExpiryRolling, ExpiryLatestWins, EnumerationAllLive,
			EnumerationClearLaterSets, EnumerationOwnOnly, FidelityValues, FidelityCookie, FidelityUnicode, FidelityNUL,
			FidelityLoneSurrogates, FidelityNumbers, FidelityDepth100, FidelityDepth1000, FidelityKeys, FidelityProtoKey,
			FidelityProtoKeyKept, FidelityDottedKeysKept, FidelityReservedNames, FidelityLookAlikes, FidelityNestedCookie, FidelityLarge,
			IsolationArgument, IsolationResult, IsolationTwoResults, IsolationRewrite, IDsBase64URL, IDsCase, IDsBookkeeping,
			IDsPrototypeNames, IDsNoEscape, IDsLength128, InstancesReopen, InstancesReopenExpiry, InstancesSeeWrites, InstancesSeeTouches,
			InstancesSeparate, ConcurrencyManyIDs, ConcurrencyOneID, ConcurrencyLastAcknowledged, ConcurrencyTornReads,
			ConcurrencyStaleReads, ConcurrencySetAndTouch, ConcurrencySweepAndRefresh, MiddlewareVisits, MiddlewareEmptied,
			MiddlewareCookieKept, MiddlewareActiveUser, MiddlewareBrowserSession, MiddlewareLogin, MiddlewareLogoutElsewhere,
			MiddlewareSaveElsewhere, MiddlewareBothSave, MiddlewareMaxAgeChange, ResourcesAfterFailures, GoCancelledContext,
			SetRealSession, FidelityJavaScriptValues, CallbacksThrowing, CallbacksSetWithout, ExpressCreateSession, ExpressLoad,
			ExpressReload, HTTPCounter, HTTPSaveUninitialized, HTTPLogin, HTTPRolling, HTTPParallel,
			CalendarLivesHold, CalendarProlongedDaily, CalendarSweepSpares, CalendarIdleNight, CalendarOddDates, CalendarAfter2038,
		}},
		{GetOwnSession, []*Requirement{
			GetMissing, GetCorruptRecord, SetFailed, SetMany, DestroyOthersStay, DestroyOneOnly, TouchExtends, TouchNoResurrection,
			TouchBrowserSession, ExpiryBrowserSession, ExpiryMilliseconds, ExpiryLong, ExpiryVeryLong, ExpirySweepSparesLive,
			ExpiryLatestWins, EnumerationAllLive, EnumerationLengthCounts, EnumerationLengthReset, EnumerationLengthDestroy,
			EnumerationClearLaterSets, EnumerationOwnOnly, FidelityNestedCookie, IDsBase64URL, IDsCase, IDsLookAlikes, IDsBookkeeping,
			IDsPrototypeNames, IDsNoEscape, IDsLength128, IDsLongApart, InstancesReopen, InstancesReopenMany, InstancesReopenExpiry,
			InstancesSeeTouches, InstancesFreshWriters, InstancesSeparate, ConcurrencyManyIDs, ConcurrencyLastAcknowledged,
			ConcurrencyStaleReads, ConcurrencySetAndTouch, ConcurrencySweepAndRefresh, MiddlewareLogin, GoCancelledContext,
			CalendarLivesHold, CalendarLivesEnd, CalendarProlongedDaily, CalendarSweepSpares, CalendarIdleNight, CalendarOddDates,
			CalendarAfter2038,
		}},
		{SetReplaces, []*Requirement{
			SetReadYourWrite, SetFailed, ExpiryPastRemovesOld, ExpiryFromExpires, ExpiryRolling, ExpiryLatestWins, EnumerationAllLive,
			IsolationRewrite, InstancesSeeWrites, InstancesSeparate, ConcurrencyOneID,
			ConcurrencyLastAcknowledged, ConcurrencyStaleReads, ConcurrencySetAndTouch, MiddlewareVisits, MiddlewareEmptied,
			MiddlewareSaveElsewhere, MiddlewareBothSave, MiddlewareEarlySave, CalendarProlongedDaily, CalendarSweepSpares,
		}},
		{DestroyGone, []*Requirement{
			DestroyTwice, TouchNoResurrection, EnumerationAllNothingElse, EnumerationLengthDestroy, IDsBookkeeping, IDsPrototypeNames,
			InstancesReopenMany, InstancesSeeDestroys, InstancesSeeTouches, ConcurrencyStaleReads, ConcurrencyDestroyAndTouch,
			MiddlewareLogin, MiddlewareLogoutElsewhere, ResourcesMemory,
		}},
		{DestroyOthersStay, []*Requirement{
			DestroyOneOnly, TouchExtends, EnumerationAllLive, EnumerationLengthDestroy, IDsLookAlikes, IDsBookkeeping, IDsNoEscape,
			IDsLongApart, InstancesSeeTouches, ConcurrencyStaleReads, CalendarIdleNight,
		}},
		{TouchExtends, []*Requirement{
			TouchBrowserSession, TouchShortens, InstancesReopenExpiry, InstancesSeeTouches, MiddlewareActiveUser, MiddlewareMaxAgeChange,
			CalendarProlongedDaily, CalendarSweepSpares, CalendarIdleNight, CalendarAfter2038,
		}},
		{ExpiryGoneAfter, []*Requirement{
			TouchExpiredStaysDead, TouchShortens, ExpirySubSecond, ExpiryPastIsMissing, ExpiryMaxAgeZero, ExpiryFromExpires,
			ExpiryOverOriginalMaxAge, ExpiryMilliseconds, ExpiryLong, ExpiryLatestWins, ExpiryGetDoesNotExtend, FidelityNestedCookie,
			InstancesReopenExpiry, CalendarLivesEnd, CalendarProlongedDaily, CalendarOddDates, CalendarAfter2038,
		}},
		{ExpiryNotEarly, []*Requirement{
			TouchExtends, ExpiryMilliseconds, ExpiryLong, ExpiryRolling, MiddlewareActiveUser, CalendarLivesHold, CalendarProlongedDaily,
			CalendarSweepSpares, CalendarOddDates, CalendarAfter2038,
		}},
		{ExpiryBrowserSession, []*Requirement{
			GetUsableCookie, SetReplaces, SetCookieOnly, TouchBrowserSession, ExpiryLatestWins, FidelityCookie, MiddlewareBrowserSession,
		}},
		{EnumerationAllCollection, []*Requirement{
			ExpiryAllExcludes, ExpiryAllProlonged, EnumerationAllElements, EnumerationAllLive, EnumerationAllNothingElse,
			EnumerationAllOddIDs, EnumerationAllMany, EnumerationOwnOnly,
		}},
		{EnumerationAllLive, []*Requirement{
			ExpiryAllProlonged, EnumerationAllOddIDs, EnumerationAllMany,
		}},
		{EnumerationLengthCounts, []*Requirement{
			EnumerationLengthReset, EnumerationLengthDestroy, EnumerationOwnOnly, GoCancelledContext,
		}},
		{InstancesSeeWrites, []*Requirement{
			GetCorruptRecord, GetBackendErrorReported, SetFailed, IsolationRewrite, InstancesReopen, InstancesReopenMany,
			InstancesReopenExpiry, InstancesSeeDestroys, InstancesSeeTouches, InstancesFreshWriters,
		}},
		{InstancesReopen, []*Requirement{
			GetCorruptRecord, InstancesReopenMany, InstancesReopenExpiry,
		}},
		{ExpressCreateSession, []*Requirement{
			ExpressReload, HTTPCounter, HTTPSaveUninitialized, HTTPLogin, HTTPLogoutElsewhere,
		}},
	}
}
