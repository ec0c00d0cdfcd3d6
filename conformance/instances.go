package conformance

var instancesChecks = []check{}
