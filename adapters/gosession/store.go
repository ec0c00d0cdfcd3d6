// Package gosessionstore puts any store of the contract behind github.com/go-session/session, and any store for that before storecheck.
//
//	session.InitManager(session.SetStore(gosessionstore.New(memorystore.New(memorystore.Options{Max: 100_000}))))
package gosessionstore

import (
	"bytes"
	"context"
	"encoding/gob"
	"io"
	"maps"
	"sync"
	"time"

	"github.com/go-session/session/v3"

	"github.com/storecheck/storecheck/spec"
)

// A Store makes a spec.Store usable for go-session. A session of the contract holds the values, as gob: a type of yours that is a value must be
// registered with gob.Register. A Store is safe for concurrent use if the store below is.
type Store struct{ below spec.Store }

var (
	_ session.ManagerStore = (*Store)(nil)
	_ session.Store        = (*values)(nil)
)

// New returns a store for session.SetStore.
func New(below spec.Store) *Store { return &Store{below} }

// member is the name of the member that holds the values.
const member = "gosession"

// Check reports whether there is a session.
func (s *Store) Check(ctx context.Context, sid string) (bool, error) {
	found, err := s.below.Get(ctx, sid)
	if spec.IsMissing(found, err) {
		return false, nil
	}
	return err == nil, err
}

// Create returns a session without values. It is stored by its Save.
func (s *Store) Create(ctx context.Context, sid string, expired int64) (session.Store, error) {
	return &values{ctx: ctx, store: s, sid: sid, expired: expired, values: map[string]any{}}, nil
}

// Update returns a session, and lets its life begin anew. A session that is missing is one without values.
func (s *Store) Update(ctx context.Context, sid string, expired int64) (session.Store, error) {
	return s.read(ctx, sid, sid, expired)
}

// read returns the session of one id as that of another.
func (s *Store) read(ctx context.Context, from, sid string, expired int64) (session.Store, error) {
	v := &values{ctx: ctx, store: s, sid: sid, expired: expired, values: map[string]any{}}
	found, err := s.below.Get(ctx, from)
	if spec.IsMissing(found, err) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	var data []byte
	if _, err := found.Decode(member, &data); err != nil {
		return nil, err
	}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&v.values); err != nil {
		return nil, err
	}
	if t, ok := s.below.(spec.Toucher); ok && from == sid {
		found.Cookie.SetMaxAge(time.Now(), time.Duration(expired)*time.Second)
		return v, t.Touch(ctx, sid, found)
	}
	return v, v.Save()
}

// Delete removes a session. A missing one is no error.
func (s *Store) Delete(ctx context.Context, sid string) error { return s.below.Destroy(ctx, sid) }

// Refresh moves a session to a new id.
func (s *Store) Refresh(ctx context.Context, oldsid, sid string, expired int64) (session.Store, error) {
	v, err := s.read(ctx, oldsid, sid, expired)
	if err == nil {
		err = s.Delete(ctx, oldsid)
	}
	return v, err
}

// Close closes the store below, if it is an io.Closer.
func (s *Store) Close() error {
	if c, ok := s.below.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// values are the values of one session while a request uses them.
type values struct {
	ctx     context.Context //nolint:containedctx // go-session asks for it
	store   *Store
	sid     string
	expired int64

	mu     sync.RWMutex
	values map[string]any
}

func (v *values) Context() context.Context { return v.ctx }
func (v *values) SessionID() string        { return v.sid }

func (v *values) Set(key string, value any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.values[key] = value
}

func (v *values) Get(key string) (any, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	value, ok := v.values[key]
	return value, ok
}

func (v *values) Delete(key string) any {
	v.mu.Lock()
	defer v.mu.Unlock()
	value := v.values[key]
	delete(v.values, key)
	return value
}

func (v *values) Save() error {
	v.mu.RLock()
	all := maps.Clone(v.values)
	v.mu.RUnlock()
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(all); err != nil {
		return err
	}
	s := spec.NewSession(spec.NewCookie())
	s.Cookie.SetMaxAge(time.Now(), time.Duration(v.expired)*time.Second)
	if err := s.Set(member, data.Bytes()); err != nil {
		return err
	}
	return v.store.below.Set(v.ctx, v.sid, s)
}

func (v *values) Flush() error {
	v.mu.Lock()
	clear(v.values)
	v.mu.Unlock()
	return v.Save()
}
