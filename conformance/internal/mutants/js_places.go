package mutants

import "github.com/storecheck/storecheck/spec/contract"

// javaScriptPlaces are stores that do not keep to their place, or are mistaken about where they are.
var javaScriptPlaces = []JavaScriptMutant{
	{
		"an id stands right behind the name of its store, for Node", "names-run-together.js",
		[]*contract.Requirement{contract.InstancesSeparate},
		"connect-redis with a prefix without a delimiter, all versions",
	},
	{
		"ends are written and read as local time, without the zone, for Node", "files-local-times.js",
		[]*contract.Requirement{contract.InstancesTimeZones},
		"",
	},
	{
		"the temporary files of each process are numbered from one", "files-counts-from-one.js",
		[]*contract.Requirement{contract.InstancesFreshWriters},
		"",
	},
	{
		"each process writes its sessions through one temporary file, without a pause between the two steps", "files-one-beside.js",
		[]*contract.Requirement{contract.InstancesFreshWriters},
		"",
	},
}
