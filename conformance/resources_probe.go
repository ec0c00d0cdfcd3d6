package conformance

var resourcesProbeChecks = []check{}
