// Package mystore is a session store in a map, as small as a correct one can be. Its test shows how a Go store is checked.
package mystore

import (
	"context"
	"sync"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// Store keeps sessions in a map. The zero value is ready to use.
type Store struct {
	mu       sync.Mutex
	sessions map[string]*spec.Session
}

// Get returns a session that has not expired.
func (s *Store) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	session, ok := s.sessions[id]
	if !ok {
		return nil, nil
	}
	if expires, ok := session.Cookie.Expires(); ok && !time.Now().Before(expires) {
		delete(s.sessions, id)
		return nil, nil
	}
	return session.Clone(), nil
}

// Set stores a copy.
func (s *Store) Set(ctx context.Context, id string, session *spec.Session) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions == nil {
		s.sessions = map[string]*spec.Session{}
	}
	s.sessions[id] = session.Clone()
	return nil
}

// Destroy removes a session.
func (s *Store) Destroy(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, id)
	return nil
}
