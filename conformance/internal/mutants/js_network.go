package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptNetwork = []JavaScriptMutant{
	{
		"a call whose connection breaks is forgotten by its client", "network-forgets.js",
		[]*contract.Requirement{contract.FaultsAnswered},
		"connect-memcached 3.0.0, in memcached 2.2.2; connect-memjs 0.2.1, in memjs 1.3.2",
	},
	{
		"a call that was given up calls back again with its late answer", "network-answers-twice.js",
		[]*contract.Requirement{contract.FaultsAnsweredOnce},
		"",
	},
	{
		"nobody listens for the errors of a connection", "network-unheard-error.js",
		[]*contract.Requirement{contract.FaultsProcessLives},
		"express-sessions 1.0.6; connect-pg-simple before 5, issue 29",
	},
	{
		"what fails is rejected as well as called back", "network-rejects.js",
		[]*contract.Requirement{contract.FaultsProcessLives},
		"connect-session-knex 5.0.0, all but touch",
	},
	{
		"touch awaits its query without a guard", "network-touch-unguarded.js",
		[]*contract.Requirement{contract.FaultsProcessLives, contract.FaultsAnswered},
		"connect-session-knex 5.0.0",
	},
	{
		"half an answer is taken over into the next connection", "network-keeps-half.js",
		[]*contract.Requirement{contract.FaultsRightData},
		"connect-redis 8.1.0, in node-redis 4.7.1",
	},
	{
		"a lost connection is a disconnect, and the next one no connect", "network-never-connects.js",
		[]*contract.Requirement{contract.FaultsConnectEvent},
		"",
	},
}
