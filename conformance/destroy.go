package conformance

var destroyChecks = []check{}
