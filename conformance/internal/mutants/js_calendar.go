package mutants

import "github.com/storecheck/storecheck/spec/contract"

// javaScriptCalendar are wrong in ways that only a clock shows that is moved.
var javaScriptCalendar = []JavaScriptMutant{
	{
		"ends are kept in local time without its zone, and read as the earlier of two", "ends-in-local-time.js",
		[]*contract.Requirement{contract.CalendarClockChanges},
		"connect-pg-simple 10.0.0, where the database lives in such a zone",
	},
	{
		"ends are kept in local time, by the distance to UTC at the moment of the set", "ends-by-distance.js",
		[]*contract.Requirement{contract.CalendarClockChanges},
		"",
	},
	{
		"a timer of its life removes each session, however long", "timer-removes.js",
		[]*contract.Requirement{
			contract.CalendarLivesHold, contract.CalendarProlongedDaily, contract.CalendarSweepSpares, contract.CalendarFarEnds,
			contract.ExpiryLong, contract.ExpiryVeryLong, contract.ResourcesTimerTooLong,
		},
		"",
	},
	{
		"each day a sweep takes what was set first a month ago", "sweep-by-birth.js",
		[]*contract.Requirement{contract.CalendarSweepSpares, contract.CalendarLivesHold, contract.CalendarProlongedDaily, contract.CalendarFarEnds},
		"",
	},
}
