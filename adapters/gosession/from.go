package gosessionstore

import (
	"context"
	"time"

	"github.com/go-session/session/v3"

	"github.com/storecheck/storecheck/spec"
)

// Lifetime is how long go-session keeps a session by default.
const Lifetime = 2 * time.Hour

// From makes a store of the contract of a store for go-session, to be checked by storecheck.
//
// A store for go-session gives a session one life for all its days, and begins it anew whenever somebody looks at the session: there is no other
// way to read one. So From gives every session the Lifetime, and what a cookie says of its end is not asked of the store; nor is that a get
// does not prolong. The store gets the JSON of a session as the one value. There is no touch, no all, no clear and no length.
func From(below session.ManagerStore) spec.Store { return &foreign{below} }

type foreign struct{ below session.ManagerStore }

const (
	seconds = int64(Lifetime / time.Second)
	// valueKey is the key of the value that holds the JSON.
	valueKey = "session"
)

func (f *foreign) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if there, err := f.below.Check(ctx, id); err != nil || !there {
		return nil, err
	}
	s, err := f.below.Update(ctx, id, seconds)
	if err != nil {
		return nil, err
	}
	text, ok := s.Get(valueKey)
	if !ok {
		return nil, nil // destroyed since the check, or a session without data
	}
	return spec.ParseSession([]byte(text.(string)))
}

func (f *foreign) Set(ctx context.Context, id string, value *spec.Session) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	there, err := f.below.Check(ctx, id)
	if err != nil {
		return err
	}
	open := f.below.Create
	if there {
		open = f.below.Update
	}
	s, err := open(ctx, id, seconds)
	if err != nil {
		return err
	}
	s.Set(valueKey, string(value.JSON()))
	return s.Save()
}

func (f *foreign) Destroy(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.below.Delete(ctx, id)
}

// Close closes the store below.
func (f *foreign) Close() error { return f.below.Close() }
