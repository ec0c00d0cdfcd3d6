package contract

// What a store removes by itself, at a time of its own.
var (
	ExpirySweepByTimer = &Requirement{
		ID: "expiry/sweep-by-timer", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "the sweep of a timer spares the living",
		Breach: "the sweep of a timer removes living sessions",
		Text:   "When the timers that the store has set fire, every session that has not ended is found afterwards, also one without an end and one that a set or a touch has prolonged.",
		Why:    "A sweep runs minutes or hours after the tests are over: then it logs out everybody whose session it takes for expired.",
		Source: "multimeric/koa-pg-session PR 8 compared milliseconds with seconds and deleted all; alphagov/govuk-prototype-kit PR 2399; session-file-store 0.0.2 (issues 3 and 4)",
		Needs:  []Need{NeedTimers},
	}
	ExpirySweepComplete = &Requirement{
		ID: "expiry/sweep-complete", Level: Should, Since: "1.0.0",
		Title:  "a sweep removes all that has ended",
		Breach: "a sweep leaves some that have ended",
		Text:   "When the timers that the store has set remove sessions that have ended and were never asked for again, they remove all of them after a few rounds.",
		Why:    "What a sweep leaves nobody ever removes: records and memory grow until the store is full.",
		Source: "scs leveldbstore removes one session a sweep; the README of express-session is silent",
		Needs:  []Need{NeedTimers},
	}
	ExpiryEndedRecords = &Requirement{
		ID: "expiry/ended-records", Level: May, Since: "1.0.0",
		Title:  "what becomes of records that nobody asks for again",
		Text:   "The record of a session that has ended and is never asked for again stays, is removed by itself, or is removed by a sweep.",
		Why:    "Most sessions end without being asked for again: where their records stay, somebody has to remove them.",
		Source: "the contract is silent; connect-mongo and connect-pg-simple sweep, redis removes by itself, MemoryStore keeps them",
	}
)
