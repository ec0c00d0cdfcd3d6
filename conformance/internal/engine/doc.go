// Package engine runs checks against a store. It knows no chapter and no requirement: it is given a list of checks.
//
// A [Suite] is one run. It decides when each check runs (schedule), tries it as often as it takes (attempt, retry), and opens and closes
// the store. A [C] is what the body of a check works with in one attempt; an [Instance] is one open instance of the store, whose calls
// are bounded in time and logged.
//
// What becomes of a run stands here: a call that hangs or panics (guard), a process that ends (death), a store that gives up on a busy
// machine (retry), an answer that never comes (patience).
package engine
