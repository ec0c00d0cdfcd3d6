package conformance

var enumerationProbeChecks = []check{}
