package scsstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/storecheck/storecheck/spec"
)

// From makes a store of the contract of a store for scs, to be checked by storecheck:
//
//	conformance.Run(t, conformance.Subject{
//		Name: "mystore",
//		Open: func(context.Context) (spec.Store, error) { return scsstore.From(mystore.New()), nil },
//	})
//
// What scs does not ask of a store is not there. There is no touch, no clear and no length; there is all if the store is an
// scs.IterableStore or an scs.IterableCtxStore. A store for scs is given tokens that scs makes, 43 characters of base64url, so an id that
// cannot be a part of one is given as its hash in that form. A session without an end is given one after [Lifetime], which is what scs does. The
// store gets the JSON of a session as the data. A store that has a method Close or StopCleanup without results, or an io.Closer, is closed with
// the result.
func From(below scs.Store) spec.Store { return &foreign{below} }

// Lifetime is how long scs keeps a session by default.
const Lifetime = 24 * time.Hour

type foreign struct{ below scs.Store }

var (
	_ spec.Lister  = (*foreign)(nil)
	_ spec.Capable = (*foreign)(nil)
	_ io.Closer    = (*foreign)(nil)
)

// token returns what stands for an id.
func token(id string) string {
	const most = 43
	plain := id != "" && len(id) <= most
	for _, r := range []byte(id) {
		plain = plain && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}
	if plain {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (f *foreign) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	find := func() ([]byte, bool, error) { return f.below.Find(token(id)) }
	if c, ok := f.below.(scs.CtxStore); ok {
		find = func() ([]byte, bool, error) { return c.FindCtx(ctx, token(id)) }
	}
	data, found, err := find()
	if err != nil || !found {
		return nil, err
	}
	return spec.ParseSession(data)
}

func (f *foreign) Set(ctx context.Context, id string, s *spec.Session) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	expiry, ok := s.Cookie.Expires()
	if !ok {
		expiry = time.Now().Add(Lifetime)
	}
	if c, ok := f.below.(scs.CtxStore); ok {
		return c.CommitCtx(ctx, token(id), s.JSON(), expiry)
	}
	return f.below.Commit(token(id), s.JSON(), expiry)
}

func (f *foreign) Destroy(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c, ok := f.below.(scs.CtxStore); ok {
		return c.DeleteCtx(ctx, token(id))
	}
	return f.below.Delete(token(id))
}

func (f *foreign) All(ctx context.Context) ([]*spec.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var all map[string][]byte
	var err error
	switch below := f.below.(type) {
	case scs.IterableCtxStore:
		all, err = below.AllCtx(ctx)
	case scs.IterableStore:
		all, err = below.All()
	default:
		err = fmt.Errorf("scsstore: a %T lists no sessions: %w", f.below, errors.ErrUnsupported)
	}
	if err != nil {
		return nil, err
	}
	sessions := make([]*spec.Session, 0, len(all))
	for _, data := range all {
		s, err := spec.ParseSession(data)
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, s)
	}
	return sessions, nil
}

// Capabilities says whether the store below lists its sessions.
func (f *foreign) Capabilities() spec.Capabilities {
	_, plain := f.below.(scs.IterableStore)
	_, withContext := f.below.(scs.IterableCtxStore)
	return spec.Capabilities{All: plain || withContext}
}

// Close ends the goroutine that removes expired sessions, and closes the store below.
func (f *foreign) Close() error {
	if c, ok := f.below.(interface{ StopCleanup() }); ok {
		c.StopCleanup()
	}
	switch c := f.below.(type) {
	case io.Closer:
		return c.Close()
	case interface{ Close() }:
		c.Close()
	}
	return nil
}
