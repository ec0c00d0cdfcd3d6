package profile

import "github.com/storecheck/storecheck/spec/contract"

var django = &Profile{
	Name: "django", Short: "django", Language: "python", Version: "1.0.0", Middleware: "3.2.25",
	Title: "session backends of Django",
	Calls: []string{
		"SessionStore(key), one for each request", "load(), when the session is looked at", "save(must_create=False), at the end of a request that has changed it",
		"create(), which asks exists(key) and calls save(must_create=True)", "delete(key=None)", "clear_expired(), by clearsessions alone",
	},
	Hands:   "a dict that the backend encodes itself; a lifetime of its own is a key of it, _session_expiry, in seconds",
	Missing: "load answers {} and leaves session_key None; exists answers False",
	Ends:    "the backend, in load: _session_expiry seconds after the last save, or SESSION_COOKIE_AGE",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"A backend makes its own keys, so that of ids it is asked only that it takes none that a visitor brings.",
		"A save of a session that is gone raises UpdateError, and the visitor gets the status 400.",
		"A request that calls cycle_key saves the session under a new key, whatever has happened to the old one: a logout in another tab is undone by Django and not by the backend.",
		"A page that only reads saves nothing, and prolongs nothing, unless SESSION_SAVE_EVERY_REQUEST is set.",
	},
	Source: "django/contrib/sessions/middleware.py, backends/base.py; its calls, recorded",

	Cookie: []string{},

	without: with(ofOtherLanguages, ofTouch, ofOwnIDs),
	levels:  levelled(contract.Should, contract.ExpiryPastRemovesOld),
	texts: layersTexts("load answers {} and leaves session_key None", map[*contract.Requirement]string{
		contract.SetAfterDestroy: "A session that is created under a key that was destroyed before is stored as under any other.",
	}),
	beyond: []*contract.Requirement{contract.SetLoadedGone, contract.SetNewTaken, contract.IDsNotAdopted},
}
