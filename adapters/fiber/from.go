package fiberstore

import (
	"context"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// FromOptions say how [From] uses a storage.
type FromOptions struct {
	// Prefix stands in front of each key, so that several stores can share a server: fiber's storages have none of their own. With a prefix there
	// is no clear, because a Reset empties the whole storage.
	Prefix string
}

// From makes a store of the contract of a storage for fiber, to be checked by storecheck:
//
//	conformance.Run(t, conformance.Subject{
//		Name: "mystorage",
//		Open: func(context.Context) (spec.Store, error) { return fiberstore.From(mystorage.New(), fiberstore.FromOptions{}), nil },
//	})
//
// The storage gets the JSON of a session under its id, and the life that is left. A session without an end is stored for ever, which is what fiber
// means by a life of 0, and a session whose end is past is deleted. What fiber does not ask of a storage is not there: touch, all and length.
func From(below Storage, o ...FromOptions) spec.Store {
	f := &foreign{below: below}
	for _, o := range o {
		f.prefix = o.Prefix
	}
	return f
}

type foreign struct {
	below  Storage
	prefix string
}

var _ spec.Capable = (*foreign)(nil)

func (f *foreign) Get(ctx context.Context, id string) (*spec.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	get := f.below.Get
	if c, ok := f.below.(contextStorage); ok {
		get = func(key string) ([]byte, error) { return c.GetWithContext(ctx, key) }
	}
	data, err := get(f.prefix + id)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	return spec.ParseSession(data)
}

func (f *foreign) Set(ctx context.Context, id string, s *spec.Session) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var life time.Duration
	if end, ok := s.Cookie.Expires(); ok {
		if life = time.Until(end); life <= 0 {
			return f.Destroy(ctx, id)
		}
	}
	if c, ok := f.below.(contextStorage); ok {
		return c.SetWithContext(ctx, f.prefix+id, s.JSON(), life)
	}
	return f.below.Set(f.prefix+id, s.JSON(), life)
}

func (f *foreign) Destroy(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c, ok := f.below.(contextStorage); ok {
		return c.DeleteWithContext(ctx, f.prefix+id)
	}
	return f.below.Delete(strings.Clone(f.prefix + id))
}

func (f *foreign) Clear(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c, ok := f.below.(contextStorage); ok {
		return c.ResetWithContext(ctx)
	}
	return f.below.Reset()
}

// Capabilities says whether the storage is the store's alone.
func (f *foreign) Capabilities() spec.Capabilities { return spec.Capabilities{Clear: f.prefix == ""} }

// Close closes the storage.
func (f *foreign) Close() error { return f.below.Close() }
