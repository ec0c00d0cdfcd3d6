package contract

func calendarChapter() Chapter {
	return Chapter{"calendar", "days, months and years", []*Requirement{
		CalendarLivesHold, CalendarLivesEnd, CalendarProlongedDaily, CalendarSweepSpares, CalendarIdleNight, CalendarClockChanges,
		CalendarOddDates, CalendarFarEnds, CalendarAfter2038,
	}}
}

// The chapter calendar. Its checks move the clock of the store and of its server. They stay away from each end by the store's granularity and 20
// seconds.
var (
	CalendarLivesHold = &Requirement{
		ID: "calendar/lives-hold", Level: Must, Harm: LogsOut, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "sessions of an hour to 400 days are found until they end",
		Breach: "a session of days or months ends before its time",
		Text:   "Sessions that live for an hour, a day, 14, 30, 31, 90 and 400 days are each found until shortly before their end.",
		Why:    "What is cut off at thirty days, or at 24.8, throws users out who asked to stay logged in, and no test of a second sees it.",
		Source: "express-session README, cookie.maxAge; memcached reads more than 30 days as a date",
	}
	CalendarLivesEnd = &Requirement{
		ID: "calendar/lives-end", Level: Must, Harm: Outlives, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "sessions of an hour to 400 days are missing when they have ended",
		Breach: "a session of days or months does not end",
		Text:   "Sessions that live for an hour, a day, 14, 30, 31, 90 and 400 days are each missing shortly after their end.",
		Why:    "A long life that never ends keeps a stolen id working for ever.",
		Source: "express-session session/memory.js getSession; connect-loki 1.2.0 serves a session after a year",
	}
	CalendarProlongedDaily = &Requirement{
		ID: "calendar/prolonged-daily", Level: Must, Harm: Outlives, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "a session that is prolonged each day lives on",
		Breach: "a session that is prolonged each day ends too early, or never",
		Text:   "Sessions that live for 2, 14 and 30 days, and are set anew or touched each day for 40 days, are found each day, until the last end and not after it.",
		Why:    "Whoever comes each day stays logged in: that is what rolling sessions are for.",
		Source: "express-session README, rolling and store.touch",
	}
	CalendarSweepSpares = &Requirement{
		ID: "calendar/sweep-spares", Level: Must, Harm: LogsOut, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "days of the store's own sweeps take no session that lives",
		Breach: "after hours the store removes sessions that live",
		Text:   "While hours, days and weeks pass, and the store removes what has ended, sessions are found that were set for 60 days at once, by a later set, or by a touch.",
		Why:    "A sweep that goes by a first end, or by the wrong unit, throws out everybody at once, at night.",
		Source: "alphagov/govuk-prototype-kit PR 2399; multimeric/koa-pg-session PR 8",
	}
	CalendarIdleNight = &Requirement{
		ID: "calendar/idle-night", Level: Must, Harm: Loses, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "the first calls after an idle night are served",
		Breach: "after an idle night calls fail, or the process ends",
		Text:   "When nothing was asked of the store for ten hours, the next get, set, touch and destroy succeed.",
		Why:    "Connections that idled over night are dead in the morning: the first visitor must not see that.",
		Source: "express-session index.js hands each error of the store to the application",
	}
	CalendarClockChanges = &Requirement{
		ID: "calendar/clock-changes", Level: Must, Harm: Outlives, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "sessions do not mind when clocks are put forward or back",
		Breach: "a change of the clock moves the end of a session",
		Text:   "In a process that lives in America/New_York, sessions of 20 minutes and 3 hours that are set around both clock changes of a year end on time.",
		Why:    "Kept in local time without a zone, a session lives an hour longer or shorter in that night.",
		Source: "express-session session/cookie.js keeps an instant, not a local time",
	}
	CalendarOddDates = &Requirement{
		ID: "calendar/odd-dates", Level: Must, Harm: Outlives, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "sessions do not mind a year's end or a leap day",
		Breach: "a leap day or a new year moves the end of a session",
		Text:   "Sessions of 10 minutes and of a day that are set before a year's end, before a leap day and on it end on time.",
		Why:    "Dates that are put together from their parts go wrong on such days.",
		Source: "express-session session/cookie.js keeps an instant",
	}
	CalendarFarEnds = &Requirement{
		ID: "calendar/far-ends", Level: Should, Harm: LogsOut, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "ends after 2038, after 2106 and in the year 9999 are kept or refused",
		Breach: "a far end is lost in silence",
		Text:   "A session that expires in 2039, in 2107 or in the year 9999 is refused with an error, or found at once and still after 400 days.",
		Why:    "In 32 bits of seconds such an end lies in the past, or nowhere: the session is acknowledged and lost.",
		Source: "express-mysql-session refuses beyond 2106; memcached counts seconds in 32 bits",
	}
	CalendarAfter2038 = &Requirement{
		ID: "calendar/after-2038", Level: Should, Harm: Outlives, Since: "1.0.0", Needs: []Need{NeedMovedClock},
		Title:  "sessions live on and end after 19 January 2038",
		Breach: "after January 2038 sessions are lost, or never end",
		Text:   "Across 2038-01-19T03:14:07Z, and after it, sessions are set, found, touched and listed, and end on time.",
		Why:    "That is when 32 bits of seconds are full. What breaks then breaks for every user at the same moment.",
		Source: "sessions are to work for as long as the store is used",
	}
)
