package mutants

import "github.com/storecheck/storecheck/spec/contract"

var javaScriptKilled = []JavaScriptMutant{
	{
		"a lock file that a killed process has left keeps the store closed", "files-stale-lock.js",
		[]*contract.Requirement{contract.DurabilityCrashOpens},
		"",
	},
	{
		"the lock of a record that a killed process has left is never broken", "files-stale-record-lock.js",
		[]*contract.Requirement{contract.DurabilityCrashOpens},
		"",
	},
	{
		"a set writes a record in place", "files-in-place.js",
		[]*contract.Requirement{contract.DurabilityCrashWhole},
		"session-file-store up to 0.0.22; @itrocks/fastify-file-session-store, all versions",
	},
	{
		"a set calls back before it writes", "files-acknowledges-first.js",
		[]*contract.Requirement{contract.DurabilityCrashAcknowledged},
		"",
	},
	{
		"a destroy is a mark in memory until the store is closed", "files-destroys-later.js",
		[]*contract.Requirement{contract.DurabilityCrashNoRevival},
		"",
	},
	{
		"all reads unfinished files like any other", "files-lists-unfinished.js",
		[]*contract.Requirement{contract.DurabilityCrashLists},
		"",
	},
}
