package mutants

import "github.com/storecheck/storecheck/spec/contract"

// javaScriptPlaces are stores that do not keep to their place.
var javaScriptPlaces = []JavaScriptMutant{
	{
		"an id stands right behind the name of its store, for Node", "names-run-together.js",
		[]*contract.Requirement{contract.InstancesSeparate},
		"connect-redis with a prefix without a delimiter, all versions",
	},
}
