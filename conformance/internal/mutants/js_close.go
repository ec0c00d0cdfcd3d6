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
	{
		"a close sets a timer that keeps the process alive", "close-leaves-interval.js",
		[]*contract.Requirement{contract.ResourcesLetGo},
		"",
	},
	{
		"a close ends one of two connections", "close-leaves-connection.js",
		[]*contract.Requirement{contract.ResourcesLetGo},
		"",
	},
	{
		"a close leaves a watcher that keeps the process alive", "close-leaves-watcher.js",
		[]*contract.Requirement{contract.ResourcesLetGo},
		"",
	},
	{
		"a get of a session that has ended leaves its file open", "leaves-file-open.js",
		[]*contract.Requirement{contract.ResourcesOpenFiles},
		"",
	},
	{
		"a destroy of a session that is missing leaves a file open", "destroy-leaves-file-open.js",
		[]*contract.Requirement{contract.ResourcesOpenFiles},
		"",
	},
	{
		"each touch leaves a connection open", "connects-each-time.js",
		[]*contract.Requirement{contract.ResourcesOpenFiles},
		"",
	},
}
