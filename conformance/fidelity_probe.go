package conformance

var fidelityProbeChecks = []check{}
