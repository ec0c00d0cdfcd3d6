package conformance

var expiryChecks = []check{}
