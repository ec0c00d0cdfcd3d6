package conformance

var fidelityChecks = []check{}
