package contract

func durabilityChapter() Chapter {
	return Chapter{"durability", "after the process was killed", []*Requirement{
		DurabilityCrashOpens, DurabilityCrashWhole, DurabilityCrashAcknowledged, DurabilityCrashNoRevival,
		DurabilityCrashLists, DurabilityCrashCleared,
	}}
}

// The chapter durability. What is killed is the process that holds the store, not the machine and not the server behind the store: what
// was written to the kernel or to the server is there afterwards, flushed to the disk or not.
var (
	DurabilityCrashOpens = &Requirement{
		ID: "durability/crash-opens", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "the store opens again after a kill",
		Breach: "the store does not open again after a kill",
		Text: "After its process was killed in the middle of calls the store opens in a new process within 10 s, and there a set, a get and a destroy of the " +
			"ids that were in flight succeed within 10 s, whatever locks and unfinished files it has left.",
		Why:    "A lock that nobody holds any more keeps the service down, or one user out of it, until somebody gets up and deletes it.",
		Source: "the store's own claim to be durable",
		Needs:  []Need{NeedDurable, NeedKill},
	}
	DurabilityCrashWhole = &Requirement{
		ID: "durability/crash-whole", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "no session is torn by a kill",
		Breach: "a kill tears a session",
		Text: "A get after the process was killed in the middle of calls answers with a session that was set, whole, or as missing, and never with " +
			"an error, a part or a mixture.",
		Why: "A half-written record answers every request of its user with status 500, and deleting it logs him out.",
		Source: "the store's own claim to be durable; session-file-store up to 0.0.22 and @itrocks/fastify-file-session-store write their files in " +
			"place",
		Needs: []Need{NeedDurable, NeedKill},
	}
	DurabilityCrashAcknowledged = &Requirement{
		ID: "durability/crash-acknowledged", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "what was acknowledged survives a kill",
		Breach: "a kill loses what was acknowledged",
		Text: "After the process was killed a get answers with what the last acknowledged set or destroy left, unless another was in flight together " +
			"with that one or with the kill, and finds what an acknowledged touch has prolonged beyond its earlier end; a store that calls back before " +
			"it writes does not claim to be durable.",
		Why:    "The browser has its answer: the order is placed, the user is logged in, and the next request must find it so.",
		Source: "the store's own claim to be durable; express-session holds the end of the response back until store.set has called back",
		Needs:  []Need{NeedDurable, NeedKill},
	}
	DurabilityCrashNoRevival = &Requirement{
		ID: "durability/crash-no-revival", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "no kill brings a destroyed session back",
		Breach: "a kill brings a destroyed session back",
		Text:   "A session whose destroy was acknowledged before the process was killed stays missing, unless a set was in flight or came later.",
		Why:    "A user who has logged out is logged in again by a restart.",
		Source: "the store's own claim to be durable; express-session session/session.js: the application's callback of destroy",
		Needs:  []Need{NeedDurable, NeedKill},
	}
	DurabilityCrashLists = &Requirement{
		ID: "durability/crash-lists", Level: Must, Since: "1.0.0",
		Title:  "after a kill all lists what get finds",
		Breach: "after a kill all lists something else than get finds",
		Text: "After the process was killed in the middle of calls all answers without an error, with each session that a get finds once and with nothing " +
			"else, and length counts as many more as were set and are found.",
		Why:    "A half-written file that a kill has left, read like a session, makes all fail until somebody deletes it: nobody can be logged out everywhere.",
		Source: "express-session README, store.all and store.length; the store's own claim to be durable",
		Needs:  []Need{NeedDurable, NeedKill, NeedDisposable, NeedAll},
	}
	DurabilityCrashCleared = &Requirement{
		ID: "durability/crash-cleared", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "no kill brings back what clear has removed",
		Breach: "a kill brings back what clear has removed",
		Text: "After a clear has called back and the process was killed, every get of a session that was there before the clear is missing, " +
			"unless a set was in flight or came later.",
		Why:    "Clear is the emergency logout of everybody; a restart must not let the intruder in again.",
		Source: "express-session README, store.clear: it calls back once the store is cleared; the store's own claim to be durable",
		Needs:  []Need{NeedDurable, NeedKill, NeedDisposable, NeedClear},
	}
)
