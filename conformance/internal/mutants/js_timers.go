package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptTimers = []JavaScriptMutant{
	{
		"the sweep of each hour takes what has no end for something that ended in 1970", "sweep-takes-endless.js",
		[]*contract.Requirement{contract.ExpirySweepByTimer},
		"",
	},
	{
		"the sweep of each hour goes by the ends that sessions had first", "sweep-by-first-end.js",
		[]*contract.Requirement{contract.ExpirySweepByTimer},
		"",
	},
	{
		"the sweep of each hour compares seconds with milliseconds", "sweep-in-seconds.js",
		[]*contract.Requirement{contract.ExpirySweepByTimer},
		"multimeric/koa-pg-session (PR 8)",
	},
	{
		"the sweep of each hour removes by the places of a list that has changed", "sweep-waits-for-list.js",
		[]*contract.Requirement{contract.ExpirySweepByTimer},
		"alphagov/govuk-prototype-kit (PR 2399)",
	},
	{
		"the sweep of each hour removes what it has listed, also what was set anew since", "sweep-after-look-hourly.js",
		[]*contract.Requirement{contract.ExpirySweepByTimer},
		"",
	},
	{
		"a sweep twice a second removes what it has listed, also what was set anew since", "sweep-after-look-often.js",
		[]*contract.Requirement{contract.ConcurrencySweepAndRefresh},
		"",
	},
	{
		"a sweep removes one session", "sweep-one-each.js",
		[]*contract.Requirement{contract.ExpirySweepComplete},
		"scs leveldbstore",
	},
	{
		"a sweep takes ids with - or _ for something else", "sweep-by-pattern.js",
		[]*contract.Requirement{contract.ExpirySweepComplete},
		"",
	},
	{
		"a sweep knows one of two tables", "sweep-one-table.js",
		[]*contract.Requirement{contract.ExpirySweepComplete},
		"",
	},
	{
		"the time between two sweeps is the life of a session, a month", "timer-of-a-month.js",
		[]*contract.Requirement{contract.ResourcesTimerTooLong},
		"five popular stores",
	},
	{
		"the time between two sweeps is no number", "timer-without-number.js",
		[]*contract.Requirement{contract.ResourcesTimerTooLong},
		"",
	},
	{
		"each session has a timer of its life, however long", "timer-for-each.js",
		[]*contract.Requirement{contract.ResourcesTimerTooLong},
		"",
	},
}
