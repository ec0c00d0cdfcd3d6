// Package fiberstore puts any store of the contract behind github.com/gofiber/fiber, and any storage for fiber before storecheck.
//
//	app.Use(session.New(session.Config{Storage: fiberstore.New(memorystore.New(memorystore.Options{Max: 100_000}))}))
package fiberstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Storage is what fiber asks of a storage: fiber.Storage of version 2. That of version 3 has the same methods with a context too.
type Storage interface {
	Get(key string) ([]byte, error)
	Set(key string, val []byte, exp time.Duration) error
	Delete(key string) error
	Reset() error
	Close() error
}

type contextStorage interface {
	GetWithContext(ctx context.Context, key string) ([]byte, error)
	SetWithContext(ctx context.Context, key string, val []byte, exp time.Duration) error
	DeleteWithContext(ctx context.Context, key string) error
	ResetWithContext(ctx context.Context) error
}

// A Store makes a spec.Store usable as a fiber.Storage. Each value is a session of the contract: one member holds its bytes, and the cookie has the
// end. A Store is safe for concurrent use if the store below is.
type Store struct{ below spec.Store }

var (
	_ Storage        = (*Store)(nil)
	_ contextStorage = (*Store)(nil)
)

// New returns a fiber.Storage.
func New(below spec.Store) *Store { return &Store{below} }

// member is the name of the member that holds the bytes.
const member = "fiber"

// Get returns the value of a key, or nil.
func (s *Store) Get(key string) ([]byte, error) { return s.GetWithContext(context.Background(), key) }

// GetWithContext is Get with a context.
func (s *Store) GetWithContext(ctx context.Context, key string) ([]byte, error) {
	session, err := s.below.Get(ctx, key)
	if spec.IsMissing(session, err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var value []byte
	ok, err := session.Decode(member, &value)
	if err == nil && !ok {
		err = fmt.Errorf("fiberstore: a session without the member %q, which fiber did not write", member)
	}
	return value, err
}

// Set stores a value for a time; 0 is for ever. An empty key or value is ignored, as fiber asks.
func (s *Store) Set(key string, val []byte, exp time.Duration) error {
	return s.SetWithContext(context.Background(), key, val, exp)
}

// SetWithContext is Set with a context.
func (s *Store) SetWithContext(ctx context.Context, key string, val []byte, exp time.Duration) error {
	if key == "" || len(val) == 0 {
		return nil
	}
	session := spec.NewSession(spec.NewCookie())
	if exp > 0 {
		session.Cookie.SetMaxAge(time.Now(), exp)
	}
	if err := session.Set(member, val); err != nil {
		return err
	}
	return s.below.Set(ctx, strings.Clone(key), session) // fiber uses the memory of a key again
}

// Delete removes a key. A missing key is no error.
func (s *Store) Delete(key string) error { return s.DeleteWithContext(context.Background(), key) }

// DeleteWithContext is Delete with a context.
func (s *Store) DeleteWithContext(ctx context.Context, key string) error {
	return s.below.Destroy(ctx, strings.Clone(key))
}

// Reset removes all keys. If the store below is no spec.Clearer, the error wraps errors.ErrUnsupported.
func (s *Store) Reset() error { return s.ResetWithContext(context.Background()) }

// ResetWithContext is Reset with a context.
func (s *Store) ResetWithContext(ctx context.Context) error {
	if c, ok := s.below.(spec.Clearer); ok {
		return c.Clear(ctx)
	}
	return fmt.Errorf("fiberstore: the store below cannot be cleared: %w", errors.ErrUnsupported)
}

// Close closes the store below, if it is an io.Closer.
func (s *Store) Close() error {
	if c, ok := s.below.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
