package scsstore_test

import (
	"context"
	"io"
	"testing"
	"time"

	scsstore "github.com/storecheck/storecheck/adapters/scs"
	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/reference/memorystore"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/profile"
)

// judged returns options with the profile of the stores that this adapter stands before.
func judged() conformance.Options {
	p, _ := profile.OfAdapter("scs")
	return conformance.Options{Depth: subject.Quick, Profile: p}
}

// TestBothWays: a store that keeps the contract keeps it behind scs and in front of it again. What fails is the adapter's.
func TestBothWays(t *testing.T) {
	below := memorystore.New(memorystore.Options{})
	conformance.RunWith(t, conformance.Subject{
		Name:    "memorystore behind scs",
		Open:    func(context.Context) (spec.Store, error) { return scsstore.From(scsstore.New(below)), nil },
		Durable: true, Shared: true, Granularity: time.Millisecond,
	}, judged())
}

// stopped counts how often it is closed.
type stopped struct {
	*scsstore.Store
	stops, closes int
}

func (s *stopped) StopCleanup() { s.stops++ }
func (s *stopped) Close()       { s.closes++ }

func TestFromCloses(t *testing.T) {
	s := &stopped{Store: scsstore.New(memorystore.New(memorystore.Options{}))}
	if err := scsstore.From(s).(io.Closer).Close(); err != nil || s.stops != 1 || s.closes != 1 {
		t.Errorf("%v, %d and %d", err, s.stops, s.closes)
	}
}
