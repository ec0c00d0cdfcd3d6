// Package memorystore is a session store in the memory of the process: a bounded store that evicts what was used least recently, and forgets
// what has expired.
//
//	store := memorystore.New(memorystore.Options{Max: 100_000, CheckPeriod: 10 * time.Minute})
//	defer store.Close()
//
// # Order
//
// Get, Set and Touch of a live session make it the one used last; nothing else does. When Max would be exceeded, the sessions used least
// recently are evicted, strictly in that order.
//
// # Expiry
//
// A session expires at the instant of its cookie's expires, to the millisecond; one whose cookie has none is kept for Options.DefaultTTL, by
// default until it is destroyed or evicted. Options.TTL puts another rule in the cookie's place. An expired session is never handed out
// (but see Options.Stale) and never revived. It leaves the memory when it is met by a call, is evicted, or is found by Prune, which an
// interval calls. Without Options.CheckPeriod there is no goroutine and no timer.
//
// # Isolation
//
// A session is immutable text to the store: what goes in and what comes out shares nothing that anybody can change, and is not copied for
// that. Get decodes nothing.
//
// # Memory
//
// Beside its id and its text a session of 300 bytes costs 125 bytes, what the allocator rounds up included, measured at a million. Places of
// sessions that are gone are used again but not given back, as a Go map does not give back its own; Clear gives back everything.
//
// # Speed
//
// What a call costs beside other stores is in bench/FIGURES.md of this folder. With few sessions much of it
// is to ask for the time, which a [CoarseClock] saves. Where many processors use a store that does little else they wait for each other, which a
// [Sharded] store saves: the order of eviction is then each shard's own.
//
// # Beside npm's memorystore
//
//	npm memorystore     here                          difference
//	max                 Options.Max                   an int64; 0 is no bound, a negative one too
//	(length)            Options.Weight                memorystore does not hand it on to its cache; here it works
//	ttl: number         Options.TTL                   a time.Duration in place of milliseconds, by Fixed
//	ttl: function       Options.TTL                   (id, session) → duration; it may leave the decision to the cookie
//	(one day)           Options.DefaultTTL            for sessions without an expiry; by default they are kept
//	checkPeriod         Options.CheckPeriod           a time.Duration in place of milliseconds
//	dispose             Options.Dispose               is told why; is called after the session has left, with no lock held
//	noDisposeOnSet      Options.NoDisposeOnSet        the same
//	stale               Options.Stale                 the same for get and all; a touch revives nothing
//	serializer          Options.Encoder, Decoder      from the session's JSON to bytes; a touch calls neither
//	get, set, destroy   Get, Set, Destroy             Destroy takes one id; call it again for others
//	touch               Touch                         does not decode and encode the session again
//	all                 All, Snapshot                 All has no ids, as the contract's; Snapshot has. Any id is safe
//	ids                 IDs                           live sessions only
//	length              Length                        live sessions only
//	clear               Clear                         the same
//	prune               Prune                         leaves the order as it is
//	startInterval       StartInterval                 the same
//	stopInterval        StopInterval, Close           the same
package memorystore
