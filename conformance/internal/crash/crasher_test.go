package crash

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/subject"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// suiteOf returns the suite of a subject. Its calls may take a second.
func suiteOf(s subject.Subject) *engine.Suite {
	s.Name = "a store"
	s.Open = func(context.Context) (spec.Store, error) { return nil, errors.New("there is none") }
	return engine.New(s, engine.Settings{Depth: subject.Normal, CallTimeout: time.Second}, nil)
}

// crasherOf returns a crasher with an open process.
func crasherOf(t *testing.T, s *engine.Suite) *crasher {
	t.Helper()
	c := s.NewC(t.Context(), contract.DurabilityCrashCleared, &onDisk{}, 0)
	process, err := c.TryOpenProcess(c)
	if err != nil {
		t.Fatal(err)
	}
	r := newCrasher(c)
	r.process = process
	return r
}
