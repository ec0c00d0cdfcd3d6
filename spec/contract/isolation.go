package contract

func isolationChapter() Chapter {
	return Chapter{"isolation", "arguments and results are copies", []*Requirement{
		IsolationArgument, IsolationResult, IsolationTwoResults, IsolationAll, IsolationRewrite, IsolationPrototypes,
	}}
}

// The chapter isolation.
var (
	IsolationArgument = &Requirement{
		ID: "isolation/argument", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "changing the argument after set changes nothing",
		Breach: "changing the session after set changes what is stored",
		Text:   "Changes to the session that was passed to set, made after set has called back, do not show in a get.",
		Why:    "The middleware keeps changing req.session after an early save; what was not saved must not be visible to other requests.",
		Source: "express-session session/memory.js stores a string; session/session.js save",
	}
	IsolationResult = &Requirement{
		ID: "isolation/result", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "changing the result of get changes nothing",
		Breach: "changing what get answered with changes what is stored",
		Text:   "Changes to the session that get answered with do not show in a later get.",
		Why:    "createSession replaces the cookie of the result in place on every request.",
		Source: "express-session session/store.js createSession",
	}
	IsolationTwoResults = &Requirement{
		ID: "isolation/two-results", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "two gets answer with two objects",
		Breach: "two gets answer with the same object",
		Text:   "Changes to the result of one get do not show in the result of another.",
		Why:    "Two requests of one user run at the same time and each changes its own.",
		Source: "express-session index.js: every request has its own req.session",
	}
	IsolationAll = &Requirement{
		ID: "isolation/all", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "changing what all answered with changes nothing",
		Breach: "changing what all answered with changes what is stored",
		Text:   "Changes to a session that all answered with show neither in a get nor in a later all.",
		Why:    "A page for administrators that leaves out what nobody may see takes it from the users' sessions.",
		Source: "express-session session/memory.js parses each session anew",
		Needs:  []Need{NeedAll},
	}
	IsolationRewrite = &Requirement{
		ID: "isolation/rewrite", Level: Must, Harm: Loses, Since: "1.0.0",
		Title:  "setting a changed object again stores the change",
		Breach: "a changed object is not stored when it is set again",
		Text:   "When a session is set, changed in place and set again, a get, on another instance where the store is shared, answers with the change.",
		Why:    "A store that skips unchanged writes by comparing with the very object it was given never writes.",
		Source: "@itrocks/fastify-file-session-store, all versions",
	}
	IsolationPrototypes = &Requirement{
		ID: "isolation/prototypes", Level: Should, Since: "1.0.0",
		Title:  "the prototypes of JavaScript stay as they are",
		Breach: "the store changes the prototypes of JavaScript",
		Text:   "The store gives no built-in prototype a member that loops meet or that changes JSON, and neither removes a built-in member nor replaces one by something else.",
		Why:    "The whole application shares the prototypes: each loop over an object or an array meets one member more, and its JSON changes.",
		Source: "express-session session/cookie.js: the constructor loops over its options, inherited members too",
		Needs:  []Need{NeedEvents},
	}
)
