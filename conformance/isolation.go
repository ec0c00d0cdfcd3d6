package conformance

var isolationChecks = []check{}
