package conformance

var idsChecks = []check{}
