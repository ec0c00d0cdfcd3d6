package conformance

var goChecks = []check{}
