package profile

import (
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
)

var rack = &Profile{
	Name: "rack", Short: "rack", Language: "ruby", Version: "1.0.0", Middleware: "2.2.22",
	Title: "session stores of Rack",
	Calls: []string{
		"find_session(request, id or nil), when the session is looked at", "write_session(request, id, hash, options), at the end of each request that has looked",
		"delete_session(request, id, options), at a logout, and at the end of a request that renews or drops",
	},
	Hands:   "a Hash with text keys on its top level; options[:expire_after] is a lifetime in seconds, or nil",
	Missing: "find_session answers with another id, and {}",
	Ends:    "the store, by options[:expire_after], if it keeps that; Rack does not look at it",
	Site:    "none: the suite runs web sites of Node only",
	Notes: []string{
		"A store issues its ids itself, so that of ids it is asked only that it takes none that a visitor brings.",
		"Rack writes every session that a page has looked at, so that of two pages at the same time the later one undoes the change of the other, although it only reads.",
		"For the same reason a page on its way undoes a logout, unless write_session refuses an id that is gone. Nobody but the store can see that; set/loaded-gone asks for it, as a should.",
		"A page on its way that renews the session undoes a logout whatever the store does: that is Rack's.",
		"Rack::Session::Pool ends no session; the requirements that say so are shoulds.",
	},
	Source: "rack/session/abstract/id.rb; its calls, recorded",

	MayOutlive: true,
	Cookie:     []string{},

	without: with(ofOtherLanguages, ofTouch, ofOwnIDs, ofPastEnds),
	levels:  levelled(contract.Should, slices.Concat(endsInLayers, []*contract.Requirement{contract.SetLoadedGone})...),
	texts: layersTexts("find_session answers with another id", map[*contract.Requirement]string{
		contract.SetAfterDestroy: "A session that is issued an id that was destroyed before is stored as under any other.",
		contract.SetLoadedGone:   "A write by a request that has loaded the session, and that comes after another request has deleted it, is answered with false or an exception and stores nothing.",
	}),
	beyond: []*contract.Requirement{contract.SetLoadedGone, contract.IDsNotAdopted},
}
