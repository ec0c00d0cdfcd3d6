package contract

func instancesChapter() Chapter {
	return Chapter{"instances", "several instances, and after a restart", []*Requirement{
		InstancesReopen, InstancesReopenMany, InstancesReopenExpiry, InstancesReopenMissing,
		InstancesSeeWrites, InstancesSeeDestroys, InstancesSeeTouches, InstancesFreshWriters, InstancesSeparate, InstancesTimeZones,
		InstancesWrongSecret, InstancesMovedRecord, InstancesFileModes,
	}}
}

// The chapter instances.
var (
	InstancesReopen = &Requirement{
		ID: "instances/reopen", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "sessions survive a close",
		Breach: "sessions are lost when the store is closed",
		Text:   "A session that was set before the store was closed is found, whole, by an instance that is opened afterwards.",
		Why:    "It is what a durable store is for: a deployment must not log everybody out.",
		Source: "the store's own claim to be durable",
		Needs:  []Need{NeedDurable},
	}
	InstancesReopenMany = &Requirement{
		ID: "instances/reopen-many", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "hundreds of changes survive a restart",
		Breach: "some of hundreds of changes are lost at a restart",
		Text:   "After hundreds of sets, touches and destroys of ids with every character in front, a close and an open, each session is what was set last, one that a touch has prolonged is found beyond its earlier end, and each destroyed one is missing.",
		Why:    "A log that is compacted after some hundreds of changes, or an id that is written later than it is acknowledged, loses users at the next deployment.",
		Source: "the store's own claim to be durable; PouchDB and CouchDB refuse ids with _ in front",
		Needs:  []Need{NeedDurable},
	}
	InstancesReopenExpiry = &Requirement{
		ID: "instances/reopen-expiry", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "the expiry survives a close",
		Breach: "the expiry is wrong after a close",
		Text: "In an instance that is opened after the store was closed a session is missing after the cookie.expires that it was set with before, and one " +
			"that a touch has prolonged before is found beyond its earlier end; where a touch shortens lives, one that it has shortened is missing.",
		Why:    "A life that starts again with every restart never ends, and a touch that is forgotten logs active users out.",
		Source: "express-session session/cookie.js: expires is an absolute date",
		Needs:  []Need{NeedDurable},
	}
	InstancesReopenMissing = &Requirement{
		ID: "instances/reopen-missing", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "what was missing at a close stays missing",
		Breach: "what was missing at a close is back after it",
		Text: "An id that was missing before the store was closed, because its session was destroyed or because it was touched and never set, is " +
			"missing in an instance that is opened afterwards.",
		Why:    "A log that is read again brings logged-out users back, or makes a session of a touch alone.",
		Source: "express-session README, store.destroy and store.touch: a touch does not create a session",
		Needs:  []Need{NeedDurable},
	}
	InstancesSeeWrites = &Requirement{
		ID: "instances/see-writes", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "one instance sees another's set",
		Breach: "one instance does not see another's set",
		Text:   "After set has called back on one instance, a get on another instance of the same backend answers with it, also when that one has read the session before.",
		Why:    "Behind a load balancer the next request goes to another process.",
		Source: "the store's own claim to be shared",
		Needs:  []Need{NeedShared},
	}
	InstancesSeeDestroys = &Requirement{
		ID: "instances/see-destroys", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "one instance sees another's destroy",
		Breach: "one instance still finds what another destroyed",
		Text:   "After destroy has called back on one instance, a get on another instance of the same backend is missing, also when that one has written or read the session before.",
		Why:    "A private cache keeps a session alive after its logout.",
		Source: "the store's own claim to be shared",
		Needs:  []Need{NeedShared},
	}
	InstancesSeeTouches = &Requirement{
		ID: "instances/see-touches", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "one instance sees another's touch",
		Breach: "one instance does not heed another's touch",
		Text:   "After touch has called back on one instance, another instance of the same backend finds the session beyond its earlier expiry, also when that one has written or read the session before; and a touch there does not bring back what this one has destroyed.",
		Why:    "An active user whose requests reach several processes must not be thrown out by the one that has not heard of it.",
		Source: "the store's own claim to be shared",
		Needs:  []Need{NeedShared, NeedTouch},
	}
	InstancesFreshWriters = &Requirement{
		ID: "instances/fresh-writers", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "processes that were just started do not mix their sessions",
		Breach: "processes that were just started mix their sessions",
		Text: "Two instances that set sessions at the same time, from their opening on, store each session, whole, under its own id: when the sets have " +
			"called back without an error, a get on the other instance answers with it.",
		Why:    "After a deployment all processes count from zero: two that name a temporary file alike hand one user another's session.",
		Source: "the store's own claim to be shared",
		Needs:  []Need{NeedShared},
	}
	InstancesSeparate = &Requirement{
		ID: "instances/separate", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "two stores on one backend are two stores",
		Breach: "two stores on one backend share sessions",
		Text:   "A session of one store is missing in another store that was opened with another directory, prefix or table.",
		Why:    "Two applications on one server must not see each other's users.",
		Source: "@itrocks/fastify-file-session-store shares one cache between directories; connect-redis puts no delimiter behind its prefix",
		Needs:  []Need{NeedForeign},
	}
	InstancesTimeZones = &Requirement{
		ID: "instances/time-zones", Level: Must, Harm: Outlives, Since: "1.0.0",
		Title:  "time zones change nothing",
		Breach: "a session ends at another time in another time zone",
		Text: "Processes that live in different time zones find each other's sessions until cookie.expires, with the same expires, and no longer, also " +
			"when one has touched the session of another.",
		Why: "A time that is written without its zone logs everybody out, or keeps sessions for hours, as soon as one server or the database is set to " +
			"another zone than the others.",
		Source: "express-session session/cookie.js: expires is an absolute date, whatever the zone",
		Needs:  []Need{NeedZones},
	}
	InstancesWrongSecret = &Requirement{
		ID: "instances/wrong-secret", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "a wrong secret is an error, once, and destroys nothing",
		Breach: "a wrong secret destroys sessions, or is no error",
		Text:   "A get with another secret than the session was written with answers once, with an error or as missing, and the session is found again with the right one.",
		Why:    "A mistyped secret must not end the process or delete the sessions.",
		Source: "session-file-store 1.4 and 1.5 end the process; 1.3.1 deleted the file",
		Needs:  []Need{NeedSecret},
	}
	InstancesMovedRecord = &Requirement{
		ID: "instances/moved-record", Level: Should, Harm: Exposes, Since: "1.0.0",
		Title:  "an encrypted record is bound to its id",
		Breach: "an encrypted record is read under another id",
		Text:   "The encrypted record of one session, copied over that of another, is refused with an error or missing there.",
		Why:    "Who can write the backend but not read it could become any user.",
		Source: "session-file-store 1.4 and 1.5 accept it; 1.3.1 refused it",
		Needs:  []Need{NeedSecret, NeedDirectory},
	}
	InstancesFileModes = &Requirement{
		ID: "instances/file-modes", Level: May, Since: "1.0.0",
		Title:  "who may read the session files",
		Text:   "Session files may be readable by their owner only, or by others as the umask says.",
		Why:    "On a shared machine other users read the sessions.",
		Source: "session-file-store follows the umask",
		Needs:  []Need{NeedDirectory},
	}
)
