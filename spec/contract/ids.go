package contract

func idsChapter() Chapter {
	return Chapter{"ids", "session ids are data", []*Requirement{
		IDsBase64URL, IDsCase, IDsLookAlikes, IDsBookkeeping, IDsPrototypeNames, IDsNoEscape, IDsPrintable, IDsLength128,
		IDsLongApart, IDsLengthLimit, IDsStrange,
	}}
}

// The chapter ids. express-session generates 32 characters of base64url; a custom genid may return any string.
var (
	IDsBase64URL = &Requirement{
		ID: "ids/base64url", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "ordinary ids work",
		Breach: "an ordinary id does not work",
		Text:   "Ids of 1 to 64 characters of A-Z a-z 0-9 - and _, also with - or _ in front, are stored and found.",
		Why:    "They are what express-session generates: one in 32 begins with - or _.",
		Source: "express-session index.js generateSessionId, uid-safe",
	}
	IDsCase = &Requirement{
		ID: "ids/case", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "ids are case-sensitive",
		Breach: "ids that differ only in case are one session",
		Text:   "Ids that differ in case only name different sessions.",
		Why:    "A collation or a file system that folds case hands out foreign sessions, and weakens every id.",
		Source: "express-session compares nothing itself; MySQL's default collation folds case",
	}
	IDsLookAlikes = &Requirement{
		ID: "ids/look-alikes", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "ids that look alike are not mixed up",
		Breach: "ids that look alike are one session",
		Text:   "Ids such as a_b and aXb, 1 and 01 and 1e1, é composed and decomposed, x and x.json, x and x with a space or dot behind, and characters with the same low byte, base letter or width name different sessions, or are refused with an error.",
		Why:    "Escaping, trimming, normalising and wildcards each mix two users up.",
		Source: "express-session README, store.get by session id",
	}
	IDsBookkeeping = &Requirement{
		ID: "ids/bookkeeping", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "a store's own keys are no sessions",
		Breach: "one of the store's own keys is answered as a session",
		Text:   "Ids such as __length__, index, meta or keys, which a store may use for itself, are missing until they are set, and then found.",
		Why:    "Otherwise the id reads or overwrites the store's counters.",
		Source: "level-session-store and __length__",
	}
	IDsPrototypeNames = &Requirement{
		ID: "ids/prototype-names", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "names of prototype members are ordinary ids",
		Breach: "the name of a prototype member does not work as an id",
		Text:   "Ids such as __proto__, constructor and toString are missing until they are set, and then found, also after clear, and what is set under them shows in no other object.",
		Why:    "Looked up in an ordinary object they answer with a function.",
		Source: "express-session up to 1.8.2, MemoryStore after clear",
	}
	IDsNoEscape = &Requirement{
		ID: "ids/no-escape", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "no id leads out of the store",
		Breach: "an id leads out of the store",
		Text:   "Ids such as ../x, .., /etc/x, a/../../b, ..\\x or with a NUL are refused or stored inside, and nothing outside of the store's own place is created, read, changed or removed.",
		Why:    "With a leaked secret an id is attacker's input: outside of the store it is remote file access.",
		Source: "CVE-2024-3400 and gorilla/sessions; session-file-store writes ../x",
	}
	IDsPrintable = &Requirement{
		ID: "ids/printable", Level: Should, Since: "1.0.0",
		Title:  "every printable character is stored or refused",
		Breach: "some printable character in an id goes wrong in silence",
		Text:   "Ids with / : * ? [ ] % ' \" ; & = space and the like are stored and found, or refused with an error.",
		Why:    "A custom genid uses such characters, as with a tenant in front; lost silently they log users out.",
		Source: "express-session test/session.js uses unsafe characters in a genid",
	}
	IDsLength128 = &Requirement{
		ID: "ids/length-128", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "ids of 128 characters work",
		Breach: "ids of 128 characters do not work",
		Text:   "Ids of 128 characters are stored and found.",
		Why:    "Signed or prefixed ids reach that length.",
		Source: "express-session README, genid; the shortest limit seen in a backend is 128",
	}
	IDsLongApart = &Requirement{
		ID: "ids/long-apart", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "long ids are not cut",
		Breach: "long ids are cut, and become one session",
		Text:   "Two ids of 129 to 1,000 characters that differ in the last one only name different sessions, or are refused with an error.",
		Why:    "Cut at a limit, they are one session for two users.",
		Source: "express-session README, store.get by session id",
	}
	IDsLengthLimit = &Requirement{
		ID: "ids/length-limit", Level: May, Since: "1.0.0",
		Title:  "how long an id may be",
		Text:   "Ids of 255, 256 and 1,000 characters work, or are refused with an error.",
		Why:    "It decides what a custom genid may return.",
		Source: "file stores stop at about 239, memcached at 250, MySQL at 128",
	}
	IDsStrange = &Requirement{
		ID: "ids/strange", Level: May, Since: "1.0.0",
		Title:  "what empty and broken ids do",
		Text:   "An empty id, one with a NUL and one with a lone surrogate work, are missing, or are refused with an error.",
		Why:    "They do not come from the middleware; it is good to know.",
		Source: "express-session index.js ignores an empty id",
	}
)
