package memorystore

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Store keeps sessions until they expire, are evicted or destroyed, or the store is closed. It has every method of the contract and is safe
// for concurrent use. The calls on one id are linearizable. New makes one.
type Store struct {
	options Options
	clock   func() time.Time

	mu     sync.Mutex
	closed bool
	index  index
	slab   slab
	weight int64 // of all entries

	hand     uint32 // the place that the last sweep looked at last
	pruning  int    // running calls of Prune, which go from place to place: nothing is moved meanwhile
	interval interval
}

var _ interface {
	spec.Store
	spec.Toucher
	spec.Lister
	spec.Clearer
	spec.Counter
} = (*Store)(nil)

// New returns an empty store. With Options.CheckPeriod it starts a goroutine, which Close ends. It panics if only one of Options.Encoder and
// Options.Decoder is set.
func New(o Options) *Store {
	if (o.Encoder == nil) != (o.Decoder == nil) {
		panic("memorystore: of Encoder and Decoder one is missing: give both or neither")
	}
	s := &Store{options: o, clock: o.Now, index: newIndex(), slab: newSlab()}
	if s.clock == nil {
		s.clock = time.Now
	}
	s.StartInterval(o.CheckPeriod)
	return s
}

// Get returns the session of an id, or nil and no error if the session is missing or has expired. The caller owns the session.
func (s *Store) Get(ctx context.Context, id string) (*spec.Session, error) {
	now := s.clock()
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	i := s.index.find(&s.slab, id)
	if i == 0 {
		s.mu.Unlock()
		return nil, nil
	}
	e := s.slab.at(i)
	session := e.session
	if e.expired(now) {
		gone := s.drop(i, Expired)
		s.mu.Unlock()
		s.dispose(gone)
		if !s.options.Stale {
			return nil, nil
		}
		return s.decode(&session)
	}
	s.slab.use(i)
	s.mu.Unlock()
	// To decode allocates memory: the lock is free by then.
	return s.decode(&session)
}

// Set stores a session under an id, in place of an earlier one, and evicts the least recently used sessions if there is no room. It also removes
// some of the sessions that have expired. The caller may change the session afterwards.
func (s *Store) Set(ctx context.Context, id string, session *spec.Session) error {
	if session == nil {
		return errors.New("memorystore: there is no session to set: use Destroy to remove one")
	}
	kept, err := s.encode(session)
	if err != nil {
		return err
	}
	e := entry{session: kept, weight: 1}
	if s.options.Weight != nil {
		e.weight = max(0, s.options.Weight(id, session.Clone()))
	}
	bounded := s.options.Max > 0
	if bounded && e.weight > s.options.Max {
		return ErrTooHeavy
	}
	now := s.clock()
	e.expires = s.end(id, session, now)
	if err := s.lock(ctx); err != nil {
		return err
	}
	gone := s.sweep(now)
	i := s.index.find(&s.slab, id)
	if i != 0 {
		old := s.slab.at(i)
		switch {
		case s.options.Dispose == nil:
		case old.expired(now):
			gone.add(old, Expired)
		case !s.options.NoDisposeOnSet:
			gone.add(old, Replaced)
		}
		s.weight -= old.weight
		old.session, old.expires, old.weight = e.session, e.expires, e.weight
		s.slab.use(i)
	} else {
		// An id may be a part of the text of a request: keep a copy, not the whole request.
		e.id = strings.Clone(id)
		i = s.slab.add(e)
		s.index.add(e.id, i)
	}
	for bounded && s.weight > s.options.Max-e.weight {
		oldest := s.slab.oldest()
		why := Evicted
		if s.slab.at(oldest).expired(now) {
			why = Expired
		}
		gone = append(gone, s.drop(oldest, why)...)
	}
	s.weight += e.weight
	s.mu.Unlock()
	s.dispose(gone)
	return nil
}

// Touch gives a live session the cookie of the session passed in, and with it the expiry. The data stay as they are. A missing or expired session
// stays missing or expired.
func (s *Store) Touch(ctx context.Context, id string, session *spec.Session) error {
	if session == nil {
		return errors.New("memorystore: there is no session to take the cookie of")
	}
	now := s.clock()
	cookie, expires := session.Cookie.Clone(), s.end(id, session, now)
	if err := s.lock(ctx); err != nil {
		return err
	}
	var gone departures
	if i := s.index.find(&s.slab, id); i != 0 {
		if e := s.slab.at(i); e.expired(now) {
			gone = s.drop(i, Expired)
		} else {
			e.session.Cookie, e.expires = cookie, expires
			s.slab.use(i)
		}
	}
	s.mu.Unlock()
	s.dispose(gone)
	return nil
}

// Destroy removes the session of an id. A missing session is no error.
func (s *Store) Destroy(ctx context.Context, id string) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	var gone departures
	if i := s.index.find(&s.slab, id); i != 0 {
		gone = s.drop(i, Destroyed)
		s.condense()
	}
	s.mu.Unlock()
	s.dispose(gone)
	return nil
}

// Close ends the interval and drops every session; Dispose is not told. It may be called again.
func (s *Store) Close() error {
	s.interval.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reset()
	s.closed = true
	return nil
}

// lock locks the store for a call, unless the caller has given up or the store is closed.
func (s *Store) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	return nil
}

// drop removes an entry.
func (s *Store) drop(i uint32, why Reason) (gone departures) {
	e := s.slab.at(i)
	if s.options.Dispose != nil {
		gone.add(e, why)
	}
	s.weight -= e.weight
	s.index.remove(e.id, i)
	s.slab.remove(i)
	return gone
}

// reset removes all entries and frees their memory.
func (s *Store) reset() {
	s.index, s.slab, s.weight = newIndex(), newSlab(), 0
}
