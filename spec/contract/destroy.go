package contract

func destroyChapter() Chapter {
	return Chapter{"destroy", "removing a session", []*Requirement{
		DestroyGone, DestroyOthersStay, DestroyMissing, DestroyTwice, DestroyOneOnly,
	}}
}

// The chapter destroy.
var (
	DestroyGone = &Requirement{
		ID: "destroy/gone", Level: Must, Harm: Revives, Since: "1.0.0",
		Title:  "a destroyed session is missing",
		Breach: "a destroyed session is still found",
		Text:   "After destroy has called back, a get of that id is missing, also one that begins at once while many others are destroyed.",
		Why:    "A session that survives its logout is an open door.",
		Source: "express-session README, store.destroy",
	}
	DestroyOthersStay = &Requirement{
		ID: "destroy/others-stay", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "destroy leaves other sessions alone",
		Breach: "destroy removes other sessions too",
		Text:   "After a destroy of one id, the sessions of all other ids are found as before.",
		Why:    "Logging one user out must not log others out.",
		Source: "express-session README, store.destroy by session id",
	}
	DestroyMissing = &Requirement{
		ID: "destroy/missing", Level: Must, Since: "1.0.0",
		Title:  "destroying a missing session is no error",
		Breach: "destroying a missing session is an error",
		Text:   "A destroy of an id that was never set calls back without an error.",
		Why:    "The middleware does it itself: regenerate or destroy on a fresh session (every login), and unset: 'destroy' without a cookie.",
		Source: "express-session session/session.js destroy and regenerate, index.js; kleydon/prisma-session-store 91",
	}
	DestroyTwice = &Requirement{
		ID: "destroy/twice", Level: Must, Since: "1.0.0",
		Title:  "destroying twice is as destroying once",
		Breach: "destroying a session twice is an error, or does more",
		Text:   "A second destroy of an id calls back without an error and leaves it missing.",
		Why:    "Two tabs log out at the same time.",
		Source: "express-session session/session.js destroy; follows from destroying a missing session",
	}
	DestroyOneOnly = &Requirement{
		ID: "destroy/one-only", Level: Must, Harm: LogsOut, Since: "1.0.0",
		Title:  "wildcards and path fragments destroy nothing else",
		Breach: "an id with a wildcard or a path destroys other sessions",
		Text:   "A destroy of an id that is empty or holds wildcards (* % _ ? [ab]) or path fragments (. ..) leaves all other sessions found.",
		Why:    "An id is data: taken for a pattern or a path it deletes everybody's session.",
		Source: "session-file-store with an empty fileExtension removes its whole directory on destroy('')",
	}
)
