package spec

func eventsChapter() Chapter {
	return Chapter{"events", "the store as an event emitter", []*Requirement{
		EventsEmitter, EventsExtensible, EventsReconnect, EventsNoUnheardError,
	}}
}

func expressChapter() Chapter {
	return Chapter{"express", "the base class around the store", []*Requirement{
		ExpressCreateSession, ExpressLoad, ExpressReload, ExpressRegenerate,
	}}
}

// The chapter events.
var (
	EventsEmitter = &Requirement{
		ID: "events/emitter", Level: Must, Since: "1.0.0",
		Title:  "the store is an event emitter",
		Text:   "The store has the methods on and emit.",
		Why:    "express-session calls store.on when it is set up and throws without it.",
		Source: "express-session README, Session Store Implementation; index.js",
		Needs:  []Need{NeedEvents},
	}
	EventsExtensible = &Requirement{
		ID: "events/extensible", Level: Must, Since: "1.0.0",
		Title:  "express-session may add its generate",
		Text:   "A property can be added to the store, and it does not define generate itself.",
		Why:    "express-session assigns store.generate and regenerate calls it.",
		Source: "express-session index.js",
		Needs:  []Need{NeedEvents},
	}
	EventsReconnect = &Requirement{
		ID: "events/reconnect", Level: Must, Since: "1.0.0",
		Title:  "a store that says disconnect says connect again",
		Text:   "A store that emits disconnect emits connect when it works again.",
		Why:    "After disconnect the middleware serves every request without a session until connect comes.",
		Source: "express-session index.js, storeReady; connect-typeorm emits disconnect on any failed query",
		Needs:  []Need{NeedEvents},
	}
	EventsNoUnheardError = &Requirement{
		ID: "events/no-unheard-error", Level: Should, Since: "1.0.0",
		Title:  "no error event without a listener",
		Text:   "The store emits no error event while nobody listens for it.",
		Why:    "Node ends the process for one.",
		Source: "Node's events; express-session adds no listener for error",
		Needs:  []Need{NeedEvents},
	}
)

// The chapter express: the methods that a store inherits, run around the store under test.
var (
	ExpressCreateSession = &Requirement{
		ID: "express/create-session", Level: Must, Since: "1.0.0",
		Title:  "createSession makes a Session of what get answers with",
		Text:   "createSession, given the result of get, makes a Session with a Cookie whose expires is the stored instant as a Date and whose originalMaxAge is the stored one.",
		Why:    "The middleware does this on every request with a cookie.",
		Source: "express-session session/store.js createSession",
		Needs:  []Need{NeedExpress},
	}
	ExpressLoad = &Requirement{
		ID: "express/load", Level: Must, Since: "1.0.0",
		Title:  "load answers with a Session or nothing",
		Text:   "load answers with a Session for a stored id, and for a missing one without a Session and without an error but the ENOENT of get.",
		Why:    "Socket servers load sessions so.",
		Source: "express-session session/store.js load",
		Needs:  []Need{NeedExpress},
	}
	ExpressReload = &Requirement{
		ID: "express/reload", Level: Must, Since: "1.0.0",
		Title:  "reload reads again and fails for a missing session",
		Text:   "session.reload answers with what is stored now, and with an error when the session is missing; it destroys nothing.",
		Why:    "An application reloads before it changes a session that others change too.",
		Source: "express-session session/session.js reload",
		Needs:  []Need{NeedExpress},
	}
	ExpressRegenerate = &Requirement{
		ID: "express/regenerate", Level: Must, Since: "1.0.0",
		Title:  "regenerate destroys the old id and generates a new one",
		Text:   "regenerate destroys the session of the request, then generates a new one, then calls back.",
		Why:    "It is the guard against session fixation at login: the old id must be dead.",
		Source: "express-session session/store.js regenerate",
		Needs:  []Need{NeedExpress},
	}
)
