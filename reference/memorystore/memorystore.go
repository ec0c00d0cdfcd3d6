// Package memorystore is a session store in the memory of the process.
package memorystore

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// ErrClosed is what every method returns once the store is closed.
var ErrClosed = errors.New("memorystore: the store is closed")

// Options configure a store. The zero value is ready to use.
type Options struct {
	// Now tells the time by which sessions expire; nil means time.Now. It must be safe for concurrent use.
	Now func() time.Time
}

// A Store keeps sessions until they expire, are destroyed, or the store is closed. It has every method of the contract, is safe for
// concurrent use and starts no goroutine. A session without an expiry is kept until it is destroyed.
//
// A session expires at the instant of its cookie's expires. Expired sessions are removed when they are met by Get, Touch, All and Length.
type Store struct {
	now func() time.Time

	mu       sync.Mutex
	sessions map[string]entry // nil once closed
}

// An entry holds a session that nobody else has.
type entry struct {
	session *spec.Session
	expires time.Time // zero: never
}

var _ interface {
	spec.Store
	spec.Toucher
	spec.Lister
	spec.Clearer
	spec.Counter
} = (*Store)(nil)

// New returns an empty store.
func New(o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{now: o.Now, sessions: map[string]entry{}}
}

// Get returns the session of an id, or nil and no error when it is missing or has expired.
func (s *Store) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	e, ok := s.live(id)
	if !ok {
		return nil, nil
	}
	return e.session.Clone(), nil
}

// Set stores a copy of a session in place of what the id held.
func (s *Store) Set(ctx context.Context, id string, session *spec.Session) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	s.put(id, session.Clone())
	return nil
}

// Touch gives a live session the cookie of the one passed in, and with it its expiry; the data stay as they are. A session that is
// missing or has expired stays so.
func (s *Store) Touch(ctx context.Context, id string, session *spec.Session) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if e, ok := s.live(id); ok {
		touched := e.session.Clone()
		touched.Cookie = session.Cookie
		s.put(id, touched)
	}
	return nil
}

// Destroy removes the session of an id, if there is one.
func (s *Store) Destroy(ctx context.Context, id string) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	delete(s.sessions, id)
	return nil
}

// All returns the live sessions, in no order.
func (s *Store) All(ctx context.Context) ([]*spec.Session, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	s.sweep()
	all := make([]*spec.Session, 0, len(s.sessions))
	for _, e := range s.sessions {
		all = append(all, e.session.Clone())
	}
	return all, nil
}

// Clear removes every session.
func (s *Store) Clear(ctx context.Context) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	clear(s.sessions)
	return nil
}

// Length returns the number of live sessions.
func (s *Store) Length(ctx context.Context) (int, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	s.sweep()
	return len(s.sessions), nil
}

// Close drops every session. It may be called again.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = nil
	return nil
}

// lock locks the store for a call, unless the caller has given up or the store is closed.
func (s *Store) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.sessions == nil {
		s.mu.Unlock()
		return ErrClosed
	}
	return nil
}

// live returns an entry that has not expired, and removes one that has.
func (s *Store) live(id string) (entry, bool) {
	e, ok := s.sessions[id]
	if ok && e.expired(s.now()) {
		delete(s.sessions, id)
		return entry{}, false
	}
	return e, ok
}

func (s *Store) put(id string, session *spec.Session) {
	expires, _ := session.Cookie.Expires()
	s.sessions[id] = entry{session, expires}
}

func (s *Store) sweep() {
	now := s.now()
	for id, e := range s.sessions {
		if e.expired(now) {
			delete(s.sessions, id)
		}
	}
}

func (e entry) expired(now time.Time) bool { return !e.expires.IsZero() && !e.expires.After(now) }
