package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptClose = []JavaScriptMutant{
	{
		"a close never ends", "close-never-ends.js",
		[]*contract.Requirement{contract.ResourcesCloses},
		"",
	},
	{
		"a close is rejected", "close-throws.js",
		[]*contract.Requirement{contract.ResourcesCloses},
		"",
	},
	{
		"a close throws in the background and never ends", "close-crashes.js",
		[]*contract.Requirement{contract.ResourcesCloses},
		"",
	},
}
