package contract

func eventsChapter() Chapter {
	return Chapter{"events", "the store as an event emitter", []*Requirement{
		EventsEmitter, EventsExtensible, EventsReconnect, EventsNoUnheardError,
	}}
}

// The chapter events.
var (
	EventsEmitter = &Requirement{
		ID: "events/emitter", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "the store is an event emitter",
		Breach: "the store is no event emitter",
		Text:   "The store has the methods on and emit.",
		Why:    "express-session calls store.on when it is set up and throws without it.",
		Source: "express-session README, Session Store Implementation; index.js",
		Needs:  []Need{NeedEvents},
	}
	EventsExtensible = &Requirement{
		ID: "events/extensible", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "express-session may add its generate",
		Breach: "express-session cannot add its generate",
		Text:   "A property can be added to the store, and it does not define generate itself.",
		Why:    "express-session assigns store.generate and regenerate calls it.",
		Source: "express-session index.js",
		Needs:  []Need{NeedEvents},
	}
	EventsReconnect = &Requirement{
		ID: "events/reconnect", Level: Must, Harm: Stops, Since: "1.0.0",
		Title:  "a store that says disconnect says connect again",
		Breach: "a store that says disconnect never says connect again",
		Text:   "A store that emits disconnect emits connect when it works again.",
		Why:    "After disconnect the middleware serves every request without a session until connect comes.",
		Source: "express-session index.js, storeReady; connect-typeorm emits disconnect on any failed query",
		Needs:  []Need{NeedEvents},
	}
	EventsNoUnheardError = &Requirement{
		ID: "events/no-unheard-error", Level: Should, Harm: Stops, Since: "1.0.0",
		Title:  "no error event without a listener",
		Breach: "an error event without a listener ends the process",
		Text:   "The store emits no error event while nobody listens for it.",
		Why:    "Node ends the process for one.",
		Source: "Node's events; express-session adds no listener for error",
		Needs:  []Need{NeedEvents},
	}
)
