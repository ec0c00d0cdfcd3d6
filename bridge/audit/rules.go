package audit

import "slices"

const (
	textMend = "keep the session as the text in which it came: cut it out of the request, or have a parser that keeps the text of numbers and the difference of {} and []. " +
		"Store that text, and write it into the answer as it is"
	answerMend  = "answer every request once, with its id unchanged, whatever the store does: catch its exceptions, and raise the limits of the parser"
	messageMend = "compare the message with bridge/PROTOCOL.md, and with the JSON Schema that storecheck schema protocol prints"
)

// rules are in the order in which they are tried: what an earlier one needs, later ones may rely on.
var rules = slices.Concat(greeting, asking, lookingBack)

var greeting = []rule{
	{
		name: "hello", title: "it answers hello",
		mend: "read requests from standard input, one a line, until that ends, and answer each with one line on standard output; " + flush,
		try:  answersHello,
	},
	{
		name: "version", title: "it refuses a version that it does not speak",
		mend: "answer a hello whose protocol is not 1 with the error 4",
		try:  refusesVersions,
	},
	{
		name: "open", title: "it opens several stores, and closes them",
		mend: "give each open store an instance of its own; after close, answer its calls with the error 2",
		try:  opensStores,
	},
}

// asking are the rules that need an open store.
var asking = stores([]rule{
	{
		name: "lines", title: "it takes requests however a pipe delivers them",
		mend: "a request ends at the end of a line, not where a read ends",
		try:  takesLines,
	},
	{
		name: "unknown", title: "it refuses what it does not know, and goes on",
		mend: "answer an unknown request with the error -32601, and an unknown method of a store with the error 3",
		try:  answersUnknown,
	},
	{
		name: "ping", title: "it answers ping and events",
		mend: `answer ping with {}, and events with {"events":[]} where there is nothing to tell`,
		try:  pings,
	},
	{
		name: "sessions", title: "get, set and destroy do what they say",
		mend: textMend,
		try:  keepsSessions,
	},
	{
		name: "numbers", title: "numbers come back as they were",
		mend: textMend,
		try:  keepsNumbers,
	},
	{
		name: "text", title: "text comes back as it was",
		mend: textMend,
		try:  keepsPayloads(texts),
	},
	{
		name: "surrogates", title: "text that is no UTF-8 is kept, or refused with an error",
		mend: textMend,
		try:  keepsSurrogates,
	},
	{
		name: "shapes", title: "objects and arrays come back as they were",
		mend: textMend,
		try:  keepsPayloads(shapes),
	},
	{
		name: "large", title: "large and deep sessions are kept, or refused with an error",
		mend: answerMend,
		try:  takesLarge,
	},
	{
		name: "ids", title: "every id is answered",
		mend: answerMend,
		try:  answersOddIDs,
	},
	{
		name: "dates", title: "every date is answered",
		mend: answerMend,
		try:  answersOddDates,
	},
	{
		name: "touch", title: "touch is there as open says",
		mend: answerMend,
		try:  optional("touch", touches),
	},
	{
		name: "all", title: "all answers an array of sessions",
		mend: `answer "kind":"array" and an array whose elements are sessions as get answers them`,
		try:  optional("all", lists),
	},
	{
		name: "length", title: "length answers a number",
		mend: `answer "kind":"number" and how many sessions live`,
		try:  optional("length", counts),
	},
	{
		name: "clear", title: "clear is there as open says",
		mend: answerMend,
		try:  optional("clear", clears),
	},
	{
		name: "at once", title: "requests that come together are all answered",
		mend: answerMend,
		try:  answersAtOnce,
	},
	{
		name: "shared", title: "a store that is shared is one store in two processes",
		mend: "keep the sessions below dir, or on the backend under namespace; leave out shared if each process has its own",
		try:  isShared,
	},
	{
		name: "durable", title: "a store that is durable has its sessions in the next process",
		mend: "keep the sessions below dir, or on the backend under namespace, before set is answered; leave out durable if they end with the process",
		try:  isDurable,
	},
	{
		name: "place", title: "it tells which parts of its place it uses",
		mend: "answer place with namespace, dir and backend, each true or false",
		try:  keepsApart,
	},
	{
		name: "end", title: "it ends when its input ends",
		mend: "leave with status 0 when the input has ended",
		try:  ends,
	},
})

// lookingBack are the rules on what the others have seen.
var lookingBack = looks([]rule{
	{
		name: "kinds", title: "the kind of a result is that of its value",
		mend: `answer a call that succeeds with the kind of its value: "undefined" for none, "object", "array", "number"`,
		try:  kindsFit,
	},
	{
		name: "errors", title: "errors say their name and a message",
		mend: "name is the class of the error, such as KeyError, and message what it says: both are shown in failures",
		try:  errorsSay,
	},
	{
		name: "messages", title: "every message is one of the protocol",
		mend: messageMend,
		try:  messagesFit,
	},
	{
		name: "output", title: "standard output is the protocol's alone",
		mend: "write everything else to standard error",
		try:  outputIsClean,
	},
})

func stores(rules []rule) []rule {
	for i := range rules {
		rules[i].needsStore = true
	}
	return rules
}

func looks(rules []rule) []rule {
	for i := range rules {
		rules[i].looksBack = true
	}
	return rules
}
