package contract

func fidelityChapter() Chapter {
	return Chapter{"fidelity", "what comes back is what went in", []*Requirement{
		FidelityValues, FidelityJavaScriptValues, FidelityDates, FidelityCookie, FidelityUnicode, FidelityNUL,
		FidelityLoneSurrogates, FidelityNumbers, FidelityDepth100, FidelityDepth1000, FidelityKeys, FidelityProtoKey,
		FidelityProtoKeyKept, FidelityDottedKeys, FidelityDottedKeysKept, FidelityReservedNames, FidelityLookAlikes,
		FidelityNestedCookie, FidelityLarge, FidelitySizeLimit,
	}}
}

// The chapter fidelity. What came back is compared as JSON: the order of keys does not count.
var (
	FidelityValues = &Requirement{
		ID: "fidelity/values", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "every JSON value survives",
		Breach: "a JSON value does not come back as it was",
		Text:   "Strings, numbers, booleans, null, arrays and nested objects, empty ones included, come back equal.",
		Why:    "An application keeps whatever it likes in a session.",
		Source: "express-session README: sessions are JSON; session/memory.js",
	}
	FidelityJavaScriptValues = &Requirement{
		ID: "fidelity/javascript-values", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "values beyond JSON come back as JSON.stringify makes them",
		Breach: "a value comes back other than JSON.stringify makes it",
		Text:   "undefined and functions disappear, NaN and infinities become null, and toJSON is honoured.",
		Why:    "The middleware compares sessions by their JSON; a store with another view makes them look changed, or breaks the cookie, which has a toJSON.",
		Source: "express-session index.js hash; session/cookie.js toJSON",
		Needs:  []Need{NeedExpressions},
	}
	FidelityDates = &Requirement{
		ID: "fidelity/dates", Level: May, Since: "1.0.0",
		Title:  "whether a Date comes back as a string",
		Text:   "A Date in the data comes back as its ISO string, or as an equal Date.",
		Why:    "Code written with one kind of store breaks with the other.",
		Source: "JSON stores give strings, stores of live objects and BSON give dates",
		Needs:  []Need{NeedExpressions},
	}
	FidelityCookie = &Requirement{
		ID: "fidelity/cookie", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "the cookie survives",
		Breach: "a member of the cookie does not come back as it was",
		Text:   "originalMaxAge, expires, httpOnly, path, domain, secure, sameSite, partitioned and priority come back as they were set, expires as exactly as the store declares to keep time, and none is added with a value.",
		Why:    "A cookie that loses secure or sameSite is sent where it should not be.",
		Source: "express-session session/cookie.js data; memorystore 1",
	}
	FidelityUnicode = &Requirement{
		ID: "fidelity/unicode", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "every character survives",
		Breach: "some character does not come back",
		Text:   "Characters of all planes, combining ones, U+2028, U+2029, a BOM and control characters come back in values and keys.",
		Why:    "A name with an emoji must not truncate a session or refuse it.",
		Source: "express-session README: sessions are JSON; express-mysql-session up to 1.1.1",
	}
	FidelityNUL = &Requirement{
		ID: "fidelity/nul", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "NUL inside a string survives",
		Breach: "NUL inside a string does not come back",
		Text:   "A string with U+0000 inside comes back whole.",
		Why:    "C strings and jsonb columns end or refuse there.",
		Source: "JSON strings may hold it; PostgreSQL's jsonb does not",
	}
	FidelityLoneSurrogates = &Requirement{
		ID: "fidelity/lone-surrogates", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "a lone surrogate survives",
		Breach: "a lone surrogate does not come back",
		Text:   "A string with half of a surrogate pair, as cutting an emoji in two makes it, comes back unchanged.",
		Why:    "Truncated user input is enough to produce one.",
		Source: "JSON.stringify escapes it; BSON drivers replace it",
	}
	FidelityNumbers = &Requirement{
		ID: "fidelity/numbers", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "numbers survive",
		Breach: "some number does not come back as it was",
		Text:   "0.1, 1e308, 5e-324, 2^53, negative numbers and zero come back equal.",
		Why:    "A float column or another number type changes amounts and ids.",
		Source: "express-session README: sessions are JSON",
	}
	FidelityDepth100 = &Requirement{
		ID: "fidelity/depth-100", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "100 levels of nesting survive",
		Breach: "100 levels of nesting are too deep",
		Text:   "Objects and arrays that are nested 100 levels deep come back equal.",
		Why:    "Trees of categories and form state reach such depths.",
		Source: "express-session README: sessions are JSON; MongoDB stops at 100 levels when not stringified",
	}
	FidelityDepth1000 = &Requirement{
		ID: "fidelity/depth-1000", Level: Should, Since: "1.0.0",
		Title:  "1,000 levels of nesting survive",
		Breach: "1,000 levels of nesting are too deep",
		Text:   "Objects that are nested 1,000 levels deep, and arrays 2,000, come back equal.",
		Why:    "A store that recurses in its own code overflows where JSON does not.",
		Source: "JSON.parse and JSON.stringify manage it",
	}
	FidelityKeys = &Requirement{
		ID: "fidelity/keys", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "every key survives",
		Breach: "some key does not come back",
		Text:   "The empty key, names of prototype members (constructor, toString, hasOwnProperty, length), keys that look like integers, keys that look like an escaped dot or dollar, a key of 5 kB and 5,000 keys in one object come back.",
		Why:    "Keys are data as well: a cart keyed by product number, a form keyed by field name.",
		Source: "express-session README: sessions are JSON",
	}
	FidelityProtoKey = &Requirement{
		ID: "fidelity/proto-key", Level: Must, Harm: Exposes, Since: "1.0.0",
		Title:  "a key __proto__ pollutes nothing",
		Breach: "a key __proto__ changes other objects",
		Text:   "A session with an own key that names a prototype, such as __proto__ deep in its data, is stored or refused, and its contents never show up as inherited members elsewhere.",
		Why:    "Prototype pollution turns user input into other users' rights.",
		Source: "JSON.parse makes __proto__ an own key; copying by assignment does not",
	}
	FidelityProtoKeyKept = &Requirement{
		ID: "fidelity/proto-key-kept", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "a key __proto__ survives",
		Breach: "a key __proto__ is lost",
		Text:   "An own key __proto__ deep in the data comes back.",
		Why:    "It is JSON like any other.",
		Source: "session-pouchdb-store loses it",
	}
	FidelityDottedKeys = &Requirement{
		ID: "fidelity/dotted-keys", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "dotted and dollar keys are not reinterpreted",
		Breach: "a key with a dot or a dollar becomes something else",
		Text:   "A session with keys such as a.b or $set comes back equal, or is refused with an error.",
		Why:    "A backend that takes a key for a path or an operator changes other data.",
		Source: "nedb and MongoDB stores refuse them; none may lose them silently",
	}
	FidelityDottedKeysKept = &Requirement{
		ID: "fidelity/dotted-keys-kept", Level: Should, Harm: Loses, Since: "1.0.0",
		Title:  "dotted and dollar keys survive",
		Breach: "a key with a dot or a dollar is lost",
		Text:   "Keys such as a.b or $set come back.",
		Why:    "E-mail addresses and host names are used as keys.",
		Source: "express-session README: sessions are JSON",
	}
	FidelityReservedNames = &Requirement{
		ID: "fidelity/reserved-names", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "the application's keys are its own",
		Breach: "the store takes a key of the application for its own",
		Text:   "Keys that a store may use itself (_id, sid, expires, maxAge, ttl, lastModified, createdAt, updatedAt, session, data, sess, json, meta, $loki, destroyedAt, __lastAccess) come back with the application's values.",
		Why:    "A store that keeps its bookkeeping beside the data overwrites the application's.",
		Source: "session-file-store overwrites __lastAccess, connect-redis 6.1 lastModified",
	}
	FidelityLookAlikes = &Requirement{
		ID: "fidelity/look-alikes", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "strings that look like something else stay strings",
		Breach: "a string that looks like something else becomes that",
		Text:   "Strings such as an ISO date, /x/g, null or thirty digits, and objects such as {\"$date\": …}, come back as they are.",
		Why:    "A reviver that guesses types changes what users typed.",
		Source: "express-session README: sessions are JSON",
	}
	FidelityNestedCookie = &Requirement{
		ID: "fidelity/nested-cookie", Level: Should, Harm: LogsOut, Since: "1.0.0",
		Title:  "the word cookie deeper down is data",
		Breach: "a cookie deeper down in the data changes the session",
		Text:   "Keys named cookie or expires inside the application's data come back and do not change the session's life.",
		Why:    "A consent banner stores exactly that.",
		Source: "express-session test/session.js keeps nested cookie data",
	}
	FidelityLarge = &Requirement{
		ID: "fidelity/large", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "a large session is whole or refused",
		Breach: "a large session is cut",
		Text:   "A session of 70 KB, 1 MiB or 5 MiB, one of 64 KiB to the byte and one with a single long string comes back equal, or is refused with an error and leaves the old one; it is never cut.",
		Why:    "A truncated session is an unreadable one at the next request.",
		Source: "express-mysql-session up to 2.1.0 cut at 64 KiB",
	}
	FidelitySizeLimit = &Requirement{
		ID: "fidelity/size-limit", Level: May, Since: "1.0.0",
		Title:  "how large a session may be",
		Text:   "A store takes sessions of any size, or refuses those above a limit of its own.",
		Why:    "It decides what an application may keep in a session.",
		Source: "memcached refuses above 1 MiB, gorilla's FilesystemStore above 4 KiB by default",
	}
)
