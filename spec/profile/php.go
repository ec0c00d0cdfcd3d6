package profile

import "github.com/storecheck/storecheck/spec/contract"

var php = &Profile{
	Name: "php", Short: "php", Language: "php", Version: "1.0.0", Middleware: "8.2.36",
	Title: "session save handlers of PHP",
	Calls: []string{
		"open(path, name), and close() at the end", "validateId(id), in strict mode, where the handler has it", "read(id), always", "write(id, data)",
		"updateTimestamp(id, data) in place of write for data that are unchanged, where the handler has it", "destroy(id)", "gc(max_lifetime), by chance",
	},
	Hands:   "a text of bytes that PHP has serialised; the lifetime is session.gc_maxlifetime, one setting in seconds for all sessions, which the handler reads itself",
	Missing: "read answers an empty text: there is no other word for missing, and none for empty",
	Ends:    "the handler, or nobody before gc: session.gc_maxlifetime is after how many seconds a session may be cleaned up",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"PHP reads a session before it writes or destroys it, and a handler may keep others waiting from read to close.",
		"A page that only reads ends with updateTimestamp, or with write where the handler has none, which then undoes a logout that came in between.",
		"PHP takes an id that a browser brings, unless session.use_strict_mode is set and the handler has validateId.",
		"A handler that fails to write is a warning in a log; the visitor sees nothing of it.",
		"With the files handler a session lives until a clean-up comes by: the requirements that say so are shoulds.",
	},
	Source: "php.net, SessionHandlerInterface and SessionUpdateTimestampHandlerInterface; ext/session/session.c; its calls, recorded",

	MayOutlive: true,
	Cookie:     []string{},

	without: with(ofOtherLanguages, ofPastEnds, []string{
		// Ids that the files handler does not know are given as their hash.
		"ids/no-escape", "ids/printable", "ids/strange", "ids/length-limit",
		// A touch has no lifetime of its own, and no session.
		"touch/shortens", "touch/browser-session", "touch/argument-unchanged", "touch/cookie-visible", "middleware/early-save",
	}),
	beyond: []*contract.Requirement{contract.TouchCrossed},
	levels: levelled(contract.Should, endsInLayers...),
	texts: layersTexts("read answers an empty text", map[*contract.Requirement]string{
		contract.TouchExtends:   "After an updateTimestamp a session is found beyond its earlier end, and seconds after it as well.",
		contract.TouchKeepsData: "An updateTimestamp with data that differ from what is stored leaves the stored data as they are.",
	}),
}
