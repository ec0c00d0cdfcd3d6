package memorystore

import (
	"context"

	"github.com/storecheck/storecheck/spec"
)

// An Entry is a session with its id.
type Entry struct {
	ID      string
	Session *spec.Session
}

// Snapshot returns the live sessions of one moment with their ids, the most recently used first. It does not change the order of use. It
// removes expired sessions; with Options.Stale they are in the list this last time. The store is locked meanwhile, for about 0.1 s with a
// million sessions.
func (s *Store) Snapshot(ctx context.Context) ([]Entry, error) {
	now := s.clock()
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, s.index.used)
	var gone departures
	for i := s.slab.newest(); i != 0; {
		e := s.slab.at(i)
		next := e.next
		expired := e.expired(now)
		if !expired || s.options.Stale {
			session := e.session
			entries = append(entries, Entry{e.id, &session})
		}
		if expired {
			gone = append(gone, s.drop(i, Expired)...)
		}
		i = next
	}
	s.condense()
	s.mu.Unlock()
	s.dispose(gone)
	if s.options.Decoder != nil {
		for i := range entries {
			session, err := s.decode(entries[i].Session)
			if err != nil {
				return nil, err
			}
			entries[i].Session = session
		}
	}
	return entries, nil
}

// All returns the sessions of Snapshot, without the ids.
func (s *Store) All(ctx context.Context) ([]*spec.Session, error) {
	entries, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]*spec.Session, len(entries))
	for i, e := range entries {
		all[i] = e.Session
	}
	return all, nil
}

// IDs returns the ids of the live sessions, the most recently used first. Nothing changes.
func (s *Store) IDs(ctx context.Context) ([]string, error) {
	now := s.clock()
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	ids := make([]string, 0, s.index.used)
	for i := s.slab.newest(); i != 0; i = s.slab.at(i).next {
		if e := s.slab.at(i); !e.expired(now) {
			ids = append(ids, e.id)
		}
	}
	return ids, nil
}

// Length returns the number of live sessions. It looks at each of them, and removes expired sessions, but not with Options.Stale.
func (s *Store) Length(ctx context.Context) (int, error) {
	now := s.clock()
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	n := 0
	var gone departures
	for i := s.slab.newest(); i != 0; {
		e := s.slab.at(i)
		next := e.next
		switch {
		case !e.expired(now):
			n++
		case !s.options.Stale:
			gone = append(gone, s.drop(i, Expired)...)
		}
		i = next
	}
	s.condense()
	s.mu.Unlock()
	s.dispose(gone)
	return n, nil
}

// Clear removes every session and frees the memory.
func (s *Store) Clear(ctx context.Context) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	var gone departures
	if s.options.Dispose != nil {
		for i := s.slab.newest(); i != 0; i = s.slab.at(i).next {
			gone.add(s.slab.at(i), Cleared)
		}
	}
	s.reset()
	s.mu.Unlock()
	s.dispose(gone)
	return nil
}
