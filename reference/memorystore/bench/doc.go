// Package bench measures reference/memorystore beside what else there is. It is a module of its own, so that who imports the store gets none
// of the others. One command runs everything and writes the tables:
//
//	go run ./tables > FIGURES.md
//
// and go test -bench runs any part of it. Each benchmark reports cpu-ns/op, what the processors spent on a call in all threads together with
// what the garbage collector did meanwhile: that is the figure to compare, as it hardly depends on what else the machine has to do.
//
// # The same isolation
//
// A cache of Go hands out what it holds, a session store must not: what the caller does to a session it has set or got may change nothing that
// is stored. So every candidate is wrapped to the same contract, spec.Store with Touch, and each wrapper is tested to keep it:
//
//   - what goes in and what comes out is a copy. Caches of any type hold the spec.Session itself, a value whose text nobody can change, and
//     the copy is as cheap as it is here; stores of bytes get the text written and parse what they return;
//   - the id is copied, as it may be a piece of a request that must not be kept;
//   - nothing is decoded by a get, and the expiry of the cookie is read by set and touch;
//   - a session ends when its own cookie does, and not with others. Where the candidate has one life for all, the wrapper looks itself;
//   - touch gives the stored session another cookie and another life, and copies the cookie, which otherwise keeps the whole text of the
//     session that it came with.
//
// What the candidates do not have is left out of the comparison: a strict order of eviction (otter, scs, fiber), expiry of each entry
// (golang-lru), weights, a callback that may call the store, an atomic touch.
//
// # npm's memorystore
//
// It is measured inside Node, by npm.cjs, as express-session's middleware uses it: a get makes a session of what the store returns, with its
// Cookie, and reads one value; a set and a touch are of the session that the middleware holds. Here a get reads what
// the middleware decodes of the cookie, the expiry and the age, and decodes one value. A session is an object there, which is changed for nothing and written by the store, and a
// text here, which is changed at a price and stored for nothing: so there are figures also of a change of one value with the set that follows,
// and of a new life for the cookie with the touch that follows. Without Node or without the packages these benchmarks skip.
package bench
