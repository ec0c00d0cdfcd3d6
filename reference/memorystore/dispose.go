package memorystore

import "github.com/storecheck/storecheck/spec"

// A Reason is why a session has left the store.
type Reason string

// The reasons.
const (
	Evicted   Reason = "evicted"   // to make room
	Expired   Reason = "expired"   // it had expired when a call met it, maybe a Set of another id, or Prune
	Replaced  Reason = "replaced"  // Set put another in its place
	Destroyed Reason = "destroyed" // by Destroy
	Cleared   Reason = "cleared"   // by Clear
)

// departures are sessions that have left. Dispose is told of them when the lock is free.
type departures []departure

type departure struct {
	id      string
	session spec.Session
	why     Reason
}

func (d *departures) add(e *entry, why Reason) { *d = append(*d, departure{e.id, e.session, why}) }

func (s *Store) dispose(gone departures) {
	for i := range gone {
		session, err := s.decode(&gone[i].session)
		if err != nil {
			session = nil
		}
		s.options.Dispose(gone[i].id, session, gone[i].why)
	}
}
