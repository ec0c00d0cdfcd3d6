package conformance

var touchChecks = []check{}
