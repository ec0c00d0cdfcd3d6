package profile

import "github.com/storecheck/storecheck/spec/contract"

// ofGo are the requirements that have no meaning for the packages of sessions in Go: they call no touch, count nothing, and hand over bytes or values
// without a cookie.
var ofGo = with(ofNoScript, ofNoCookie, ofTouch, ofLengths)

var scs = &Profile{
	Name: "scs", Short: "scs", Language: "go", Version: "1.0.0", Middleware: "2.9.0",
	Title:   "stores of alexedwards/scs",
	Calls:   []string{"Find(token)", "Commit(token, bytes, expiry)", "Delete(token)", "All(), where the store has it", "each with a context too, where the store has that"},
	Hands:   "bytes, and the instant at which the session ends: scs always has one, by default 24 hours away",
	Missing: "nil, false and no error",
	Ends:    "the store: scs does not look at the end of what it finds",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"A token is 43 characters of base64url; an id of another form is given as its hash.",
		"A request that takes long may commit a session whose end is past.",
	},
	Source: "github.com/alexedwards/scs/v2 store.go, session.go, data.go",

	Cookie: []string{},

	without: with(ofGo, ofScriptLists, ofClears, []string{"enumeration/all-empty"}),
	texts:   layersTexts("nil, false and no error", map[*contract.Requirement]string{contract.ExpiryBrowserSession: "A session that is given the default end, a day away, is stored and found two seconds later."}),
}

var fiber = &Profile{
	Name: "fiber", Short: "fiber", Language: "go", Version: "1.0.0", Middleware: "3.1.0",
	Title:   "storages of Fiber",
	Calls:   []string{"Get(key)", "Set(key, bytes, lifetime)", "Delete(key)", "Reset()", "each with a context too, where the storage has that"},
	Hands:   "bytes that are not empty, and a lifetime, of which 0 is for ever",
	Missing: "nil and no error",
	Ends:    "the storage",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"A storage without a prefix of its own shares its keys with everybody on its server: the recipes put one before each key, and do not call Reset, which empties all of it.",
		"A lifetime that is over is a delete: a storage may take a negative one for ever.",
	},
	Source: "github.com/gofiber/fiber/v3 app.go, Storage; middleware/session/store.go, session.go",

	Cookie: []string{},

	without: with(ofGo, ofLists, ofPastEnds, []string{"expiry/max-age-zero", "expiry/max-age-zero-accepted"}),
	texts:   layersTexts("nil and no error", map[*contract.Requirement]string{}),
}

var gorilla = &Profile{
	Name: "gorilla", Short: "gorilla", Language: "go", Version: "1.0.0", Middleware: "1.4.0",
	Title:   "stores of gorilla/sessions",
	Calls:   []string{"New(request, name)", "Save(request, response, session)", "Save with a MaxAge below 0, to delete"},
	Hands:   "a Session: Values, and Options with MaxAge in whole seconds; the store puts its id into the cookie itself",
	Missing: "a session whose IsNew is true, without an error or with one that says only that there is none",
	Ends:    "the store, or the browser: gorilla says of MaxAge what it is for the cookie, and leaves open whether a store forgets the session",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"Some stores give all sessions one life, that of their codecs: the requirements that a session ends record what a store does, and judge nothing.",
		"A store chooses its ids itself, so that the requirements of ids are not asked for.",
	},
	Source: "github.com/gorilla/sessions store.go, sessions.go, options.go",

	MayOutlive: true,
	Cookie:     []string{},

	without: ofGorilla,
	levels:  levelled(contract.May, endsInLayers...),
	texts:   layersTexts("a session whose IsNew is true", map[*contract.Requirement]string{}),
}

// gin hands on what gorilla/sessions calls.
var gin = &Profile{
	Name: "gin", Short: "gin", Language: "go", Version: "1.0.0", Middleware: "1.0.4",
	Title: "stores of gin-contrib/sessions",
	Calls: gorilla.Calls, Hands: gorilla.Hands, Missing: gorilla.Missing, Ends: gorilla.Ends, Site: gorilla.Site, Notes: gorilla.Notes,
	Source: "github.com/gin-contrib/sessions sessions.go, which calls gorilla/sessions",

	MayOutlive: true,
	Cookie:     []string{},

	without: ofGorilla,
	levels:  levelled(contract.May, endsInLayers...),
	texts:   layersTexts("a session whose IsNew is true", map[*contract.Requirement]string{}),
}

var ofGorilla = with(ofGo, ofLists, ofClears, ofSeconds, ofOwnIDs, []string{"enumeration/own-only"})

var goSession = &Profile{
	Name: "go-session", Short: "gosession", Language: "go", Version: "1.0.0", Middleware: "3.2.1",
	Title:   "stores of go-session",
	Calls:   []string{"Check(ctx, id)", "Create(ctx, id, lifetime)", "Update(ctx, id, lifetime)", "Get, Set and Save of what these return", "Delete(ctx, id)"},
	Hands:   "values by name, and one lifetime in seconds for all sessions, which begins anew with each Update",
	Missing: "Check answers false",
	Ends:    "the store, so long after the last look: there is no way to read a session without prolonging it",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"All sessions have one lifetime, two hours by default, so that no requirement asks for another end.",
	},
	Source: "github.com/go-session/session/v3 store.go, manager.go",

	MayOutlive: true,
	Cookie:     []string{},

	without: with(ofGo, ofLists, ofClears, ofSeconds, ofPastEnds, []string{
		"enumeration/own-only", "calendar", "expiry/gone-after", "expiry/from-expires", "expiry/milliseconds", "expiry/latest-wins", "expiry/get-does-not-extend",
		"instances/reopen-expiry", "instances/time-zones",
	}),
	texts: map[*contract.Requirement]string{
		contract.GetMissing: "A get of an id that was never set answers without a session and without an error: Check answers false.",
	},
}
