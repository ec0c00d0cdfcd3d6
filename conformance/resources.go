package conformance

var resourcesChecks = []check{}
