// Package spec is the contract of session stores: the interfaces of a store, the sessions that it keeps, and the catalogue of what is
// required of it. It needs the standard library alone.
//
// # The contract
//
// A store is a [Store]: it gets, sets and destroys sessions by id. What else it can do it says by the interfaces [Toucher], [Lister],
// [Clearer] and [Counter]; a store that learns so only at run time is [Capable]. These are the methods of express-session's stores, with
// a context in the place of a callback. A missing session has two forms, and [IsMissing] knows both.
//
// # Sessions
//
// A [Session] is the JSON that express-session writes: a [Cookie], which says when the session ends, and the application's members.
// Both keep the text that they came in and decode it on request, so that no value is damaged on its way through a store. [Equal]
// compares two sessions, and [Diff] tells in words where two values differ.
//
// # The catalogue
//
// A [Requirement] is one clause: a sentence under an id such as touch/no-resurrection, with a [Level], its reason, its source and what
// a store must have for it to apply. [Chapters] and [All] list them, [Lookup] finds one. An id stays what it is for good, so that it
// can stand in a list of known failures; [ContractVersion] changes with the clauses. A [Verdict] is what the check of one clause found.
//
// How a requirement is proved is the matter of package conformance.
package spec
