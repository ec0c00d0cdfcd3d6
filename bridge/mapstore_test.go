package bridge

import (
	"context"
	"fmt"
	"sync"

	"github.com/storecheck/storecheck/spec"
)

// mapStore is a correct store.
type mapStore struct {
	mu       sync.Mutex
	sessions map[string]*spec.Session
}

func (m *mapStore) Get(ctx context.Context, id string) (*spec.Session, error) {
	switch id {
	case "panics":
		panic("as told")
	case "hangs":
		<-ctx.Done()
		return nil, ctx.Err()
	case "fails":
		return nil, fmt.Errorf("as told")
	case "enoent":
		return nil, spec.ErrNotFound
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sessions[id]; s != nil {
		return s.Clone(), nil
	}
	return nil, nil
}

func (m *mapStore) Set(_ context.Context, id string, s *spec.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[id] = s.Clone()
	return nil
}

func (m *mapStore) Destroy(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, id)
	return nil
}

func (m *mapStore) Touch(_ context.Context, id string, s *spec.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.sessions[id]; old != nil {
		old.Cookie = s.Cookie
	}
	return nil
}

func (m *mapStore) All(context.Context) ([]*spec.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []*spec.Session{}
	for _, s := range m.sessions {
		all = append(all, s.Clone())
	}
	return all, nil
}

func (m *mapStore) Length(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sessions), nil
}
