// Package conformance is a test suite for session stores. It checks a [Subject], which is a store and what is true of it, against every
// requirement of package spec and gives a verdict on each.
//
// # What it promises
//
// A store that keeps the contract does not fail: there are no false alarms. What the contract leaves open is never held against a store,
// and trouble in the suite or in the process around the store is told apart from a fault of the store. A store that passes may still be
// wrong: a fault can hide in what is open, in values that were not tried, or in a race that did not happen. [Faults] lists those that the
// suite is proven to catch.
//
// # Drivers
//
// There is one set of checks and three ways to run it, with the same verdicts:
//
//   - [Run] gives each requirement a subtest of go test;
//   - [Describe] gives each a spec in a Ginkgo suite;
//   - [Record] needs no test runner and returns the verdicts.
//
// A requirement whose needs the store does not meet, such as a method touch or being declared durable, is skipped with the reason: the
// more a Subject says of the store, the more is checked.
//
// # Levels
//
// A violated contract.Must fails the test. A violated contract.Should is reported as skipped, with the whole message, unless [Options].Level
// lets it count. What is contract.May is recorded and never judged. A store's known failures go into [Options].Known; one that is listed
// and no longer fails is an error.
//
// # Time
//
// A store whose clock can be given is checked without waiting: set [Subject].Clock, for example to a [ManualClock]. For any other the
// checks that wait for an expiry run at the same time, while the rest goes on, and cost together what the longest of them costs. What
// they expect follows from measured times and the store's Granularity. A check that came to look too late tries again with longer lives,
// three attempts in all, and then is inconclusive, which is neither a pass nor a failure: go test and Ginkgo show it as skipped. A call
// that takes longer than [Options].CallTimeout is the store's failure.
//
// # How to read a failure
//
//	touch/no-resurrection: touch does not bring a session back
//	required  A touch of an id that is missing or was destroyed leaves it missing.
//	calls     set("mRk2…", {"cookie":{…},"n":1}) → ok  [0.4 ms]
//	          destroy("mRk2…") → ok  [0.2 ms]
//	          touch("mRk2…", {"cookie":{…},"n":1}) → ok  [0.3 ms]
//	          get("mRk2…") → {"cookie":{…},"n":1}  [0.2 ms]
//	wanted    no session
//	got       {"cookie":{…},"n":1}
//	again     STORECHECK_SEED=1204 go test -run '^TestStore$/^touch$/^no-resurrection$'
//
// First comes the requirement, then the calls that led to the failure, as a person would type them, with their answers and times.
// Wanted and got are about the last answer or what was seen after it. The last line runs this check alone with the same random values.
package conformance
