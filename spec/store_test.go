package spec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

// plain is a store without optional methods; full has all of them.
type plain struct{}

func (plain) Get(context.Context, string) (*Session, error) { return nil, nil }
func (plain) Set(context.Context, string, *Session) error   { return nil }
func (plain) Destroy(context.Context, string) error         { return nil }

type full struct{ plain }

func (full) Touch(context.Context, string, *Session) error { return errors.ErrUnsupported }
func (full) All(context.Context) ([]*Session, error)       { return nil, errors.ErrUnsupported }
func (full) Clear(context.Context) error                   { return errors.ErrUnsupported }
func (full) Length(context.Context) (int, error)           { return 0, errors.ErrUnsupported }

// capable has no optional methods, whatever it claims; narrowed has all and may deny some.
type capable struct {
	Store
	has Capabilities
}

func (c capable) Capabilities() Capabilities { return c.has }

type narrowed struct {
	full
	has Capabilities
}

func (n narrowed) Capabilities() Capabilities { return n.has }

func TestCapabilitiesOf(t *testing.T) {
	all := Capabilities{Touch: true, All: true, Clear: true, Length: true}
	for _, c := range []struct {
		name  string
		store Store
		want  Capabilities
	}{
		{"no store", nil, Capabilities{}},
		{"no optional method", plain{}, Capabilities{}},
		{"all of them", full{}, all},
		{"all, none denied", narrowed{has: all}, all},
		{"all, some denied", narrowed{has: Capabilities{Touch: true, Length: true}}, Capabilities{Touch: true, Length: true}},
		{"none, all claimed", capable{plain{}, all}, Capabilities{}},
	} {
		if got := CapabilitiesOf(c.store); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestIsMissing(t *testing.T) {
	_, noFile := os.ReadFile("testdata/no such file")
	for _, c := range []struct {
		name string
		s    *Session
		err  error
		want bool
	}{
		{"nothing", nil, nil, true},
		{"ErrNotFound", nil, ErrNotFound, true},
		{"ErrNotFound wrapped", nil, fmt.Errorf("get: %w", ErrNotFound), true},
		{"fs.ErrNotExist", nil, fs.ErrNotExist, true},
		{"a file that is not there", nil, noFile, true},
		{"a session", new(Session), nil, false},
		{"another error", nil, errors.New("no connection"), false},
		{"no permission", nil, fs.ErrPermission, false},
	} {
		if got := IsMissing(c.s, c.err); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
