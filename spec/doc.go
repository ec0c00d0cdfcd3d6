// Package spec is what a session store implements. It needs the standard library alone.
//
// A store is a [Store]. Its optional methods are [Toucher], [Lister], [Clearer] and [Counter]. A store that
// knows only at run time which of them work implements [Capable]. The methods are those of express-session's stores, with a context as the
// first argument, and results that are returned, not handed to a callback.
//
// A [Session] is the JSON that express-session writes: a [Cookie], which says when the session ends, and the application's members.
// Both keep the JSON text that they were parsed from, and decode it on request, so that no value is damaged on its way through a store.
//
// Package spec/contract lists what is required of a store. Package conformance checks it.
package spec
