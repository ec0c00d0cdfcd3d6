package contract

func expressChapter() Chapter {
	return Chapter{"express", "the base class around the store", []*Requirement{
		ExpressCreateSession, ExpressLoad, ExpressReload, ExpressRegenerate,
	}}
}

// The chapter express: the methods that a store inherits, run around the store under test.
var (
	ExpressCreateSession = &Requirement{
		ID: "express/create-session", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "createSession makes a Session of what get answers with",
		Breach: "createSession cannot make a Session of what get answers with",
		Text:   "createSession, given the result of get, makes a Session with a Cookie whose expires is the stored instant, as exactly as the store declares to keep time, as a Date and whose originalMaxAge is the stored one.",
		Why:    "The middleware does this on every request with a cookie.",
		Source: "express-session session/store.js createSession",
		Needs:  []Need{NeedExpress},
	}
	ExpressLoad = &Requirement{
		ID: "express/load", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "load answers with a Session or nothing",
		Breach: "load answers wrongly",
		Text:   "load answers with a Session for a stored id, and for a missing one without a Session and without an error but the ENOENT of get.",
		Why:    "Socket servers load sessions so.",
		Source: "express-session session/store.js load",
		Needs:  []Need{NeedExpress},
	}
	ExpressReload = &Requirement{
		ID: "express/reload", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "reload reads again and fails for a missing session",
		Breach: "reload does not read the session again",
		Text:   "session.reload answers with what is stored now, and with an error when the session is missing; it destroys nothing.",
		Why:    "An application reloads before it changes a session that others change too.",
		Source: "express-session session/session.js reload",
		Needs:  []Need{NeedExpress},
	}
	ExpressRegenerate = &Requirement{
		ID: "express/regenerate", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "regenerate destroys the old id and generates a new one",
		Breach: "regenerate leaves the old id, or makes no new one",
		Text:   "regenerate destroys the session of the request, then generates a new one, then calls back.",
		Why:    "It is the guard against session fixation at login: the old id must be dead.",
		Source: "express-session session/store.js regenerate",
		Needs:  []Need{NeedExpress},
	}
)
