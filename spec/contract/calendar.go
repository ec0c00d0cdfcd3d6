package contract

func calendarChapter() Chapter {
	return Chapter{"calendar", "days, months and years", []*Requirement{
		CalendarLivesHold, CalendarLivesEnd, CalendarProlongedDaily, CalendarSweepSpares, CalendarIdleNight, CalendarClockChanges,
		CalendarOddDates, CalendarFarEnds, CalendarAfter2038, CalendarIdleLives, CalendarIdleDropped, CalendarSweepRemoves, CalendarSweepEndless, CalendarStopped,
		CalendarDateAhead, CalendarDateSteps,
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
	CalendarIdleLives = &Requirement{
		ID: "calendar/idle-lives", Level: Must, Harm: Stops, Since: "1.0.0", Needs: []Need{NeedMachine, NeedDrops},
		Title:  "an idle night in which the server drops the connections does not end the process",
		Breach: "the end of idle connections ends the process",
		Text: "When nothing was asked of the store for ten hours, and its server has meanwhile ended the connections that idled, nothing is thrown or rejected " +
			"where nobody can catch it, and the process does not end.",
		Why:    "A server with a limit for idle connections, or a firewall on the way to it, would take the application down in each quiet night.",
		Source: "Node's defaults for error events that nobody hears; connect-pg-simple before 5, issue 29; Redis documentation, timeout",
	}
	CalendarIdleDropped = &Requirement{
		ID: "calendar/idle-dropped", Level: Should, Harm: Loses, Since: "1.0.0", Needs: []Need{NeedMachine, NeedDrops},
		Title:  "the first calls are served after a night in which the server has dropped the connections",
		Breach: "the first calls fail after the server has dropped idle connections",
		Text: "When nothing was asked of the store for ten hours, and its server has meanwhile ended the connections that idled, the next get, set, touch and " +
			"destroy succeed: the process has heard of the end of the connections before.",
		Why:    "The first visitor of each morning would get an error page, and what he had sent would be lost.",
		Source: "express-session index.js hands each error of the store to the application; MariaDB wait_timeout, PostgreSQL idle_session_timeout, Redis timeout",
	}
	CalendarSweepRemoves = &Requirement{
		ID: "calendar/sweep-removes", Level: Should, Harm: Inconvenient, Since: "1.0.0", Needs: []Need{NeedMachine},
		Title:  "the store's own sweep goes on removing all that has ended",
		Breach: "the store's own sweep leaves some of what has ended for ever",
		Text: "Where a store removes sessions that have ended without being asked, as counted in its backend, it removes nearly all of them within some weeks, " +
			"and does so again with those that end later.",
		Why:    "What a sweep leaves adds up over a year, until the disk is full or the tables are slow.",
		Source: "scs leveldbstore removes one a sweep; what stays where nothing is ever removed is recorded",
	}
	CalendarSweepEndless = &Requirement{
		ID: "calendar/sweep-endless", Level: Must, Harm: LogsOut, Since: "1.0.0", Needs: []Need{NeedMachine},
		Title:  "the store's own sweep takes no session without an end",
		Breach: "the store's sweep takes sessions without an end",
		Text: "A session without an end, and one of which a set has removed the end, are found half an hour later, also when in that time the store removes what has " +
			"ended by an interval of up to a day.",
		Why:    "Every visitor whose cookie ends with his browser would be thrown out by the next sweep.",
		Source: "express-session README, cookie.maxAge: by default no maximum age is set",
	}
	CalendarStopped = &Requirement{
		ID: "calendar/stopped", Level: Must, Harm: LogsOut, Since: "1.0.0", Needs: []Need{NeedMachine},
		Title:  "a process that was stopped for a minute has lost nothing",
		Breach: "a process that was stopped for a minute loses sessions",
		Text:   "When the process of the store was stopped for a minute, as on a laptop that sleeps or a machine that is moved, sessions that have not ended are found, and calls are served.",
		Why:    "Machines in clouds are stopped for seconds whenever their host needs that.",
		Source: "express-session session/cookie.js keeps an instant",
	}
	CalendarDateAhead = &Requirement{
		ID: "calendar/date-ahead", Level: Must, Harm: LogsOut, Since: "1.0.0", Needs: []Need{NeedMachine},
		Title:  "a date that jumps ahead by an hour ends no session that lives on",
		Breach: "a date that jumps ahead ends sessions that live longer",
		Text:   "When the date jumps ahead by an hour, as where a clock that was wrong is corrected, sessions are found that end later than that, and calls are served.",
		Why:    "A machine that starts with a wrong clock is corrected some seconds later, with users logged in.",
		Source: "express-session session/cookie.js keeps an instant",
	}
	CalendarDateSteps = &Requirement{
		ID: "calendar/date-steps", Level: May, Since: "1.0.0", Needs: []Need{NeedMachine},
		Title:  "what becomes of sessions when the date steps back, or far ahead for a moment",
		Text:   "When the date steps back by an hour, or two years ahead for two seconds, the store does with its sessions what its clock tells it.",
		Why:    "Nothing requires a store to know better than the clock; who plans for a broken clock wants to know.",
		Source: "nearly every store lets a session of 30 minutes live for 90 after an hour back",
	}
)
