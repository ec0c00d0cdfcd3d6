package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptPrototypes = []JavaScriptMutant{
	{
		"the store extends Array.prototype when it is loaded", "extends-arrays.js",
		[]*contract.Requirement{contract.IsolationPrototypes},
		"",
	},
	{
		"the store extends Object.prototype with its first set", "extends-objects-later.js",
		[]*contract.Requirement{contract.IsolationPrototypes},
		"",
	},
	{
		"the store replaces the toJSON of dates by one that writes another text", "dates-in-local-time.js",
		[]*contract.Requirement{contract.IsolationPrototypes},
		"",
	},
	{
		"the store gives all big integers a JSON text", "bigints-as-json.js",
		[]*contract.Requirement{contract.IsolationPrototypes},
		"",
	},
	{
		"the store gives all objects a toJSON", "objects-as-json.js",
		[]*contract.Requirement{contract.IsolationPrototypes},
		"",
	},
	{
		"the store notes each write in an ordinary object, keyed by id", "rows-in-an-object.js",
		[]*contract.Requirement{contract.IDsPrototypeNames},
		"",
	},
	{
		"a set merges the session deeply into an ordinary object", "merges-deeply.js",
		[]*contract.Requirement{contract.FidelityProtoKey},
		"",
	},
	{
		"a get takes dots in the names of members for paths", "sets-paths.js",
		[]*contract.Requirement{contract.FidelityProtoKey},
		"",
	},
}
