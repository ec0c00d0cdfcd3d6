package conformance

var enumerationChecks = []check{}
