package conformance

var callbacksChecks = []check{}
