package conformance

var expressChecks = []check{}
