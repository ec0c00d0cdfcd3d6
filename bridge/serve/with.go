package serve

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/storecheck/storecheck/spec"
)

// With returns a store that calls clean when it is closed, after the store's own Close, if it has one: for what a store was made of and does not
// close itself, such as a connection. The store has the optional methods of the one below.
func With(below spec.Store, clean ...func() error) spec.Store {
	return &withClean{Store: below, has: spec.CapabilitiesOf(below), clean: clean}
}

type withClean struct {
	spec.Store
	has   spec.Capabilities
	clean []func() error
}

func (w *withClean) Capabilities() spec.Capabilities { return w.has }

func (w *withClean) Touch(ctx context.Context, id string, s *spec.Session) error {
	if t, ok := w.Store.(spec.Toucher); ok {
		return t.Touch(ctx, id, s)
	}
	return errors.ErrUnsupported
}

func (w *withClean) All(ctx context.Context) ([]*spec.Session, error) {
	if l, ok := w.Store.(spec.Lister); ok {
		return l.All(ctx)
	}
	return nil, errors.ErrUnsupported
}

func (w *withClean) Clear(ctx context.Context) error {
	if c, ok := w.Store.(spec.Clearer); ok {
		return c.Clear(ctx)
	}
	return errors.ErrUnsupported
}

func (w *withClean) Length(ctx context.Context) (int, error) {
	if c, ok := w.Store.(spec.Counter); ok {
		return c.Length(ctx)
	}
	return 0, errors.ErrUnsupported
}

func (w *withClean) Close() error {
	var errs []error
	if c, ok := w.Store.(io.Closer); ok {
		errs = append(errs, c.Close())
	}
	for _, clean := range w.clean {
		errs = append(errs, clean())
	}
	return errors.Join(errs...)
}

// Must returns the first result of a function, for a factory that is an expression: serve.Must(mystore.New(env.Dir())). If another result is an
// error, the store does not open, and the error says why. It may only be called from Options.Open.
func Must[T any](first T, more ...any) T {
	for _, m := range more {
		if err, ok := m.(error); ok && err != nil {
			panic(notOpened{err})
		}
	}
	return first
}

// notOpened is the panic of [Must].
type notOpened struct{ error }

// Store returns a value as a store of the contract. The error says what the value lacks.
func Store(value any) (spec.Store, error) {
	if s, ok := value.(spec.Store); ok {
		return s, nil
	}
	return nil, fmt.Errorf("a %T is no spec.Store: it needs Get(context.Context, string) (*spec.Session, error), "+
		"Set(context.Context, string, *spec.Session) error and Destroy(context.Context, string) error%s", value, foreign(value))
}

// foreign says which contract of another package a value looks like.
func foreign(value any) string {
	var adapter string
	switch value.(type) {
	case interface {
		Find(string) ([]byte, bool, error)
		Delete(string) error
	}:
		adapter = "scs"
	case interface {
		Get(string) ([]byte, error)
		Delete(string) error
		Reset() error
	}:
		adapter = "fiber"
	default:
		return ""
	}
	return fmt.Sprintf("; it looks like a store of %s: try --adapter %s", adapter, adapter)
}
