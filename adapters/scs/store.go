// Package scsstore puts any store of the contract behind github.com/alexedwards/scs: reference/memorystore, reference/filestore, or your own.
//
//	sessions := scs.New()
//	sessions.Store = scsstore.New(memorystore.New(memorystore.Options{Max: 100_000}))
package scsstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/storecheck/storecheck/spec"
)

// A Store makes a spec.Store usable for scs. Each scs session is a session of the contract: one member holds the token and the bytes of scs, and
// the cookie has the expiry. A Store is safe for concurrent use if the store below is. The owner of the store below closes it.
type Store struct{ below spec.Store }

var (
	_ scs.CtxStore         = (*Store)(nil)
	_ scs.IterableStore    = (*Store)(nil)
	_ scs.IterableCtxStore = (*Store)(nil)
)

// New returns a store for scs.SessionManager.Store.
func New(below spec.Store) *Store { return &Store{below} }

// member is the name of the member that holds the data of scs.
const member = "scs"

// content has the token too, because a list of sessions has no ids.
type content struct {
	Token string `json:"token"`
	Data  []byte `json:"data"`
}

func read(s *spec.Session) (content, error) {
	var c content
	ok, err := s.Decode(member, &c)
	if err == nil && !ok {
		err = fmt.Errorf("scsstore: a session without the member %q, which scs did not write", member)
	}
	return c, err
}

// Find returns the data of a token, and whether there is one that has not expired.
func (s *Store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// FindCtx is Find with a context.
func (s *Store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	session, err := s.below.Get(ctx, token)
	if spec.IsMissing(session, err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	c, err := read(session)
	return c.Data, err == nil, err
}

// Commit stores the data of a token until expiry.
func (s *Store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// CommitCtx is Commit with a context.
func (s *Store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	session := spec.NewSession(spec.NewCookie())
	session.Cookie.SetExpires(expiry)
	if err := session.Set(member, content{token, data}); err != nil {
		return err
	}
	return s.below.Set(ctx, token, session)
}

// Delete removes a token. A missing token is no error.
func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// DeleteCtx is Delete with a context.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	return s.below.Destroy(ctx, token)
}

// All returns the data of all live sessions by their tokens, without sessions that scs did not write. If the store below is no spec.Lister, the
// error wraps errors.ErrUnsupported.
func (s *Store) All() (map[string][]byte, error) { return s.AllCtx(context.Background()) }

// AllCtx is All with a context.
func (s *Store) AllCtx(ctx context.Context) (map[string][]byte, error) {
	lister, ok := s.below.(spec.Lister)
	if !ok {
		return nil, fmt.Errorf("scsstore: the store below cannot list its sessions: %w", errors.ErrUnsupported)
	}
	sessions, err := lister.All(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string][]byte, len(sessions))
	for _, session := range sessions {
		if c, err := read(session); err == nil {
			all[c.Token] = c.Data
		}
	}
	return all, nil
}
