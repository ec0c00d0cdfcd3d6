package profile

import "slices"

// ofPromises are the requirements that have no meaning for a middleware which waits for promises and calls get, set and destroy alone.
var ofPromises = []string{
	"enumeration", "expiry/all-excludes", "expiry/all-prolonged", "expiry/length-excludes", "isolation/all", "durability/crash-lists", "durability/crash-cleared",
	"express", "events/emitter", "events/extensible", "events/reconnect", "faults/connect-event", "expiry/plain-cookie", "http/unset", "http/save-uninitialized", "set/real-session",
	// There is no callback: an exception is a rejection, and a promise settles once and later.
	"callbacks/once", "callbacks/success-is-falsy", "callbacks/no-throw", "callbacks/asynchronous", "callbacks/throwing", "callbacks/destroy-without", "callbacks/set-without",
	"callbacks/touch-without", "callbacks/clear-without", "callbacks/reads-without", "callbacks/extra-arguments", "faults/answered-once",
	// The object that is stored holds no cookie of the browser's.
	"fidelity/cookie", "middleware/cookie-kept",
}

// ofTouch are the requirements that have no meaning for a middleware that calls no touch.
var ofTouch = []string{
	"touch", "concurrency/set-and-touch", "concurrency/destroy-and-touch", "instances/see-touches", "expiry/all-prolonged",
	"middleware/logout-elsewhere", "middleware/save-elsewhere", "middleware/early-save", "middleware/max-age-change",
}

func with(lists ...[]string) []string { return slices.Concat(lists...) }

// withoutNames returns a list without some of its names.
func withoutNames(list []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return slices.Contains(names, name) })
}
