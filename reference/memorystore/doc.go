// Package memorystore is a session store in the memory of the process. It can be bounded: then it evicts the least recently used sessions.
// Expired sessions are removed.
//
//	store := memorystore.New(memorystore.Options{Max: 100_000, CheckPeriod: 10 * time.Minute})
//	defer store.Close()
//
// # Order
//
// Get, Set and Touch of a live session make it the most recently used one; nothing else does. A Set that would exceed Max evicts the least
// recently used sessions, strictly in that order.
//
// # Expiry
//
// A session expires at the instant of its cookie's expires, to the millisecond. A session whose cookie has no expires lives for
// Options.DefaultTTL, and by default until it is destroyed or evicted. Options.TTL replaces the cookie's rule. An expired session is never
// handed out (but see Options.Stale) and never revived. It leaves the memory when a call meets it, an eviction removes it, or Prune finds it.
// Nobody asks for most sessions again after their end: each Set looks at a few places and removes what has expired there, so a store that is
// used holds hardly more than the live sessions, and All and Length remove the rest. A store that nobody uses frees nothing: an interval
// calls Prune. Without Options.CheckPeriod there is no goroutine and no timer.
//
// # Isolation
//
// The store keeps a session as immutable text. The store and its callers share nothing that can change, and need no copies for that. Get decodes
// nothing.
//
// # Memory
//
// A session of 300 bytes costs 125 bytes beside its id and its text, rounding by the allocator included, measured with a million sessions. The
// places of removed sessions are used again, and freed when fewer than one in eight is used. Clear frees everything.
//
// # Speed
//
// The file bench/FIGURES.md in this folder says how long each call takes, here and in other stores. With few sessions, asking for the time is much
// of it: a [CoarseClock] saves that. Many processors that do little else than use one store wait for each other: a [Sharded] store saves that,
// and has an order of eviction for each shard.
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
//	length              Length                        live sessions only, and removes the expired ones
//	clear               Clear                         the same
//	prune               Prune                         leaves the order as it is
//	startInterval       StartInterval                 the same
//	stopInterval        StopInterval, Close           the same
package memorystore
