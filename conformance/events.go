package conformance

var eventsChecks = []check{}
