package conformance

var concurrencyChecks = []check{}
