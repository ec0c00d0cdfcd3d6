package conformance

var setChecks = []check{}
