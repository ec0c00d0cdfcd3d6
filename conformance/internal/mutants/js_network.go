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
		[]*contract.Requirement{contract.FaultsProcessLives, contract.FaultsRefusedAnswered},
		"connect-session-knex 5.0.0, all but touch",
	},
	{
		"touch awaits its query without a guard", "network-touch-unguarded.js",
		[]*contract.Requirement{contract.FaultsProcessLives, contract.FaultsAnswered, contract.FaultsRefusedAnswered},
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
	{
		"what the server answers to a write is not looked at", "network-ignores-refusals.js",
		[]*contract.Requirement{contract.FaultsRefusedWrites},
		"",
	},
	{
		"writes wait in a chain that ends with the first one that is refused", "network-stuck-after-refusal.js",
		[]*contract.Requirement{contract.FaultsRefusedAnswered},
		"",
	},
	{
		"a session is written into the file of the old one, which is empty when the disk is full", "refused-files-in-place.js",
		[]*contract.Requirement{contract.FaultsRefusedWrites},
		"",
	},
	{
		"how much of a session an almost full disk has taken is not looked at", "refused-files-short-write.js",
		[]*contract.Requirement{contract.FaultsRefusedWrites},
		"session-file-store 1.5.0, in write-file-atomic 3.0.3",
	},
	{
		"an error of the disk is logged, and the answer is success", "refused-files-log.js",
		[]*contract.Requirement{contract.FaultsRefusedWrites},
		"",
	},
}
